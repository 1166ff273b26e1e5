import assert from "node:assert/strict";
import { after, test } from "node:test";
import { defineApp, defineProject, openProject } from "cortado";
import { handler, modelUrls, serveDirectory, type ServingSettings } from "cortado/serving";
import { include, path } from "cortado/http";
import { GrpcClient } from "../clients/grpc-client.ts";
import { putModel, temporaryFolder, timesModel } from "../models.ts";

const root = temporaryFolder();
putModel(root, "models/double/1", timesModel(2));
const story = handler({
  name: "story",
  access: "public",
  task: "chat",
  stream: async function* (item: { fail?: boolean; about?: string }) {
    if (item.fail) throw new TypeError("a secret of the story");
    yield "Once";
    yield " upon";
  },
});
const vectors = handler({ name: "vectors", access: "public", task: "embeddings", inference: (items) => items.map(() => [1, 2]) });
const double = handler({ name: "double", access: "public", source: "file:models/double" });
const serving: ServingSettings = {
  protocols: ["open-inference", "health", "metrics", "tensorflow-serving", "torchserve", "mlflow", "openai"],
};
const project = defineProject({
  root,
  mode: "test",
  apps: [defineApp({ name: "shop", handlers: { story, double, vectors } })],
  urls: [path("api/", include(modelUrls()))],
  secretKey: "k".repeat(40),
  allowedHosts: ["127.0.0.1"],
  serving,
});
const open = await openProject(project);
after(() => open.close());
const url = await open.listen({ port: 0 });
await open.services.models.settled();

const post = (address: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url + address, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

const row = { inputs: [{ name: "x", datatype: "FP32", shape: [1, 2], data: [1, 2] }] };
const bad = { inputs: [{ name: "x", datatype: "FP32", shape: [1, 3], data: [1, 2, 3] }] };
const messages = [{ role: "user", content: "hello" }];
const times = /^queue;dur=[\d.]+, run;dur=[\d.]+$/;
const firstPiece = /^first;dur=[\d.]+$/;

const answers: Record<string, [address: string, body: unknown, times: RegExp, headers?: Record<string, string>]> = {
  "/api": ["/api/models/double/predict", { input: { x: [1, 2] } }, times],
  "/api in pieces": ["/api/models/story/predict", { input: {} }, firstPiece, { accept: "text/event-stream" }],
  "/v2 infer": ["/v2/models/double/infer", row, times],
  "/v2 generate": ["/v2/models/double/generate", { x: [1, 2] }, times],
  "/v2 generate_stream": ["/v2/models/story/generate_stream", { about: "cups" }, firstPiece],
  "/v1 predict": ["/v1/models/double:predict", { instances: [[1, 2]] }, times],
  TorchServe: ["/predictions/double", { x: [1, 2] }, times],
  "TorchServe in pieces": ["/predictions/story", {}, firstPiece],
  MLflow: ["/mlflow/double/invocations", { instances: [{ x: [1, 2] }] }, times],
  "OpenAI's embeddings": ["/openai/v1/embeddings", { model: "vectors", input: "a" }, times],
  "OpenAI's chat": ["/openai/v1/chat/completions", { model: "story", messages }, firstPiece],
  "OpenAI's chat in pieces": ["/openai/v1/chat/completions", { model: "story", messages, stream: true }, firstPiece],
};

test("every answer of every protocol says which version gave it and how long that took", async (t) => {
  for (const [name, [address, body, timing, headers]] of Object.entries(answers))
    await t.test(name, async () => {
      const response = await post(address, body, { ...headers, "x-request-id": "order-7" });
      const text = await response.text();
      assert.equal(response.status, 200, text);
      assert.match(response.headers.get("cortado-model") ?? "", /^(double|story|vectors)@1$/);
      assert.match(response.headers.get("server-timing") ?? "", timing);
      assert.equal(response.headers.get("x-request-id"), "order-7");
    });
});

test("an error says which version it came from, where one was asked", async (t) => {
  const errors: Record<string, [address: string, body: unknown, status: number]> = {
    "/api": ["/api/models/double/predict", { input: { x: ["a"] } }, 400],
    "a fault over /api": ["/api/models/story/predict", { input: { fail: true } }, 500],
    "/v2 generate_stream": ["/v2/models/story/generate_stream", { fail: true }, 500],
    TorchServe: ["/predictions/story", { fail: true }, 500],
    MLflow: ["/mlflow/double/invocations", { instances: [{ x: ["a"] }] }, 400],
  };
  for (const [name, [address, body, status]] of Object.entries(errors))
    await t.test(name, async () => {
      const response = await post(address, body);
      const text = await response.text();
      assert.equal(response.status, status, text);
      assert.match(response.headers.get("cortado-model") ?? "", /^(double|story)@1$/);
      assert.match(response.headers.get("server-timing") ?? "", /^total;dur=[\d.]+$/);
      assert.ok(!text.includes("secret"));
    });
  await t.test("none where no version was asked", async () => {
    for (const response of [await post("/v2/models/double/infer", bad), await post("/v2/models/nothing/infer", row)])
      assert.equal(response.headers.get("cortado-model"), null);
  });
});

test("gRPC tells the same in its trailer", async () => {
  const served = await serveDirectory(`${root}/models`, { port: 0, grpcPort: 0, log: { info() {}, warn() {} } });
  after(() => served.close());
  await served.models.settled();
  const client = new GrpcClient(served.grpc!);
  after(() => client.close());
  const x = { name: "x", datatype: "FP32", shape: [1, 2], contents: { fp32_contents: [1, 2] } };
  const { metadata } = await client.call("ModelInfer", { model_name: "double", inputs: [x] });
  assert.equal(metadata["cortado-model"], "double@1");
  assert.match(metadata["server-timing"]!, times);
});

test("a request without a name gets none back, and one that could deceive who reads the log gets a new one", async () => {
  const plain = await fetch(`${url}/health/live`);
  assert.equal(plain.headers.get("x-request-id"), null);
  const odd = await fetch(`${url}/health/live`, { headers: { "x-request-id": 'a","level":60,"x":"' } });
  assert.match(odd.headers.get("x-request-id")!, /^[0-9a-f]{10}-[0-9a-z]+$/);
});

test("a fault is logged by the name that its client gave the request", async () => {
  const lines: string[] = [];
  const folder = temporaryFolder();
  putModel(folder, "double/1", timesModel(2));
  const served = await serveDirectory(folder, { port: 0, log: { info() {}, warn: (line) => void lines.push(line) } });
  after(() => served.close());
  await served.models.settled();
  served.models.infer = () => Promise.reject(new TypeError("an odd fault"));
  const body = JSON.stringify(row);
  const response = await fetch(`${served.url}/v2/models/double/infer`, {
    method: "POST",
    body,
    headers: { "x-request-id": "order-8" },
  });
  assert.equal(response.status, 500);
  assert.match(lines.join("\n"), /^\[order-8\] The request failed\. TypeError: an odd fault/);
});
