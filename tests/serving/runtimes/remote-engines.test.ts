import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { after, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { include, path } from "cortado/http";
import {
  type Handler,
  handler,
  ModelServer,
  modelUrls,
  openInference,
  tensor,
  tensorFlowServing,
  torchServe,
} from "cortado/serving";
import { gatherModel, identityModel, putModel, temporaryFolder, timesModel } from "../models.ts";
import { halfPlus, twoInputs } from "../protocols/half-plus.ts";
import { protocolSite } from "../protocols/protocol-site.ts";
import { refusal } from "../refused.ts";
import { serveElsewhere } from "./served-process.ts";

const root = temporaryFolder();
putModel(root, "double/1", timesModel(2));
putModel(root, "double/2", timesModel(3));
putModel(root, "whole/1", identityModel("int64", ["batch", 2]));
putModel(root, "half/1", identityModel("float16", ["batch", 2]));
putModel(root, "text/1", identityModel("string", ["batch"]));
putModel(root, "flags/1", identityModel("bool", ["batch"]));
putModel(root, "exact/1", identityModel("double", ["batch"]));
putModel(root, "gather/1", gatherModel());
putModel(root, "two/1", twoInputs());
putModel(root, "half_plus_two/123", halfPlus(2));
const engine = await serveElsewhere(root);
after(() => engine.kill());

const log = { info() {}, warn() {} };
const closers: (() => unknown)[] = [];
after(async () => {
  for (const close of closers) await close();
});

/** A started model server of some handlers. */
async function serving(...handlers: Handler[]): Promise<ModelServer> {
  const models = new ModelServer({ handlers, access: "public", log });
  closers.push(() => models.close());
  await models.start();
  await models.settled();
  return models;
}

/** An engine that answers as the test says. */
async function pretend(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ url: string; server: ReturnType<typeof createServer> }> {
  const server = createServer(answer as RequestListener).listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

const metadata = {
  name: "m",
  versions: ["1"],
  platform: "x",
  inputs: [{ name: "x", datatype: "FP32", shape: [-1, 2] }],
  outputs: [{ name: "y", datatype: "FP32", shape: [-1, 2] }],
};

/** An engine whose inference answers so; its metadata are in order. */
function pretendInfer(infer: (request: IncomingMessage, response: ServerResponse) => void) {
  return pretend((request, response) => {
    const at = request.url!;
    if (at.endsWith("/infer")) return infer(request, response);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(at === "/v2" ? { name: "pretended", version: "1", extensions: [] } : metadata));
  });
}

const sendJson = (response: ServerResponse, value: unknown, status = 200) => {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
};

describe("a model on an engine of the Open Inference Protocol", () => {
  for (const binary of [true, false]) {
    it(`takes items and tensors, its signature the engine's, ${binary ? "as bytes" : "in JSON"}`, async () => {
      const options = (model: string) => ({ url: engine.url, model, binary });
      const models = await serving(
        handler({ name: "double", runtime: openInference(options("double")) }),
        handler({ name: "older", runtime: openInference({ ...options("double"), version: "1" }) }),
        handler({ name: "two", runtime: openInference(options("two")) }),
        ...["whole", "text", "flags", "exact"].map((name) => handler({ name, runtime: openInference(options(name)) })),
      );
      const ask = async (name: string, item: unknown) => (await models.predict(name, [item])).outputs[0];
      assert.deepEqual((await models.signature("double")).signature!.inputs, [{ name: "x", datatype: "FP32", shape: [-1, 2] }]);
      assert.deepEqual(await ask("double", { x: [1, 2] }), { y: [3, 6] });
      assert.deepEqual(await ask("older", { x: [1, 2] }), { y: [2, 4] });
      assert.deepEqual(await ask("two", { a: [1, 2], b: [3, 4] }), { sum: [4, 6], difference: [-2, -2] });
      assert.deepEqual(await ask("whole", { x: [9_007_199_254_740_993n, -3n] }), { y: [9_007_199_254_740_993n, -3n] });
      assert.deepEqual(await ask("text", { x: "grüße" }), { y: "grüße" });
      assert.deepEqual(await ask("flags", { x: true }), { y: true });
      assert.deepEqual(await ask("exact", { x: Number.NaN }), { y: Number.NaN });
      assert.deepEqual(await ask("exact", { x: Number.NEGATIVE_INFINITY }), { y: Number.NEGATIVE_INFINITY });
      const { outputs } = await models.infer("double", { x: tensor("float32", [1, 2, 3, 4], [2, 2]) });
      assert.deepEqual(outputs[0]!["y"]!.toNested(), [
        [3, 6],
        [9, 12],
      ]);
    });
  }

  it("sends half precision, which has no form in JSON, as bytes", async () => {
    const models = await serving(handler({ name: "half", runtime: openInference({ url: engine.url, model: "half" }) }));
    assert.deepEqual((await models.predict("half", [{ x: [0.5, -2] }])).outputs, [{ y: [0.5, -2] }]);
  });

  it("runs rows that wait together in one request", async () => {
    let requests = 0;
    const { url } = await pretendInfer(async (request, response) => {
      requests++;
      const [input] = JSON.parse(Buffer.concat(await request.toArray()).toString()).inputs;
      await sleep(20);
      sendJson(response, { model_name: "m", outputs: [{ ...input, name: "y" }] });
    });
    const runtime = openInference({ url, model: "m", connections: 1 });
    const models = await serving(handler({ name: "m", runtime, batch: { maxSize: 8 } }));
    const items = Array.from({ length: 16 }, (_, i) => ({ x: [i, -i] }));
    const answers = await Promise.all(items.map((item) => models.predict("m", [item])));
    assert.deepEqual(
      answers.map(({ outputs }) => outputs[0]),
      items.map(({ x }) => ({ y: x.map((value) => value + 0) })),
    );
    assert.ok(requests <= 4, `${requests} requests`);
  });

  it("cuts a batch that is more than the engine takes at once", async () => {
    const sizes: number[] = [];
    const { url } = await pretend(async (request, response) => {
      if (request.url === "/v2") return sendJson(response, { extensions: ["model_configuration"] });
      if (request.url === "/v2/models/m/config") return sendJson(response, { max_batch_size: 2 });
      if (request.url === "/v2/models/m") return sendJson(response, metadata);
      const [input] = JSON.parse(Buffer.concat(await request.toArray()).toString()).inputs;
      sizes.push(input.shape[0]);
      sendJson(response, { outputs: [{ ...input, name: "y" }] });
    });
    const models = await serving(handler({ name: "m", runtime: openInference({ url, model: "m" }) }));
    const given = tensor("float32", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [5, 2]);
    const { outputs } = await models.infer("m", { x: given });
    assert.deepEqual([...outputs[0]!["y"]!.data], [...given.data]);
    assert.deepEqual(sizes, [2, 2, 1]);
  });

  it("is told its signature where the engine does not tell it", async () => {
    const { url } = await pretend(async (request, response) => {
      if (!request.url!.endsWith("/infer")) return sendJson(response, { name: "m", platform: "" });
      sendJson(response, { outputs: [{ name: "y", datatype: "FP32", shape: [1, 1], data: [7] }] });
    });
    const signature = {
      inputs: [{ name: "x", datatype: "FP32", shape: [-1, 1] }],
      outputs: [{ name: "y", datatype: "FP32", shape: [-1, 1] }],
    } as const;
    const models = await serving(
      handler({ name: "told", runtime: openInference({ url, model: "m", signature }) }),
      handler({ name: "untold", runtime: openInference({ url, model: "m" }) }),
    );
    assert.deepEqual((await models.predict("told", [{ x: [1] }])).outputs, [{ y: [7] }]);
    await assert.rejects(
      models.predict("untold", [{ x: [1] }]),
      refusal({ code: "SERVING_NOT_READY", message: /does not tell what the model takes and gives.*give it a signature/ }),
    );
  });

  it("passes on what the engine says of the data", async () => {
    const models = await serving(handler({ name: "gather", runtime: openInference({ url: engine.url, model: "gather" }) }));
    await assert.rejects(
      models.predict("gather", [{ x: 99 }]),
      refusal({ code: "SERVING_MODEL_REFUSED", message: /indices element out of data bounds/ }),
    );
    assert.deepEqual((await models.predict("gather", [{ x: 2 }])).outputs, [{ y: 12 }]);
  });
});

describe("an engine that fails", () => {
  const failing = async (
    name: string,
    infer: Parameters<typeof pretendInfer>[0],
    more: { deadline?: number; retries?: number } = {},
  ) => {
    const { url } = await pretendInfer(infer);
    const { deadline, retries } = more;
    return serving(handler({ name, ...(deadline ? { deadline } : {}), runtime: openInference({ url, model: "m", retries }) }));
  };

  it("tells that it failed, and not with what words", async () => {
    const models = await failing("broken", (_request, response) => sendJson(response, { error: "/secret/path: Traceback" }, 500));
    await assert.rejects(models.predict("broken", [{ x: [1, 2] }]), (error: Error & { hint: string }) => {
      refusal({
        code: "SERVING_REMOTE_FAILED",
        message: 'The engine that runs the model "broken" elsewhere failed (500).',
        hint: "Its own log says more.",
      })(error);
      assert.match((error.cause as Error).message, /Traceback/);
      return true;
    });
  });

  it("refuses answers that are not what was asked for", async () => {
    const answers: [unknown, RegExp][] = [
      ["no object", /answered what is no JSON object/],
      [{}, /answered without outputs/],
      [{ outputs: [] }, /answered "y" wrongly: it is missing/],
      [{ outputs: [{ name: "y", datatype: "FP32", shape: [2, 2], data: [1, 2, 3, 4] }] }, /it has the shape \[2, 2\] for 1 rows/],
      [{ outputs: [{ name: "y", datatype: "INT64", shape: [1, 2], data: [1, 2] }] }, /it has the type INT64/],
      [{ outputs: [{ name: "y", datatype: "FP32", shape: [1, 2], data: [1] }] }, /a tensor that does not hold what it says/],
    ];
    let next: unknown;
    const models = await failing("odd", (_request, response) => sendJson(response, next));
    for (const [answer, message] of answers) {
      next = answer;
      await assert.rejects(models.predict("odd", [{ x: [1, 2] }]), refusal({ code: "SERVING_REMOTE_FAILED", message }));
    }
  });

  it("is answered within the deadline, and its request is ended", async () => {
    let left = 0;
    const models = await failing("slow", (request) => void request.once("close", () => left++).resume(), { deadline: 100 });
    await assert.rejects(models.predict("slow", [{ x: [1, 2] }]), refusal({ code: "SERVING_DEADLINE" }));
    for (let i = 0; i < 100 && left === 0; i++) await sleep(20);
    assert.ok(left > 0);
  });

  it("is asked no more when the caller leaves", async () => {
    let came = 0;
    let left = 0;
    const models = await failing("slow", (request) => {
      came++;
      request.once("close", () => left++).resume();
    });
    const caller = new AbortController();
    const answer = models.predict("slow", [{ x: [1, 2] }], { signal: caller.signal });
    for (let i = 0; i < 250 && came === 0; i++) await sleep(20);
    caller.abort();
    await assert.rejects(answer, { name: "AbortError" });
    for (let i = 0; i < 250 && left === 0; i++) await sleep(20);
    assert.equal(left, 1);
  });

  it("that breaks off in the middle fails that request alone", async () => {
    let how: (response: ServerResponse) => void = () => {};
    const models = await failing("cut", (_request, response) => how(response));
    const answers = (response: ServerResponse) =>
      sendJson(response, { outputs: [{ name: "y", datatype: "FP32", shape: [1, 2], data: [1, 2] }] });
    const ways = [
      (response: ServerResponse) => response.socket!.destroy(),
      (response: ServerResponse) =>
        void response.writeHead(200, { "content-length": 100 }).write("{", () => response.socket!.destroy()),
      (response: ServerResponse) => void response.socket!.end("no HTTP at all\r\n\r\n"),
    ];
    for (const way of ways) {
      how = way;
      const failed = (error: { code: string }) => ["SERVING_REMOTE_FAILED", "SERVING_REMOTE_UNREACHABLE"].includes(error.code);
      await assert.rejects(models.predict("cut", [{ x: [1, 2] }]), failed);
      how = answers;
      assert.deepEqual((await untilFulfilled(() => models.predict("cut", [{ x: [1, 2] }]))).outputs, [{ y: [1, 2] }]);
    }
  });

  it("is one that callers hear of over HTTP: 502, or 503 with Retry-After", async () => {
    let answer: { status: number; body: object } = { status: 500, body: {} };
    const { url } = await pretendInfer((_request, response) => sendJson(response, answer.body, answer.status));
    const far = handler({ name: "far", access: "public", runtime: openInference({ url, model: "m" }) });
    const site = await protocolSite([path("api/", include(modelUrls()))], new ModelServer({ handlers: [far], log }));
    closers.push(() => site.close());
    const ask = () =>
      fetch(`${site.url}/api/models/far/predict`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: '{"input": {"x": [1, 2]}}',
      });
    assert.equal((await ask()).status, 502);
    answer = { status: 503, body: { error: "not ready" } };
    const busy = await ask();
    assert.equal(busy.status, 503);
    assert.equal(busy.headers.get("retry-after"), "1");
    answer = { status: 400, body: { error: "x is too large" } };
    const refused = await ask();
    assert.equal(refused.status, 422);
    assert.match(((await refused.json()) as any).error.message, /refused the data: x is too large/);
  });

  it("that many ask at once while it is away is counted as away once", async () => {
    const { url, server } = await pretendInfer((_request, response) =>
      sendJson(response, { outputs: [{ name: "y", datatype: "FP32", shape: [1, 2], data: [1, 2] }] }),
    );
    const models = await serving(handler({ name: "m", runtime: openInference({ url, model: "m", retries: 0 }) }));
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    const many = await Promise.allSettled(Array.from({ length: 50 }, () => models.predict("m", [{ x: [1, 2] }])));
    assert.ok(many.every(({ status }) => status === "rejected"));
    server.listen(Number(new URL(url).port), "127.0.0.1");
    await sleep(600);
    assert.deepEqual((await models.predict("m", [{ x: [1, 2] }])).outputs, [{ y: [1, 2] }]);
  });

  it("that has no room is told so, with 503", async () => {
    const models = await failing("full", (_request, response) => sendJson(response, { error: "full" }, 429));
    const message = 'The engine that runs the model "full" elsewhere does not answer: it has no room or is not ready (429).';
    await assert.rejects(models.predict("full", [{ x: [1, 2] }]), refusal({ code: "SERVING_REMOTE_UNREACHABLE", message }));
  });

  it("is left alone for a while when it cannot be reached, and asked again when it is there", async () => {
    const folder = temporaryFolder();
    putModel(folder, "double/1", timesModel(2));
    const first = await serveElsewhere(folder);
    const port = Number(new URL(first.url).port);
    const models = await serving(handler({ name: "double", runtime: openInference({ url: first.url, model: "double" }) }));
    assert.deepEqual((await models.predict("double", [{ x: [1, 2] }])).outputs, [{ y: [2, 4] }]);
    await first.kill();
    const unreachable = refusal({
      code: "SERVING_REMOTE_UNREACHABLE",
      message: /elsewhere does not answer: it (?:refuses|closed) the connection\.$/,
      hint: /its operator looks whether it runs/,
    });
    await assert.rejects(models.predict("double", [{ x: [1, 2] }]), unreachable);
    const [version] = models.versions("double");
    assert.equal(version!.state, "failed");
    assert.match(version!.error!, /^The engine that runs it elsewhere does not answer: it (?:refuses|closed) the connection\.$/);
    const started = performance.now();
    await assert.rejects(models.predict("double", [{ x: [1, 2] }]), unreachable);
    assert.ok(performance.now() - started < 200, "fails at once");
    const second = await serveElsewhere(folder, port);
    closers.push(() => second.kill());
    const answer = await untilFulfilled(() => models.predict("double", [{ x: [1, 2] }]));
    assert.deepEqual(answer.outputs, [{ y: [2, 4] }]);
  });

  it("that is not there at the start is found when it comes", async () => {
    const { url, server } = await pretend((_request, response) => response.end());
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    const models = await serving(handler({ name: "double", runtime: openInference({ url, model: "double" }) }));
    await assert.rejects(
      models.predict("double", [{ x: [1, 2] }]),
      refusal({ code: "SERVING_NOT_READY", message: /it refuses the connection/ }),
    );
    const late = await serveElsewhere(root, Number(new URL(url).port));
    closers.push(() => late.kill());
    const answer = await untilFulfilled(() => models.predict("double", [{ x: [1, 2] }]));
    assert.deepEqual(answer.outputs, [{ y: [3, 6] }]);
  });
});

