import assert from "node:assert/strict";
import { after, test } from "node:test";
import { defineProject, openProject } from "cortado";
import { serveDirectory } from "cortado/serving";
import { putModel, temporaryFolder, timesModel } from "../models.ts";

const root = temporaryFolder();
putModel(root, "double/1", timesModel(2));
putModel(root, "idle/1", timesModel(3));
const log = { info() {}, warn() {} };
const served = await serveDirectory(root, { port: 0, log });
await served.models.settled();
after(() => served.close());

const predict = (input: unknown) =>
  fetch(`${served.url}/api/models/double/predict`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ input }),
  });

async function scrape(): Promise<Map<string, number>> {
  const response = await fetch(`${served.url}/metrics`);
  assert.equal(response.status, 200);
  assert.match(response.headers.get("content-type")!, /^text\/plain; version=0\.0\.4/);
  const lines = (await response.text()).trimEnd().split("\n");
  const pattern = /^([a-zA-Z_:][\w:]*(?:\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\.)*",?)*\})?) (-?[\d.e+-]+|NaN|\+Inf)$/;
  const samples = lines.filter((line) => !line.startsWith("#")).map((line) => pattern.exec(line) ?? assert.fail(line));
  const types = lines.flatMap((line) => /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(line)?.[1] ?? []);
  assert.equal(new Set(types).size, types.length, "a family is told twice");
  assert.equal(new Set(samples.map(([, name]) => name)).size, samples.length, "a sample is told twice");
  return new Map(samples.map(([, name, value]) => [name!, Number(value)]));
}

test("requests are counted by model, version and outcome, under Cortado's names and those of other servers", async () => {
  const before = await scrape();
  assert.equal(before.get('cortado_model_ready{model="double"}'), 1);
  for (const input of [{ x: [1, 2] }, { x: [3, 4] }, { x: ["a"] }]) await predict(input);
  const found = await scrape();
  assert.equal(found.get('cortado_requests_total{model="double",version="1",outcome="answered"}'), 2);
  assert.equal(found.get('cortado_requests_total{model="double",version="1",outcome="failed"}'), 1);
  assert.equal(found.get('cortado_rows_total{model="double",version="1"}'), 2);
  assert.equal(found.get('cortado_request_duration_seconds_bucket{model="double",version="1",le="+Inf"}'), 2);
  assert.equal(found.get('cortado_request_duration_seconds_count{model="double",version="1"}'), 2);
  assert.equal(found.get('nv_inference_request_success{model="double",version="1"}'), 2);
  assert.equal(found.get('nv_inference_request_failure{model="double",version="1"}'), 1);
  assert.equal(found.get(':tensorflow:serving:request_count{model_name="double",status="OK"}'), 2);
  assert.ok([...found.keys()].some((name) => name.startsWith('ts_inference_requests_total{model_name="double",')));
  assert.ok(found.get("process_cpu_seconds_total")! > 0);
});

test("the bounds of a table of durations only grow", async () => {
  const buckets = [...(await scrape())].filter(([name]) =>
    name.startsWith(`cortado_request_duration_seconds_bucket{model="double"`),
  );
  assert.equal(buckets.length, 15);
  assert.deepEqual(
    buckets.map(([, value]) => value),
    buckets.map(([, value]) => value).toSorted((a, b) => a - b),
  );
});

test("TensorFlow Serving's own address gives the same page", async () => {
  const response = await fetch(`${served.url}/monitoring/prometheus/metrics`);
  assert.match(await response.text(), /^:tensorflow:serving:request_latency_bucket\{/m);
});

test("a project tells its numbers to those who have a token", async () => {
  const project = await openProject(
    defineProject({ mode: "test", secretKey: "for tests", database: "sqlite::memory:", apps: [] }),
  );
  try {
    const answer = await (await project.server()).inject({ url: "/metrics", headers: { host: "localhost" } });
    assert.deepEqual([answer.statusCode, answer.json().error.code], [401, "HTTP_UNAUTHORIZED"]);
  } finally {
    await project.close();
  }
});
