import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { handler, ModelServer, serveDirectory, torchServeUrls } from "cortado/serving";
import { z } from "zod";
import { identityModel, putModel, temporaryFolder, timesModel } from "../models.ts";
import { protocolSite } from "./protocol-site.ts";

const root = temporaryFolder();
const tokens = join(temporaryFolder(), "tokens");
writeFileSync(tokens, "predict 0123456789abcdef\nmanage fedcba9876543210\n");
putModel(root, "double/1", timesModel(2));
putModel(root, "double/2", timesModel(3));
putModel(root, "whole/1", identityModel("int64", ["batch"]));
const log = { info() {}, warn() {} };
const served = await serveDirectory(root, { port: 0, log, tokenFile: tokens });
await served.models.settled();

const echo = handler({ name: "echo", access: "public", inference: (items: unknown[]) => items.map(describeItem) });
const scale = handler({
  name: "scale",
  access: "public",
  input: z.object({ pixels: z.array(z.number()) }),
  inference: (items) => items.map(({ pixels }) => ({ sum: pixels.reduce((a, b) => a + b, 0) })),
});
const greeting = handler({
  name: "greeting",
  access: "public",
  inference: (items: unknown[]) => items.map(() => "Hello, ünïcode"),
});
const picture = handler({
  name: "picture",
  access: "public",
  inference: (items: unknown[]) => items.map(() => Buffer.from([0, 255])),
});
const slow = handler({
  name: "slow",
  access: "public",
  deadline: 50,
  inference: async (items: unknown[]) => {
    await new Promise((done) => setTimeout(done, 2000).unref());
    return items;
  },
});
const story = handler({
  name: "story",
  access: "public",
  async *stream() {
    yield "Once ";
    yield "upon ";
    yield "a time";
  },
});
const crashing = handler({
  name: "crashing",
  access: "public",
  inference: () => {
    throw new Error("/secret/path went wrong");
  },
});
const none = () => {};
let letGo: () => void = none;
const held = handler({
  name: "held",
  access: "public",
  batch: { maxSize: 4, maxDelay: 3 },
  queue: { maxSize: 10 },
  inference: async (items: unknown[]) => {
    await new Promise<void>((done) => (letGo = done));
    return items;
  },
});
const closed = handler({ name: "closed", inference: (items: unknown[]) => items });
const models = new ModelServer({ handlers: [echo, scale, greeting, picture, slow, story, crashing, closed, held], log });
const site = await protocolSite(torchServeUrls(), models);
after(() => Promise.all([served.close(), site.close()]));

/** What came, as JSON: bytes by their length. */
function describeItem(item: unknown): unknown {
  if (item instanceof Uint8Array) return { bytes: item.byteLength };
  if (typeof item !== "object" || item === null || Array.isArray(item)) return { item };
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [name, value instanceof Uint8Array ? describeItem(value) : value]),
  );
}

interface Answer {
  status: number;
  text: string;
  body: any;
  headers: Headers;
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const body = /json/.test(response.headers.get("content-type") ?? "") ? JSON.parse(text) : undefined;
  return { status: response.status, text, body, headers: response.headers };
}

const send = async (address: string, init?: RequestInit) => answerOf(await fetch(`${site.url}${address}`, init));
const post = (address: string, body: string | Buffer | FormData, type?: string) =>
  send(address, { method: "POST", body: body as any, headers: type === undefined ? {} : { "content-type": type } });
const folder = async (address: string, init: RequestInit = {}, token = "fedcba9876543210") =>
  answerOf(await fetch(`${served.url}${address}`, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } }));

const run = promisify(execFile);
const hasCurl = spawnSync("curl", ["--version"]).status === 0;

