// The demo as a person meets it: started by its verb, asked by the lines that it prints, stopped, killed and started again.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { type Demo, startDemo } from "./start-demo.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { Visitor } from "./visitor.ts";

const root = resolve(import.meta.dirname, "../..");
const folder = temporaryFolder();
let served: Demo;

/** The commands that the demo prints, as a person would paste them. */
const printedCommands = () => [...served.output().matchAll(/^ {2}(curl (?:.*\\\n)*.*)$/gm)].map(([, command]) => command!);
const paste = (command: string) => JSON.parse(execFileSync("bash", ["-c", command], { encoding: "utf8" }));
const getJson = async (path: string) => (await fetch(served.url + path)).json() as Promise<any>;

/** The token in the second printed command. */
const printedToken = () => /authorization: Bearer (\S+)'/.exec(served.output())![1]!;
const withToken = () => ({ authorization: `Bearer ${printedToken()}`, "content-type": "application/json" });

async function readRun(id: string, wanted: (state: string) => boolean): Promise<any> {
  for (let i = 0; i < 600; i++) {
    const answer = await fetch(`${served.url}/api/runs/${id}`, { headers: withToken() });
    const run = (await answer.json()) as { state: string };
    if (wanted(run.state)) return run;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`Run ${id} did not get there.`);
}
const ended = (state: string) => !["queued", "running", "cancelling"].includes(state);
const versionsOf = async (name: string): Promise<string[]> => (await getJson(`/api/models/${name}`)).versions.sort();

describe("the demo", { concurrency: false }, () => {
  before(async () => {
    served = await startDemo(folder);
  });
  after(async () => {
    await served?.stop("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  test("the printed prediction says Gentoo", () => {
    const [predict] = printedCommands();
    const { output, model, version } = paste(predict!);
    assert.deepEqual([output.species, model, version], ["Gentoo", "penguin-species", "1"]);
  });

  test("the printed training makes the next version, which then answers", async () => {
    const [predict, train] = printedCommands();
    const { id, state, model } = paste(train!);
    assert.equal(model, "penguin-species");
    assert.match(state, /queued|running/);
    const run = await readRun(id, ended);
    assert.deepEqual([run.state, run.version], ["succeeded", "2"]);
    assert.equal(paste(predict!).version, "2");
  });

  test("the pages are there, and a coffee added on one is on it", async () => {
    const visitor = new Visitor(served.url);
    for (const path of ["/", "/coffee/", "/penguins/", "/digits/"]) assert.equal((await visitor.fetch(path)).status, 200, path);
    assert.equal((await visitor.submit("/coffee/", { name: "Latte", price: "4500" })).status, 302);
    assert.match(await visitor.text("/coffee/"), /Latte , 4500/);
  });

  test("the printed password opens the admin", async () => {
    const password = /user admin, password (\S+)/.exec(served.output())![1]!;
    const visitor = new Visitor(served.url);
    assert.equal((await visitor.submit("/admin/login/?next=/admin/", { username: "admin", password })).status, 302);
    assert.match(await visitor.text("/admin/homepage/coffee/"), /Latte/);
  });

  test("a second demo on its port is refused, and changes nothing of the first", async () => {
    const password = /user admin, password (\S+)/.exec(served.output())![1]!;
    const port = new URL(served.url).port;
    const second = startDemo(folder, { DEMO_ADMIN_PASSWORD: "another-password" }, port);
    await assert.rejects(second, /ended with 1:[\s\S]*Cannot listen on port \d+ of 127\.0\.0\.1: another process listens there/);
    const visitor = new Visitor(served.url);
    assert.equal((await visitor.submit("/admin/login/?next=/admin/", { username: "admin", password })).status, 302);
  });

  test("the network reads at least 97 of 100 digits that it never saw", { timeout: 180_000 }, async () => {
    const training = join(folder, "training");
    cpSync(join(root, "examples/cafe/digits/training"), training, { recursive: true });
    execFileSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: training, stdio: "ignore" });
    const { dealDigits, heldOut } = await import(pathToFileURL(join(training, "deal-digits.mjs")).href);
    const { images, labels } = dealDigits() as { images: number[][]; labels: number[] };
    const unseen = images.slice(-heldOut).map((pixels) => ({ pixels }));
    let right = 0;
    for (let at = 0; at < heldOut; at += 100) {
      const body = JSON.stringify({ inputs: unseen.slice(at, at + 100) });
      const answer = await fetch(`${served.url}/api/models/digits/predict`, {
        method: "POST",
        body,
        headers: { "content-type": "application/json" },
      });
      const { outputs } = (await answer.json()) as { outputs: { digit: number }[] };
      right += outputs.filter(({ digit }, i) => digit === labels.at(at + i - heldOut)).length;
    }
    assert.ok(right / heldOut >= 0.97, `${right} of ${heldOut}`);
  });

  test("started again, it finds its rows, its versions and its token", async () => {
    const token = printedToken();
    await served.stop();
    served = await startDemo(folder);
    assert.equal(printedToken(), token);
    assert.deepEqual(await versionsOf("penguin-species"), ["1", "2"]);
    assert.match(await new Visitor(served.url).text("/coffee/"), /Latte , 4500/);
  });

  test("killed in the middle of a training it loses nothing, and says that the training was interrupted", async () => {
    const body = JSON.stringify({ parameters: { rounds: 10_000, learningRate: 0.001 } });
    const answer = await fetch(`${served.url}/api/models/penguin-species/train`, { method: "POST", body, headers: withToken() });
    assert.equal(answer.status, 202);
    const { id } = (await answer.json()) as { id: string };
    await readRun(id, (state) => state === "running");
    assert.equal((await new Visitor(served.url).submit("/coffee/", { name: "Last", price: "1" })).status, 302);
    await served.stop("SIGKILL");
    served = await startDemo(folder);
    const run = await readRun(id, ended);
    assert.deepEqual([run.state, run.version], ["interrupted", null]);
    assert.deepEqual(await versionsOf("penguin-species"), ["1", "2"]);
    assert.match(await new Visitor(served.url).text("/coffee/"), /Latte , 4500[\s\S]*Last , 1/);
    const [, train] = printedCommands();
    const again = await readRun(paste(train!).id, ended);
    assert.deepEqual([again.state, (await versionsOf("penguin-species")).length], ["succeeded", 3]);
  });
});