/** The answer, asked for again and again for ten seconds. */
async function untilFulfilled<T>(ask: () => Promise<T>): Promise<T> {
  for (let i = 0; i < 100; i++) {
    try {
      return await ask();
    } catch {
      await sleep(100);
    }
  }
  return ask();
}

describe("a model on TensorFlow Serving", () => {
  it("takes items, its signature the engine's metadata", async () => {
    const on = (model: string, version?: string) => tensorFlowServing({ url: engine.url, model, version });
    const models = await serving(
      handler({ name: "half", runtime: on("half_plus_two") }),
      handler({ name: "older", runtime: on("double", "1") }),
      handler({ name: "two", runtime: on("two") }),
      ...["whole", "text", "exact"].map((name) => handler({ name, runtime: on(name) })),
    );
    const ask = async (name: string, item: unknown) => (await models.predict(name, [item])).outputs[0];
    assert.deepEqual(await ask("half", { x: 5 }), { y: 4.5 });
    assert.deepEqual(await ask("older", { x: [1, 2] }), { y: [2, 4] });
    assert.deepEqual(await ask("two", { a: [1, 2], b: [3, 4] }), { sum: [4, 6], difference: [-2, -2] });
    assert.deepEqual(await ask("whole", { x: [9_007_199_254_740_993n, 1n] }), { y: [9_007_199_254_740_993n, 1n] });
    assert.deepEqual(await ask("text", { x: "grüße" }), { y: "grüße" });
    assert.deepEqual(await ask("exact", { x: Number.NaN }), { y: Number.NaN });
  });

  it("reads the documented answers", async () => {
    const info = (name: string) => ({
      dtype: "DT_FLOAT",
      tensor_shape: { dim: [{ size: "-1", name: "" }], unknown_rank: false },
      name: `${name}:0`,
    });
    const asked: unknown[] = [];
    const { url } = await pretend(async (request, response) => {
      if (request.url === "/v1/models/half_plus_three/metadata")
        return sendJson(response, {
          model_spec: { name: "half_plus_three", signature_name: "", version: "1" },
          metadata: {
            signature_def: {
              signature_def: {
                serving_default: {
                  inputs: { x: info("x") },
                  outputs: { y: info("y") },
                  method_name: "tensorflow/serving/predict",
                },
              },
            },
          },
        });
      if (request.url !== "/v1/models/half_plus_three:predict")
        return sendJson(response, { error: "Servable not found for request: Latest(half)" }, 404);
      asked.push(JSON.parse(Buffer.concat(await request.toArray()).toString()));
      response.end('{\n    "outputs": [3.5, NaN, 5.5]\n}');
    });
    const models = await serving(
      handler({ name: "half", runtime: tensorFlowServing({ url, model: "half_plus_three" }) }),
      handler({ name: "lost", runtime: tensorFlowServing({ url, model: "half" }) }),
      handler({ name: "unsigned", runtime: tensorFlowServing({ url, model: "half_plus_three", signatureName: "other" }) }),
    );
    const { outputs } = await models.infer("half", { x: tensor("float32", [1, 2, 5]) });
    assert.deepEqual([...outputs[0]!["y"]!.data], [3.5, Number.NaN, 5.5]);
    assert.deepEqual(asked, [{ signature_name: "serving_default", inputs: { x: [1, 2, 5] } }]);
    await assert.rejects(
      models.predict("lost", [{ x: 1 }]),
      refusal({ code: "SERVING_NOT_READY", message: /does not have the model or the version/ }),
    );
    await assert.rejects(
      models.predict("unsigned", [{ x: 1 }]),
      refusal({ code: "SERVING_NOT_READY", message: /no signature "other" of the model; it has: serving_default/ }),
    );
  });
});