describe("the documented calls of TorchServe", { skip: hasCurl ? false : "curl is not here" }, () => {
  const file = join(temporaryFolder(), "kitten_small.jpg");
  writeFileSync(file, Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]));
  const shell = async (command: string) => {
    const { stdout } = await run("sh", ["-c", command.replaceAll("http://localhost:8080", site.url)]);
    return JSON.parse(stdout);
  };

  it("ping", async () => {
    assert.deepEqual(await shell("curl -s http://localhost:8080/ping"), { status: "Healthy" });
  });

  it("predict with a file as the body, by PUT", async () => {
    assert.deepEqual(await shell(`curl -s http://localhost:8080/predictions/echo -T ${file}`), { bytes: 7 });
  });

  it("predict with a file in a form", async () => {
    assert.deepEqual(await shell(`curl -s -X POST http://localhost:8080/predictions/echo -F "data=@${file}"`), { bytes: 7 });
  });

  it("predict with several fields", async () => {
    const given = await shell(`curl -s -X POST http://localhost:8080/predictions/echo -F "img1=@${file}" -F "label=cat"`);
    assert.deepEqual(given, { label: "cat", img1: { bytes: 7 } });
  });

  it("predict with JSON that curl calls a form", async () => {
    assert.deepEqual(await shell(`curl -s -X POST http://localhost:8080/predictions/scale -d '{"pixels": [1, 2]}'`), { sum: 3 });
  });
});

describe("predictions of handlers", () => {
  it("take JSON as an item and answer its output", async () => {
    const { status, body, headers } = await post("/predictions/scale", '{"pixels": [1, 2]}', "application/json");
    assert.deepEqual([status, body], [200, { sum: 3 }]);
    assert.equal(headers.get("cortado-model"), "scale@1");
    assert.deepEqual((await post("/predictions/scale/1", '{"pixels": [1]}', "application/json")).body, { sum: 1 });
  });

  it("take text as a string, forms as objects, and other bytes as they are", async () => {
    assert.deepEqual((await post("/predictions/echo", "[1, 2]", "text/plain")).body, { item: "[1, 2]" });
    assert.deepEqual((await post("/predictions/echo", "a=1&b=x", "application/x-www-form-urlencoded")).body, { a: "1", b: "x" });
    assert.deepEqual((await post("/predictions/echo", Buffer.from([1, 2]), "image/jpeg")).body, { bytes: 2 });
    assert.deepEqual((await post("/predictions/echo", "[1, 2]", "application/octet-stream")).body, { item: [1, 2] });
    const form = new FormData();
    form.set("data", '{"pixels": [4]}');
    assert.deepEqual((await post("/predictions/scale", form)).body, { sum: 4 });
  });

  it("answer text and bytes as they are", async () => {
    const said = await post("/predictions/greeting", "1");
    assert.deepEqual([said.text, said.headers.get("content-type")], ["Hello, ünïcode", "text/plain; charset=utf-8"]);
    const shown = await fetch(`${site.url}/predictions/picture`, { method: "POST", body: "1" });
    assert.equal(shown.headers.get("content-type"), "application/octet-stream");
    assert.deepEqual([...new Uint8Array(await shown.arrayBuffer())], [0, 255]);
  });

  it("stream what is made piece by piece", async () => {
    const { text, headers } = await post("/predictions/story", "1");
    assert.equal(text, "Once upon a time");
    assert.equal(headers.get("transfer-encoding"), "chunked");
    assert.equal(headers.get("cortado-model"), "story@1");
  });

  it("echo the request's id, and name it where it has none", async () => {
    const named = await send("/predictions/scale", {
      method: "POST",
      body: '{"pixels": []}',
      headers: { "x-request-id": "cup-7" },
    });
    assert.equal(named.headers.get("x-request-id"), "cup-7");
    assert.match((await send("/ping")).headers.get("x-request-id")!, /^[0-9a-f-]{36}$/);
  });
});

describe("predictions of models without a handler", () => {
  it("take the model's inputs with their batch, and answer its outputs", async () => {
    const { status, body, headers } = await folder(
      "/predictions/double",
      { method: "POST", body: '{"x": [[1, 2], [3, 4]]}' },
      "0123456789abcdef",
    );
    assert.deepEqual(
      [status, body],
      [
        200,
        {
          y: [
            [3, 6],
            [9, 12],
          ],
        },
      ],
    );
    assert.equal(headers.get("cortado-model"), "double@2");
    const older = await folder("/predictions/double/1", { method: "POST", body: '{"x": [[1, 2]]}' }, "0123456789abcdef");
    assert.deepEqual(older.body, { y: [[2, 4]] });
    const long = await folder("/predictions/whole", { method: "POST", body: '{"x": [9007199254740993]}' }, "0123456789abcdef");
    assert.match(long.text, /9007199254740993/);
  });

  it("explain what does not fit", async () => {
    const refused = async (body: string, message: RegExp) => {
      const answer = await folder("/predictions/double", { method: "POST", body }, "0123456789abcdef");
      assert.deepEqual([answer.status, answer.body.code, answer.body.type], [400, 400, "BadRequestException"]);
      assert.match(answer.body.message, message);
    };
    await refused("[1]", /The body is an array of 1/);
    await refused('{"z": 1}', /has "z", which the model does not take/);
    await refused('{"x": [1, 2]}', /must be an array of the shape \[-1, 2\]/);
    await refused("{", /./);
  });
});

