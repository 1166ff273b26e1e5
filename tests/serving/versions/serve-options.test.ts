import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, it } from "node:test";
import { temporaryFolder } from "../models.ts";
import { publish } from "./served.ts";

const cli = new URL("../../../bin/cortado.mjs", import.meta.url).pathname;
const run = (...options: string[]) =>
  spawn(process.execPath, ["--conditions=cortado-source", cli, "serve", ...options], { stdio: ["ignore", "pipe", "pipe"] });

/** The address that the server says it listens on. */
async function addressOf(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const url = / at (http:\S+)$/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error("The server ended before it listened.");
}

describe("cortado serve", () => {
  it("loads explicitly, lazily and by a policy where its options say so", async () => {
    const root = temporaryFolder();
    for (const model of ["a", "b"]) for (const version of ["1", "2", "3"]) await publish(root, version, { model });
    const child = run(root, "--port", "0", "--explicit", "--load", "a", "--versions", "latest:2", "--memory", "200MB");
    try {
      const url = await addressOf(child);
      const describeModel = async (name: string) => (await fetch(`${url}/api/models/${name}`)).json() as Promise<any>;
      assert.deepEqual((await describeModel("a")).versions, ["3", "2"]);
      assert.deepEqual([(await describeModel("a")).served, (await describeModel("b")).served], [true, false]);
      const answer = await fetch(`${url}/api/models/b/predict`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ input: { x: [1, 1] } }),
      });
      assert.equal(answer.status, 503);
    } finally {
      child.kill("SIGTERM");
    }
    await once(child, "exit");
  });

  it("refuses options that it cannot read, and says what it takes", async () => {
    const refused = async (options: string[], message: RegExp) => {
      const child = run(temporaryFolder(), ...options);
      const [said] = await Promise.all([child.stderr.toArray(), once(child, "exit")]);
      assert.match(Buffer.concat(said).toString(), message);
      assert.notEqual(child.exitCode, 0);
    };
    await Promise.all([
      refused(["--memory", "much"], /--memory is "much", and must be a size like 500MB or 2GB/),
      refused(["--versions", "latest"], /--versions is "latest", and must be all, latest:N, or numbers like 3,5/),
      refused(["--idle", "soon"], /--idle is "soon", and must be a number from 0\.1/),
      refused(["--load", "a"], /--load goes with --explicit/),
    ]);
  });
});
