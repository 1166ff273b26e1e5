// What `cortado serve` writes while it runs: a line for what it refuses, a stack for what it did not expect, answers on request.
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { serveDirectory } from "cortado/serving";
import { temporaryFolder } from "../../temporary-folder.ts";
import { childrenOf } from "../children-of.ts";
import { loopModel, putModel, timesModel } from "../models.ts";
import { startServe } from "./serve-process.ts";

const headers = (id: string) => ({ "content-type": "application/json", "x-request-id": id });

describe("the log of cortado serve", () => {
  it("says a refusal in one line with its code, its model and the request's name, on every protocol", async (t) => {
    const root = temporaryFolder(t);
    putModel(root, "broken/1", Buffer.from("no model at all"));
    const warnings: string[] = [];
    const server = await serveDirectory(root, { port: 0, log: { info() {}, warn: (line) => void warnings.push(line) } });
    t.after(() => server.close());
    await server.models.settled();
    warnings.length = 0;
    const ask = async (path: string, id: string, body: object) =>
      (await fetch(server.url + path, { method: "POST", headers: headers(id), body: JSON.stringify(body) })).status;
    assert.equal(await ask("/api/models/broken/predict", "first", { input: { x: [1, 1] } }), 503);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /^\[first\] SERVING_\w+ {2}.*"broken".*$/);
    assert.doesNotMatch(warnings[0]!, /\n/);
    await sleep(1200);
    const inputs = [{ name: "x", datatype: "FP32", shape: [1, 2], data: [1, 1] }];
    assert.equal(await ask("/v2/models/broken/infer", "second", { inputs }), 503);
    assert.match(warnings.at(-1)!, /^\[second\] SERVING_\w+ {2}.*"broken"/);
  });

  it("says one of many refusals of a kind, and how many more there were", async (t) => {
    const root = temporaryFolder(t);
    putModel(root, "broken/1", Buffer.from("no model at all"));
    const warnings: string[] = [];
    const server = await serveDirectory(root, { port: 0, log: { info() {}, warn: (line) => void warnings.push(line) } });
    t.after(() => server.close());
    await server.models.settled();
    warnings.length = 0;
    const ask = () =>
      fetch(`${server.url}/api/models/broken/predict`, { method: "POST", headers: headers("x"), body: '{"input": {}}' });
    await Promise.all(Array.from({ length: 40 }, ask));
    await sleep(1300);
    assert.ok(warnings.length <= 4, warnings.join("\n"));
    assert.match(warnings.join("\n"), /^SERVING_\w+.* {2}\d+ more within a second$/m);
  });

  it("has the stack of what nobody expected", async (t) => {
    const root = temporaryFolder(t);
    putModel(root, "double/1", timesModel(2));
    const warnings: string[] = [];
    const server = await serveDirectory(root, { port: 0, log: { info() {}, warn: (line) => void warnings.push(line) } });
    t.after(() => server.close());
    server.models.observe(() => {
      throw new TypeError("a defect");
    });
    const body = '{"input": {"x": [1, 1]}}';
    const answer = await fetch(`${server.url}/api/models/double/predict`, { method: "POST", headers: headers("third"), body });
    assert.equal(answer.status, 500);
    assert.match(warnings.join("\n"), /^\[third\] The request failed\. TypeError: a defect\n {4}at /m);
  });

  it("has a line of JSON for each answer where --access-log asks for it, and none otherwise", async (t) => {
    const root = temporaryFolder(t);
    putModel(root, "double/1", timesModel(2));
    const [logged, silent] = [startServe(t, [root, "--port", "0", "--access-log"]), startServe(t, [root, "--port", "0"])];
    for (const each of [logged, silent]) {
      const url = await each.url();
      await each.says(/What a model takes/);
      const body = '{"input": {"x": [1, 2]}}';
      const answer = await fetch(`${url}/api/models/double/predict`, { method: "POST", headers: headers("mine-1"), body });
      assert.equal(answer.status, 200);
      await fetch(`${url}/api/models/%22`);
      each.child.kill("SIGTERM");
      assert.equal(await each.ended, 0);
    }
    const lines = logged.said.out.split("\n").filter((line) => line.startsWith("{"));
    const [first, second] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual([first!["method"], first!["url"], first!["status"]], ["POST", "/api/models/double/predict", 200]);
    assert.equal(first!["reqId"], "mine-1");
    assert.equal(typeof first!["ms"], "number");
    assert.equal(second!["status"], 404);
    assert.doesNotMatch(silent.said.out, /^\{/m);
  });

  it("says 499 of a client that left before its answer, which is cancelled and no failure of the model", async (t) => {
    const root = temporaryFolder(t);
    putModel(root, "loop/1", loopModel());
    const { url, said, says } = startServe(t, [root, "--port", "0", "--access-log"]);
    const base = await url();
    await says(/What a model takes/);
    const body = JSON.stringify({ input: { count: 2 ** 40 } });
    const left = fetch(`${base}/api/models/loop/predict`, {
      method: "POST",
      headers: headers("left"),
      body,
      signal: AbortSignal.timeout(300),
    });
    await assert.rejects(left, { name: "TimeoutError" });
    await says(/"reqId":"left","method":"POST","url":"\/api\/models\/loop\/predict","status":499,/);
    const metrics = await (await fetch(`${base}/metrics`)).text();
    for (const [outcome, count] of Object.entries({ cancelled: 1, failed: 0, answered: 0 }))
      assert.ok(metrics.includes(`cortado_requests_total{model="loop",version="1",outcome="${outcome}"} ${count}\n`), outcome);
    assert.equal(said.err, "");
  });
});

describe("cortado serve, asked to stop while it starts", () => {
  it("ends quietly, whatever its hosts were about to do", async (t) => {
    const root = temporaryFolder(t);
    for (const name of ["a", "b", "c"]) putModel(root, `${name}/1`, timesModel(2));
    putModel(root, "loop/1", loopModel());
    for (const [signal, wait] of [
      ["SIGINT", 0],
      ["SIGTERM", 60],
      ["SIGINT", 150],
      ["SIGINT", 400],
    ] as const) {
      const { child, url, said, ended } = startServe(t, [root, "--port", "0"]);
      await url();
      await sleep(wait);
      // As Ctrl-C does: everything that the terminal runs is told.
      for (const pid of [...childrenOf(child.pid!), child.pid!]) process.kill(pid, signal);
      assert.equal(await ended, 0, said.err);
      assert.equal(said.err, "", `after ${wait} ms`);
    }
  });

  it("ends while it waits for a source", async (t) => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    t.after(() => silent.close());
    const { port } = silent.address() as AddressInfo;
    const address = `http://127.0.0.1:${port}/models.zip`;
    const { child, ended, said } = startServe(t, [address, "--allow", address, "--port", "0", "--cache", temporaryFolder(t)]);
    await once(silent, "connection");
    child.kill("SIGINT");
    assert.equal(await ended, 0, said.err);
    assert.equal(said.err, "");
  });
});