describe("TorchServe's errors", () => {
  it("name models and versions that are not there", async () => {
    const model = await post("/predictions/echoo", "1");
    assert.deepEqual(model.body, {
      code: 404,
      type: "ModelNotFoundException",
      message: 'Model not found: echoo. Did you mean "echo"?',
    });
    const version = await post("/predictions/echo/7", "1");
    const message = "Model version: 7 does not exist for model: echo";
    assert.deepEqual(version.body, { code: 404, type: "ModelVersionNotFoundException", message });
  });

  it("tell a wrong method, a missing token, a deadline and a fault, and no path", async () => {
    const wrong = await send("/predictions/echo");
    assert.deepEqual(
      [wrong.status, wrong.body.type, wrong.headers.get("allow")],
      [405, "MethodNotAllowedException", "POST, PUT, OPTIONS"],
    );
    const unknown = await post("/predictions/closed", "1");
    assert.deepEqual([unknown.status, unknown.body.type], [401, "InvalidKeyException"]);
    const late = await post("/predictions/slow", "1");
    assert.deepEqual([late.status, late.body.type], [408, "RequestTimeoutException"]);
    const fault = await post("/predictions/crashing", "1");
    assert.deepEqual([fault.status, fault.body.type], [500, "InternalServerException"]);
    assert.doesNotMatch(fault.text, /secret/);
  });

  it("refuse text that is not in UTF-8 and forms that are packed, and do not read them as what they are not", async () => {
    const latin = await post("/predictions/echo", Buffer.from("\u00e9", "latin1"), "text/plain; charset=latin1");
    assert.deepEqual([latin.status, latin.body.type], [415, "BadRequestException"]);
    assert.match(latin.text, /charset=latin1.* is not read here\. It must be text\/plain in UTF-8/);
    const headers = { "content-type": "application/x-www-form-urlencoded", "content-encoding": "gzip" };
    const packed = await send("/predictions/echo", { method: "POST", headers, body: new Uint8Array(gzipSync("a=1")) });
    assert.equal(packed.status, 415);
    assert.match(packed.text, /Content-Encoding is .*gzip/);
    for (const type of ["text/plain", "text/plain; charset=utf-8"]) {
      const unsaid = await post("/predictions/echo", Buffer.from("caf\u00e9", "latin1"), type);
      assert.deepEqual([unsaid.status, unsaid.body.message], [400, "The body is not UTF-8."]);
    }
  });
});