describe("a model on TorchServe", () => {
  it("takes items as they are, and gives what it answers", async () => {
    const models = await serving(
      handler({ name: "double", runtime: torchServe({ url: engine.url, model: "double" }) }),
      handler({ name: "older", runtime: torchServe({ url: engine.url, model: "double", version: "1" }) }),
      handler({ name: "lost", runtime: torchServe({ url: engine.url, model: "lost" }) }),
    );
    assert.deepEqual((await models.predict("double", [{ x: [[1, 2]] }, { x: [[2, 3]] }])).outputs, [
      { y: [[3, 6]] },
      { y: [[6, 9]] },
    ]);
    assert.deepEqual((await models.predict("older", [{ x: [[1, 2]] }])).outputs, [{ y: [[2, 4]] }]);
    await assert.rejects(models.predict("double", [{ z: 1 }]), refusal({ code: "SERVING_MODEL_REFUSED", message: /has "z"/ }));
    await assert.rejects(
      models.predict("lost", [{}]),
      refusal({ code: "SERVING_REMOTE_FAILED", message: /does not have the model/ }),
    );
  });

  it("sends bytes and text as they are, and reads JSON of any type", async () => {
    const types: unknown[] = [];
    const { url } = await pretend(async (request, response) => {
      if (request.url === "/ping") return sendJson(response, { status: "Healthy" });
      types.push([request.headers["content-type"], Buffer.concat(await request.toArray()).toString("latin1")]);
      response.end('{"tiger_cat": 0.46933549642562866, "odd": NaN}');
    });
    const models = await serving(handler({ name: "kitten", runtime: torchServe({ url, model: "densenet161" }) }));
    const { outputs } = await models.predict("kitten", [Buffer.from([255, 216]), "text", { data: [1] }]);
    assert.deepEqual(outputs[0], { tiger_cat: 0.46933549642562866, odd: null });
    assert.deepEqual(types.sort(), [
      ["application/json", '{"data":[1]}'],
      ["application/octet-stream", "\xff\xd8"],
      ["text/plain; charset=utf-8", "text"],
    ]);
  });
});

