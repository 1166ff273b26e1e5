import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { handler, ModelServer, openInference, openTelemetry, pipeline, python, serveDirectory } from "cortado/serving";
import { GrpcClient } from "../clients/grpc-client.ts";
import { putModel, temporaryFolder, timesModel } from "../models.ts";
import { z } from "zod";
import { registerTracing, takeSpans, traceHeaders, treeOf } from "./traces.ts";

const folder = temporaryFolder();
putModel(folder, "double/1", timesModel(2));
const log = { info() {}, warn() {} };
const served = await serveDirectory(folder, { port: 0, grpcPort: 0, log });
await served.models.settled();
after(() => served.close());
const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";

before(async () => {
  registerTracing();
  served.models.traceWith(await openTelemetry());
});

async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const response = await fetch(served.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  await response.clone().text();
  return response;
}

const tensors = { inputs: [{ name: "x", datatype: "FP32", shape: [1, 2], data: [1, 2] }] };

test("a request goes on in its caller's trace: it waits, runs, and its host answers", async () => {
  takeSpans();
  await post("/api/models/double/predict", { input: { x: [1, 2] } }, { ...traceHeaders(traceId), "x-request-id": "order-7" });
  const spans = takeSpans();
  assert.deepEqual(treeOf(spans), ["predict double", "  preprocess", "  queue", "  run", "    host", "  postprocess"]);
  assert.ok(spans.every((span) => span.spanContext().traceId === traceId));
  const request = spans.find(({ name }) => name === "predict double")!;
  assert.equal(request.parentSpanContext?.spanId, "00f067aa0ba902b7");
  assert.equal(request.kind, SpanKind.SERVER);
  assert.deepEqual(request.attributes, {
    "cortado.model": "double",
    "cortado.request.id": "order-7",
    "cortado.model.version": "1",
    "cortado.batch.rows": 1,
    "cortado.cached": false,
  });
});

test("every protocol takes the caller's trace", async () => {
  const item = { x: [1, 2] };
  const asks: Record<string, () => Promise<Response>> = {
    items: () => post("/api/models/double/predict", { input: item }, traceHeaders(traceId)),
    "a version": () => post("/api/models/double/versions/1/predict", { input: item }, traceHeaders(traceId)),
    "/v2": () => post("/v2/models/double/infer", tensors, traceHeaders(traceId)),
    "a version of /v2": () => post("/v2/models/double/versions/1/infer", tensors, traceHeaders(traceId)),
    generate: () => post("/v2/models/double/generate", item, traceHeaders(traceId)),
    "/v1": () => post("/v1/models/double:predict", { instances: [[1, 2]] }, traceHeaders(traceId)),
    TorchServe: () => post("/predictions/double", { x: [[1, 2]] }, traceHeaders(traceId)),
  };
  for (const [name, ask] of Object.entries(asks)) {
    takeSpans();
    const response = await ask();
    assert.equal(response.status, 200, `${name}: ${await response.text()}`);
    const request = takeSpans().find((span) => span.name === "predict double");
    assert.equal(request?.spanContext().traceId, traceId, name);
  }
});

test("gRPC takes the caller's trace from its metadata", async () => {
  const client = new GrpcClient(served.grpc!, {}, traceHeaders(traceId));
  after(() => client.close());
  takeSpans();
  const x = { name: "x", datatype: "FP32", shape: [1, 2], contents: { fp32_contents: [1, 2] } };
  const { code, details } = await client.call("ModelInfer", { model_name: "double", inputs: [x] });
  assert.equal(code, 0, details);
  assert.equal(
    takeSpans()
      .find(({ name }) => name === "predict double")
      ?.spanContext().traceId,
    traceId,
  );
});

test("a large body that the host reads is told as a run", async () => {
  takeSpans();
  const rows = 40_000;
  const x = Array.from({ length: rows }, () => [1.25, 2.5]);
  await post("/v2/models/double/infer", { inputs: [{ name: "x", datatype: "FP32", shape: [rows, 2], data: x }] });
  assert.deepEqual(treeOf(takeSpans()), ["predict double", "  queue", "  run", "    host"]);
});

test("a mistake of the caller is no fault of the server, and a fault is one", async () => {
  const models = new ModelServer({
    handlers: [
      handler({
        name: "odd",
        inference: () => {
          throw new TypeError("no such pixel");
        },
      }),
    ],
    log,
  });
  after(() => models.close());
  models.traceWith(await openTelemetry());
  await models.start();
  takeSpans();
  await assert.rejects(models.predict("odd", [1]));
  const fault = takeSpans().find(({ name }) => name === "predict odd")!;
  assert.equal(fault.status.code, SpanStatusCode.ERROR);
  assert.equal(fault.attributes["error.type"], "TypeError");
  const response = await post("/api/models/double/predict", { input: { x: ["a"] } });
  assert.equal(response.status, 400);
  const mistake = takeSpans().find(({ name }) => name === "predict double")!;
  assert.equal(mistake.status.code, SpanStatusCode.UNSET);
  assert.equal(mistake.attributes["error.type"], "SERVING_BAD_INPUT");
});

