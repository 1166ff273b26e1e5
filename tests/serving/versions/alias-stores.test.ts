import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { DiskAliasStore, ModelServer } from "cortado/serving";
import { temporaryFolder } from "../models.ts";
import { refusal } from "../refused.ts";
import { factor, publish, until } from "./served.ts";

describe("aliases on disk", () => {
  it("lose no change, however many processes change them at once", async () => {
    const file = join(temporaryFolder(), "aliases.json");
    const processes = ["a", "b", "c"].map((prefix) =>
      fork(join(import.meta.dirname, "alias-mover.ts"), [file, prefix, "12"], { execArgv: ["--conditions=cortado-source"] }),
    );
    const codes = await Promise.all(processes.map(async (child) => (await once(child, "exit"))[0] as number));
    assert.deepEqual(codes, [0, 0, 0]);
    const { times } = await new DiskAliasStore(file).read();
    assert.equal(Object.keys(times!).length, 37);
    assert.equal(times!["shared"]!.history.length, 36);
    assert.deepEqual(readdirSync(join(file, "..")), ["aliases.json"], "nothing is left behind");
  });

  it("go on after a process was killed in the middle of a change", async () => {
    const file = join(temporaryFolder(), "aliases.json");
    writeFileSync(`${file}.lock`, "");
    const longAgo = Date.now() / 1000 - 60;
    utimesSync(`${file}.lock`, longAgo, longAgo);
    await new DiskAliasStore(file).update("times", "champion", () => ({ version: "1", history: [] }));
    assert.equal((await new DiskAliasStore(file).read())["times"]!["champion"]!.version, "1");
  });

  it("wait for a process that changes them, however old its lock looks by a clock that was set", async () => {
    const file = join(temporaryFolder(), "aliases.json");
    mkdirSync(`${file}.lock`);
    writeFileSync(join(`${file}.lock`, "owner"), `${hostname()} ${process.pid}`);
    const longAgo = Date.now() / 1000 - 60;
    utimesSync(`${file}.lock`, longAgo, longAgo);
    let done = false;
    const store = new DiskAliasStore(file);
    const changing = store.update("times", "champion", () => ({ version: "1", history: [] })).then(() => (done = true));
    await sleep(200);
    assert.equal(done, false);
    rmSync(`${file}.lock`, { recursive: true });
    await changing;
  });

  it("are agreed upon between servers: what one moves, the other follows", async (context) => {
    const root = temporaryFolder();
    for (const version of ["1", "2"]) await publish(root, version);
    const file = join(root, ".aliases.json");
    const [one, two] = ["one", "two"].map(() => new ModelServer({ directories: [root], aliases: new DiskAliasStore(file) }));
    try {
      await Promise.all([one!.start(), two!.start()]);
      const took: number[] = [];
      for (const version of ["1", "2", "1", "2"]) {
        await one!.setAlias("times", "default", { version });
        const moved = performance.now();
        assert.equal(await factor(one!), Number(version));
        await until(async () => (await factor(two!)) === Number(version));
        took.push(Math.round(performance.now() - moved));
      }
      context.diagnostic(`the other server followed after ${took.join(", ")} ms`);
    } finally {
      await Promise.all([one!.close(), two!.close()]);
    }
  });

  it("that cannot be written move nothing, and why is said", async () => {
    const root = temporaryFolder();
    for (const version of ["1", "2"]) await publish(root, version);
    const models = new ModelServer({ directories: [root], aliases: new DiskAliasStore(join(root, "not-there", "aliases.json")) });
    await models.start();
    try {
      await assert.rejects(
        models.setAlias("times", "default", { version: "1" }),
        refusal({
          code: "SERVING_ALIAS_NOT_KEPT",
          message: 'What the alias "default" of the model "times" is to name could not be kept: ENOENT.',
          hint: "It stays as it was. Is the disk full, may the server write there, is the database reached?",
        }),
      );
      assert.equal(await factor(models), 2);
    } finally {
      await models.close();
    }
  });

  it("a canary, a shadow and the history are kept between starts", async () => {
    const root = temporaryFolder();
    for (const version of ["1", "2"]) await publish(root, version);
    const file = join(root, ".aliases.json");
    const options = () => ({ directories: [root], aliases: new DiskAliasStore(file) });
    const first = new ModelServer(options());
    await first.start();
    await first.setAlias("times", "default", { version: "2" });
    await first.setAlias("times", "default", {
      version: "1",
      canary: { version: "2", percent: 100 },
      shadow: { version: "2", percent: 5 },
    });
    await first.close();
    const second = new ModelServer(options());
    await second.start();
    try {
      assert.equal(await factor(second), 2);
      assert.deepEqual(second.describe("times").targets["default"], {
        version: "1",
        canary: { version: "2", percent: 100 },
        shadow: { version: "2", percent: 5 },
        history: ["2"],
      });
    } finally {
      await second.close();
    }
  });
});