describe("a model on TorchServe that answers piece by piece", () => {
  it("gives the pieces as they come, and is left when the reader stops", async () => {
    let closed = 0;
    let endless = false;
    const { url } = await pretend(async (request, response) => {
      if (request.url === "/ping") return sendJson(response, { status: "Healthy" });
      response.once("close", () => closed++);
      await request.toArray();
      for (const piece of ["Once ", "upon ", "a time"]) {
        response.write(piece);
        await sleep(50);
      }
      if (!endless) response.end();
    });
    const models = await serving(handler({ name: "story", runtime: torchServe({ url, model: "story" }) }));
    const pieces: unknown[] = [];
    for await (const piece of await models.stream("story", "begin")) pieces.push(piece);
    assert.ok(pieces.length > 1, "in pieces");
    assert.equal(pieces.join(""), "Once upon a time");
    endless = true;
    closed = 0;
    for await (const _piece of await models.stream("story", "begin")) break;
    for (let i = 0; i < 250 && closed === 0; i++) await sleep(20);
    assert.equal(closed, 1);
  });
});

describe("the address of an engine", () => {
  it("is an http one, without a password", () => {
    const bad = (url: string, message: RegExp, model = "m") =>
      assert.throws(
        () => openInference({ url, model }),
        refusal({
          code: "SERVING_BAD_REMOTE",
          message,
          hint: 'Write openInference({ url: "http://host:8000", model: "name" }).',
        }),
      );
    bad("triton", /openInference\(\) cannot ask "triton": it is no URL/);
    bad("ftp://triton:8001", /begins with none of http:\/\/, https:\/\/, grpc:\/\/ and grpcs:\/\//);
    bad("http://me:secret@triton", /^openInference\(\) cannot ask "http:\/\/triton": a URL is no place for a password/);
    bad("http://triton", /no model is named/, "");
  });

  it("may have a path, and headers that go with every request", async () => {
    const seen = new Set<unknown>();
    const { url } = await pretend((request, response) => {
      seen.add(request.headers.authorization);
      const at = request.url!;
      if (!at.startsWith("/models/here/v2")) return sendJson(response, {}, 404);
      if (at.endsWith("/infer"))
        return sendJson(response, { outputs: [{ name: "y", datatype: "FP32", shape: [1, 2], data: [1, 2] }] });
      sendJson(response, at.endsWith("/v2") ? {} : metadata);
    });
    const runtime = openInference({ url: `${url}/models/here/`, model: "m", headers: { authorization: "Bearer cup" } });
    const models = await serving(handler({ name: "m", runtime }));
    assert.deepEqual((await models.predict("m", [{ x: [0, 0] }])).outputs, [{ y: [1, 2] }]);
    assert.deepEqual([...seen], ["Bearer cup"]);
  });
});