test("a stream that nobody reads is told when it is given up", async () => {
  const endless = handler({
    name: "endless",
    stream: async function* () {
      for (;;) yield "on and on";
    },
  });
  const models = new ModelServer({ handlers: [endless], log });
  after(() => models.close());
  models.traceWith(await openTelemetry());
  await models.start();
  takeSpans();
  const leaving = new AbortController();
  await models.stream("endless", 1, { signal: leaving.signal });
  assert.ok(takeSpans().every(({ name }) => name !== "predict endless"));
  leaving.abort();
  await new Promise((resolve) => setImmediate(resolve));
  const [span] = takeSpans().filter(({ name }) => name === "predict endless");
  assert.equal(span?.attributes["cortado.model.version"], "1");
});

test("steps of a pipeline, pieces of a stream and the handler's own spans hang below their request", async () => {
  const tracer = trace.getTracer("project");
  const plain = handler({
    name: "plain",
    input: z.number(),
    output: z.number(),
    inference: (items) => tracer.startActiveSpan("own", (span) => (span.end(), items.map((item) => item + 1))),
  });
  const twice = pipeline({
    name: "twice",
    steps: { plain },
    run: async (item: number, steps) => steps.plain(await steps.plain(item)),
  });
  const told = handler({
    name: "told",
    stream: async function* (item: number) {
      yield item;
      tracer.startSpan("piece").end();
      yield item + 1;
    },
  });
  const models = new ModelServer({ handlers: [plain, twice, told], log });
  after(() => models.close());
  models.traceWith(await openTelemetry());
  await models.start();
  takeSpans();
  assert.deepEqual((await models.predict("twice", [1])).outputs, [3]);
  const step = ["    predict plain", "      preprocess", "      queue", "      run", "        own", "      postprocess"];
  assert.deepEqual(treeOf(takeSpans()), ["predict twice", "  preprocess", "  queue", "  run", ...step, ...step, "  postprocess"]);
  assert.deepEqual(await Array.fromAsync(await models.stream("told", 1)), [1, 2]);
  assert.deepEqual(treeOf(takeSpans()), ["predict told", "  queue", "  run", "    piece"]);
});

test("an engine elsewhere goes on with the trace, and is told the request's name", async () => {
  const far = handler({ name: "far", runtime: openInference({ url: served.url, model: "double" }) });
  const models = new ModelServer({ handlers: [far], log });
  after(() => models.close());
  models.traceWith(await openTelemetry());
  await models.start();
  await models.settled();
  takeSpans();
  await models.predict("far", [{ x: [1, 2] }], { headers: traceHeaders(traceId), requestId: "order-8" });
  const spans = takeSpans();
  const inner = ["      predict double", "        queue", "        run", "          host"];
  assert.deepEqual(treeOf(spans), ["predict far", "  preprocess", "  queue", "  run", "    engine", ...inner, "  postprocess"]);
  assert.ok(spans.every((span) => span.spanContext().traceId === traceId));
  assert.equal(spans.find(({ name }) => name === "engine")!.kind, SpanKind.CLIENT);
  assert.equal(spans.find(({ name }) => name === "predict double")!.attributes["cortado.request.id"], "order-8");
});

test("a Python handler is told the request's name and trace", async () => {
  const root = temporaryFolder();
  writeFileSync(
    join(root, "echo.py"),
    "def predict(item, context):\n    return {'id': context.request_id, 'trace': context.trace.get('traceparent')}\n",
  );
  const models = new ModelServer({ root, handlers: [handler({ name: "echo", runtime: python({ module: "echo.py" }) })], log });
  after(() => models.close());
  await models.start();
  await models.settled();
  const ask = async () => (await models.predict("echo", [1], { headers: traceHeaders(traceId), requestId: "order-9" })).outputs;
  assert.deepEqual(await ask(), [{ id: "order-9", trace: null }]);
  models.traceWith(await openTelemetry());
  takeSpans();
  const [told] = (await ask()) as [{ id: string; trace: string }];
  const spans = takeSpans();
  assert.deepEqual(treeOf(spans), ["predict echo", "  preprocess", "  queue", "  run", "    python", "  postprocess"]);
  const own = spans.find(({ name }) => name === "python")!.spanContext();
  assert.equal(told.trace, `00-${traceId}-${own.spanId}-01`);
});

test("where nobody traces, requests carry nothing", async () => {
  let asked: object | undefined;
  const models = new ModelServer({
    handlers: [handler({ name: "bare", inference: (items, _state, options) => ((asked = { trace: options.trace }), items) })],
    log,
  });
  after(() => models.close());
  await models.start();
  takeSpans();
  await models.predict("bare", [1], { headers: traceHeaders(traceId) });
  assert.deepEqual(asked, { trace: undefined });
  assert.deepEqual(takeSpans(), []);
});
