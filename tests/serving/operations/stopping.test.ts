import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { request } from "node:http";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { GrpcClient } from "../clients/grpc-client.ts";
import { putModel, temporaryFolder, timesModel } from "../models.ts";

const main = resolve(import.meta.dirname, "../../../bin/cortado.mjs");
const running = new Set<ChildProcess>();
after(() => {
  for (const child of running) child.kill("SIGKILL");
});

interface Started {
  child: ChildProcess;
  url: string;
  grpc: string;
  ended: Promise<number | string>;
}

/** A command of `cortado` that serves, and where. */
async function start(args: readonly string[], cwd: string): Promise<Started> {
  const child = spawn(process.execPath, ["--conditions=cortado-source", "--disable-warning=ExperimentalWarning", main, ...args], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  const ended = once(child, "exit").then(([code, signal]) => (running.delete(child), (code ?? signal) as number | string));
  let told = "";
  // Nobody may stop reading it: who writes a log to nowhere ends.
  child.stdout!.setEncoding("utf8").on("data", (chunk: string) => (told += chunk));
  const found = (pattern: RegExp) => pattern.exec(told)?.[1] ?? "";
  const place = () => ({ url: found(/at (http:\S+)/), grpc: found(/gRPC at (\S+)\n/) });
  while (child.exitCode === null && !(place().url && place().grpc)) await sleep(20);
  const { url, grpc } = place();
  assert.ok(url && grpc, told);
  return { child, url, grpc, ended };
}

const config = `
import { defineApp, defineProject } from "cortado";
import { include, path } from "cortado/http";
import { handler, modelUrls } from "cortado/serving";

const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const slow = handler({ name: "slow", access: "public", inference: async (items) => (await wait(items[0].wait), items) });
const story = handler({
  name: "story",
  access: "public",
  stream: async function* ({ pieces }) {
    for (let i = 0; i < pieces; i++) {
      yield i;
      await wait(100);
    }
  },
});
export default defineProject({
  apps: [defineApp({ name: "shop", handlers: { slow, story } })],
  urls: [path("api/", include(modelUrls()))],
  secretKey: "k".repeat(40),
  allowedHosts: ["127.0.0.1"],
  serving: { grpc: { port: 0 } },
});
`;

/** One whose initialize never ends, and keeps its process alive. */
const stuck = `
import { defineApp, defineProject } from "cortado";
import { handler } from "cortado/serving";

const endless = handler({ name: "endless", initialize: () => new Promise(() => setInterval(() => {}, 1000)), inference: (i) => i });
export default defineProject({
  apps: [defineApp({ name: "shop", handlers: { endless } })],
  secretKey: "k".repeat(40),
  allowedHosts: ["127.0.0.1"],
  serving: { grpc: { port: 0 } },
});
`;

function project(text = config): string {
  const root = temporaryFolder();
  const source = resolve(import.meta.dirname, "../../../src");
  const doors = { cortado: "index.ts", "cortado/http": "http/index.ts", "cortado/serving": "serving/index.ts" };
  const written = Object.entries(doors).reduce(
    (all, [door, file]) => all.replace(`"${door}"`, JSON.stringify(join(source, file))),
    text,
  );
  writeFileSync(join(root, "cortado.config.ts"), written);
  return root;
}

/** A question whose answer is read as it comes, on a connection that is kept. */
function ask(url: string, path: string, body?: object): Promise<{ status: number; text: Promise<string> }> {
  return new Promise((done, fail) => {
    const headers = {
      "content-type": "application/json",
      accept: path.includes("story") ? "text/event-stream" : "application/json",
    };
    const sent = request(url + path, { method: body ? "POST" : "GET", headers }, (response) => {
      const text = (async () => {
        let all = "";
        for await (const chunk of response.setEncoding("utf8") as AsyncIterable<string>) all += chunk;
        return all;
      })();
      done({ status: response.statusCode!, text });
    });
    sent.on("error", fail);
    sent.end(body && JSON.stringify(body));
  });
}

test("a project that is stopped answers what it has begun, streams and gRPC too, and ends", async () => {
  const { child, url, grpc, ended } = await start(["start", "--port", "0"], project());
  const slow = ask(url, "/api/models/slow/predict", { input: { wait: 1200 } });
  const story = await ask(url, "/api/models/story/predict", { input: { pieces: 12 } });
  const client = new GrpcClient(grpc);
  const stream = client.stream();
  const pieces: unknown[] = [];
  stream.on("data", (piece: unknown) => pieces.push(piece));
  stream.on("error", () => {});
  const streamed = new Promise<void>((done) => stream.once("status", () => done()));
  const text = JSON.stringify({ pieces: 8 });
  stream.write({
    model_name: "story",
    inputs: [{ name: "pieces", datatype: "INT64", shape: [1], contents: { int64_contents: [8] } }],
    id: text,
  });
  stream.end();
  while (pieces.length === 0) await sleep(10);
  child.kill("SIGTERM");
  const answer = await slow;
  assert.equal(answer.status, 200);
  assert.match(await answer.text, /"output":\{"wait":1200\}/);
  const told = await story.text;
  assert.equal(told.match(/event: piece/g)?.length, 12, told);
  assert.match(told, /event: end/);
  await streamed;
  assert.ok(pieces.length >= 8, `${pieces.length} pieces`);
  assert.equal(await ended, 0);
  client.close();
});

test("what does not end within the grace period is cut off, and the process says so", async () => {
  const { child, url, ended } = await start(["start", "--port", "0", "--grace", "1"], project());
  let errors = "";
  child.stderr!.setEncoding("utf8").on("data", (chunk: string) => (errors += chunk));
  const slow = ask(url, "/api/models/slow/predict", { input: { wait: 20_000 } }).catch((error: Error) => error);
  await sleep(300);
  child.kill("SIGTERM");
  assert.equal(await ended, 1);
  assert.ok((await slow) instanceof Error);
  assert.match(errors, /has not ended within 1 seconds, and is cut off: slow@1 is answering\./);
});

for (const [seconds, told] of [
  ["1", /has not ended within 1 seconds, and is cut off: endless@1 is being loaded\./],
  [
    "7",
    /endless@1 was still being loaded when the server closed.+ within 7 seconds, and is cut off: endless@1 is being loaded\./s,
  ],
] as const) {
  test(`a handler whose initialize never ends holds a project no longer than a grace period of ${seconds} s`, async () => {
    const { child, ended } = await start(["start", "--port", "0", "--grace", seconds], project(stuck));
    let errors = "";
    child.stderr!.setEncoding("utf8").on("data", (chunk: string) => (errors += chunk));
    child.kill("SIGTERM");
    assert.equal(await ended, 1);
    assert.match(errors, told);
  });
}

test("a second signal ends it at once", async () => {
  const { child, url, ended } = await start(["start", "--port", "0"], project());
  const slow = ask(url, "/api/models/slow/predict", { input: { wait: 20_000 } }).catch((error: Error) => error);
  await sleep(300);
  child.kill("SIGTERM");
  await sleep(200);
  child.kill("SIGTERM");
  assert.equal(await ended, 130);
  assert.ok((await slow) instanceof Error);
});

test("while it drains, cortado serve says on every protocol that it is not ready, and still answers", async () => {
  const folder = temporaryFolder();
  putModel(folder, "double/1", timesModel(2));
  const args = ["serve", folder, "--port", "0", "--grpc-port", "0", "--drain", "2"];
  const { child, url, grpc, ended } = await start(args, folder);
  const client = new GrpcClient(grpc);
  const ready = async (path: string) => (await ask(url, path)).status;
  const addresses = ["/health/ready", "/v2/health/ready", "/ping"];
  for (let i = 0; i < 200 && (await ready("/health/ready")) !== 200; i++) await sleep(50);
  child.kill("SIGTERM");
  for (let i = 0; i < 100 && (await ready("/health/ready")) === 200; i++) await sleep(10);
  assert.deepEqual(await Promise.all(addresses.map(ready)), [503, 503, 500]);
  assert.equal((await client.call("ServerReady")).answer.ready, false);
  assert.equal((await client.checkHealth()).answer.status, "NOT_SERVING");
  assert.equal(await ready("/health/live"), 200);
  const answer = await ask(url, "/api/models/double/predict", { input: { x: [1, 2] } });
  assert.equal(answer.status, 200, await answer.text);
  client.close();
  assert.equal(await ended, 0);
});