describe("TorchServe's management", () => {
  it("lists models page by page", async () => {
    const { body } = await folder("/models?limit=1", {}, "0123456789abcdef");
    assert.deepEqual(body, { nextPageToken: "1", models: [{ modelName: "double", modelUrl: "double" }] });
    const rest = await folder(`/models?limit=1&next_page_token=${body.nextPageToken}`, {}, "0123456789abcdef");
    assert.deepEqual(rest.body, { models: [{ modelName: "whole", modelUrl: "whole" }] });
    assert.equal((await folder("/models?limit=x", {}, "0123456789abcdef")).status, 400);
  });

  it("describes the default version, a certain one, and all", async () => {
    const { body } = await folder("/models/double", {}, "0123456789abcdef");
    assert.equal(body.length, 1);
    const { modelName, modelVersion, minWorkers, maxWorkers, workers, jobQueueStatus } = body[0];
    assert.deepEqual([modelName, modelVersion, minWorkers, maxWorkers, workers.length], ["double", "2", 1, 1, 1]);
    assert.equal(workers[0].status, "READY");
    assert.deepEqual(jobQueueStatus, { remainingCapacity: 256, pendingRequests: 0 });
    assert.ok(workers[0].memoryUsage > 0 && Math.abs(Date.parse(workers[0].startTime) - Date.now()) < 60_000);
    const versions = async (address: string) =>
      (await folder(address, {}, "0123456789abcdef")).body.map((each: any) => each.modelVersion);
    assert.deepEqual(await versions("/models/double/1"), ["1"]);
    assert.deepEqual(await versions("/models/double/all"), ["2", "1"]);
    assert.equal((await folder("/models/nothing", {}, "0123456789abcdef")).body.type, "ModelNotFoundException");
  });

  it("says what runs a version, how it batches and how much waits for it", async () => {
    const describe = async () => ((await (await fetch(`${site.url}/models/held`)).json()) as any)[0];
    const ask = () => fetch(`${site.url}/predictions/held`, { method: "POST", body: "{}" });
    const first = ask();
    while (letGo === none) await sleep(5);
    const waiting = [ask(), ask()];
    while ((await describe()).jobQueueStatus.pendingRequests < 2) await sleep(5);
    const { engine, batchSize, maxBatchDelay, jobQueueStatus, workers } = await describe();
    assert.deepEqual([engine, batchSize, maxBatchDelay], ["functions", 4, 3]);
    assert.deepEqual(jobQueueStatus, { remainingCapacity: 8, pendingRequests: 2 });
    assert.deepEqual([workers.length, workers[0].status], [1, "READY"]);
    const answering = Promise.all([first, ...waiting]);
    const timer = setInterval(() => letGo(), 5);
    for (const response of await answering) assert.equal(response.status, 200);
    clearInterval(timer);
  });

  it("moves the default version, with a token that may", async () => {
    const refused = await folder("/models/double/1/set-default", { method: "PUT" }, "0123456789abcdef");
    assert.deepEqual([refused.status, refused.body.type], [403, "InvalidKeyException"]);
    const moved = await folder("/models/double/1/set-default", { method: "PUT" });
    assert.deepEqual(moved.body, { status: 'Default version successfully updated for model "double" to "1"' });
    const body = '{"x": [[1, 1]]}';
    assert.deepEqual((await folder("/predictions/double", { method: "POST", body }, "0123456789abcdef")).body, { y: [[2, 2]] });
    await served.models.removeAlias("double", "default");
  });

  it("fetches nothing from an address that a caller gives", async () => {
    const { status, body } = await folder("/models?url=http://127.0.0.1:1/evil.mar&model_name=evil", { method: "POST" });
    assert.equal(status, 400);
    assert.match(body.message, /^Given URL http:\/\/127\.0\.0\.1:1\/evil\.mar does not match any allowed URL\(s\)\./);
    assert.equal((await folder("/models?url=..%2F..%2Fetc&model_name=x", { method: "POST" })).status, 400);
    assert.equal((await folder("/models", { method: "POST" })).body.message, "Parameter url is required.");
    assert.equal((await folder("/models?url=double", { method: "POST" }, "0123456789abcdef")).status, 403);
  });

  it("unregisters a model, and registers it again by its name", async () => {
    const gone = await folder("/models/whole", { method: "DELETE" });
    assert.deepEqual(gone.body, { status: 'Model "whole" unregistered' });
    const ask = () => folder("/predictions/whole", { method: "POST", body: '{"x": [1]}' }, "0123456789abcdef");
    assert.equal((await ask()).status, 503);
    const back = await folder("/models?url=whole&initial_workers=1&synchronous=true", { method: "POST" });
    assert.deepEqual(back.body, { status: 'Model "whole" Version: 1 registered with 1 initial workers' });
    assert.deepEqual((await ask()).body, { y: [1] });
  });

  it("leaves the number of workers to the handler", async () => {
    assert.match(
      (await folder("/models/double?min_worker=1", { method: "PUT" })).body.status,
      /Workers scaled to 1 for model: double/,
    );
    const more = await folder("/models/double?min_worker=4", { method: "PUT" });
    assert.equal(more.status, 400);
    assert.match(
      more.body.message,
      /runs with 1 workers, and min_worker is 4\. Set the handler's instances, or the server's: cortado serve --instances N\./,
    );
  });
});
