import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { handler, serveDirectory } from "cortado/serving";
import { exampleModels, readAnswer, startV2 } from "./open-inference-server.ts";

const root = exampleModels();
const story = handler({
  name: "story",
  inference: (items: { text_input: string; times?: number }[]) =>
    items.map(({ text_input, times = 1 }) => ({ text_output: text_input.repeat(times) })),
  stream: async function* ({ text_input, times = 1 }: { text_input: string; times?: number }) {
    for (let i = 0; i < times; i++) yield { text_output: text_input };
    if (text_input === "fail") throw new Error("a secret of the server");
  },
});
const sequence = handler({ name: "simple_sequence", source: "file:sequence-files", sequence: { state: { stateN: "state" } } });
const hidden = handler({ name: "hidden", source: "file:sequence-files", expose: { tensors: false } });
const server = await startV2(root, [story, sequence, hidden], { serverName: "triton" });
after(() => server.close());

async function get(address: string) {
  return readAnswer(await fetch(`${server.url}/v2${address}`));
}

async function post(address: string, body?: unknown) {
  const sent = typeof body === "string" || body === undefined ? (body ?? "") : JSON.stringify(body);
  return readAnswer(await fetch(`${server.url}/v2${address}`, { method: "POST", body: sent }));
}

const infer = (model: string, data: number[], parameters: object = {}) =>
  post(`/models/${model}/infer`, { parameters, inputs: [{ name: "INPUT", datatype: "INT32", shape: [1, 1], data }] });

describe("the server's name", () => {
  it("is what the setting says, for clients that look for Triton's", async () => {
    assert.equal((await get("/")).body.name, "triton");
  });
});

describe("the repository", () => {
  it("lists every version with its state, all or only the ready ones, under any repository's name", async () => {
    const { status, body } = await post("/repository/index");
    assert.equal(status, 200);
    const simple = body.find((entry: { name: string }) => entry.name === "simple");
    assert.deepEqual(simple, { name: "simple", version: "1", state: "READY", reason: "" });
    assert.ok(
      (await post("/repository/index", { ready: true })).body.every((entry: { state: string }) => entry.state === "READY"),
    );
    assert.equal((await post("/repository/mine/index", "{}")).status, 200);
  });

  it("lets a model go and loads it again", async () => {
    const stateOf = async () =>
      (await post("/repository/index")).body.find((each: { name: string }) => each.name === "echo_uint8").state;
    assert.deepEqual(
      [(await post("/repository/models/echo_uint8/unload", { parameters: { unload_dependents: true } })).status, await stateOf()],
      [200, "UNAVAILABLE"],
    );
    assert.equal((await get("/models/echo_uint8/ready")).status, 503);
    const refused = await post("/models/echo_uint8/infer", {
      inputs: [{ name: "INPUT0", datatype: "UINT8", shape: [1, 1], data: [1] }],
    });
    assert.equal(refused.status, 503);
    const loaded = await post("/repository/models/echo_uint8/load");
    assert.deepEqual([loaded.status, loaded.body, await stateOf()], [200, "", "READY"]);
    assert.equal((await get("/models/echo_uint8/ready")).status, 200);
  });

  it("says why a model does not load, and takes neither files nor settings from a request", async () => {
    const cases: [string, unknown, RegExp][] = [
      ["nobody", undefined, /^failed to load 'nobody', There is no model "nobody"/],
      [
        "simple",
        { parameters: { config: '{"max_batch_size": 16}' } },
        /^failed to load 'simple', the parameter "config" is not taken/,
      ],
      ["simple", { parameters: { config: "{}", "file:1/../../x": "aGk=" } }, /^failed to load 'simple'/],
      ["simple", { parameters: { "file:1/model.onnx": "aGk=" } }, /the parameter "file:1\/model\.onnx" is not taken/],
      ["simple", { parameters: 1 }, /parameters is the number 1, and must be an object/],
    ];
    for (const [name, body, message] of cases) {
      const answer = await post(`/repository/models/${name}/load`, body);
      assert.equal(answer.status, 400);
      assert.match(answer.body.error, message);
    }
    assert.match((await post("/repository/models/nobody/unload")).body.error, /^failed to unload 'nobody'/);
  });

  it("is managed by those who may alone", async () => {
    const served = await serveDirectory(root, { port: 0, log: { info() {}, warn() {} } });
    try {
      for (const what of ["load", "unload"]) {
        const response = await fetch(`${served.url}/v2/repository/models/simple/${what}`, { method: "POST" });
        assert.equal(response.status, 401);
        assert.match(((await response.json()) as { error: string }).error, /This needs a token/);
      }
      assert.equal((await fetch(`${served.url}/v2/repository/index`, { method: "POST" })).status, 200);
      assert.equal((await fetch(`${served.url}/v2/logging`, { method: "POST", body: "{}" })).status, 401);
    } finally {
      await served.close();
    }
  });
});

describe("a model's configuration", () => {
  it("has its tensors with Triton's names of types", async () => {
    const { body } = await get("/models/simple/config");
    assert.deepEqual([body.name, body.platform, body.backend], ["simple", "onnxruntime_onnx", "onnxruntime"]);
    assert.deepEqual(
      body.input.map((each: { data_type: string }) => each.data_type),
      ["TYPE_INT32", "TYPE_INT32"],
    );
    const dims = body.max_batch_size > 0 ? [16] : [-1, 16];
    assert.deepEqual(body.output[0], { name: "OUTPUT0", data_type: "TYPE_INT32", dims });
    assert.deepEqual((await get("/models/simple_identity/versions/1/config")).body.input[0].data_type, "TYPE_STRING");
    assert.deepEqual(
      (await get("/models/simple_sequence/config")).body.input.map((each: { name: string }) => each.name),
      ["INPUT"],
    );
    assert.equal((await get("/models/hidden/config")).status, 404);
    assert.equal((await get("/models/simple/versions/9/config")).status, 404);
  });

  it("leaves the batch out of its dims where rows are run together", async () => {
    const rows = handler({ name: "rows", source: "file:simple", batch: { maxSize: 8, maxDelay: 2 } });
    const own = await startV2(root, [rows]);
    try {
      const { body } = await readAnswer(await fetch(`${own.url}/v2/models/rows/config`));
      assert.deepEqual(
        [body.max_batch_size, body.input[0].dims, body.dynamic_batching.max_queue_delay_microseconds],
        [8, [16], 2000],
      );
    } finally {
      await own.close();
    }
  });
});

describe("statistics", () => {
  it("count requests, rows and runs, in nanoseconds, for one model and for all", async () => {
    const before = (await get("/models/echo_int32/stats")).body.model_stats[0];
    const send = (datatype: string) =>
      post("/models/echo_int32/infer", { inputs: [{ name: "INPUT0", datatype, shape: [3, 1], data: [1, 2, 3] }] });
    assert.equal((await send("INT32")).status, 200);
    assert.equal((await send("FP32")).status, 400);
    const { model_stats: found } = (await get("/models/echo_int32/versions/1/stats")).body;
    assert.equal(found.length, 1);
    const [after] = found;
    assert.deepEqual([after.name, after.version], ["echo_int32", "1"]);
    assert.equal(after.inference_stats.success.count - before.inference_stats.success.count, 1);
    assert.equal(after.execution_count - before.execution_count, 1);
    assert.ok(after.inference_stats.compute_infer.ns > before.inference_stats.compute_infer.ns);
    assert.ok(Math.abs(after.last_inference - Date.now()) < 60_000);
    for (const name of [
      "success",
      "fail",
      "queue",
      "compute_input",
      "compute_infer",
      "compute_output",
      "cache_hit",
      "cache_miss",
    ])
      assert.deepEqual(Object.keys(after.inference_stats[name]), ["count", "ns"]);
    assert.ok(
      after.batch_stats.every(
        (batch: { batch_size: number; compute_infer: object }) => batch.batch_size > 0 && batch.compute_infer,
      ),
    );
    const all = (await get("/models/stats")).body.model_stats.map((each: { name: string }) => each.name);
    assert.ok(all.includes("simple") && all.includes("echo_int32"));
    assert.equal((await get("/models/nobody/stats")).status, 404);
  });
});

describe("sequences", () => {
  it("keep their state from step to step, by number or by text, each its own", async () => {
    const step = async (value: number, parameters: object) =>
      (await infer("simple_sequence", [value], parameters)).body.outputs?.[0].data[0];
    assert.equal(await step(11, { sequence_id: 1001, sequence_start: true, sequence_end: false }), 11);
    assert.equal(await step(100, { sequence_id: "a-b", sequence_start: true }), 100);
    assert.equal(await step(7, { sequence_id: 1001 }), 18);
    assert.equal(await step(-1, { sequence_id: "a-b", sequence_end: true }), 99);
    assert.equal(await step(5, { sequence_id: 1001, sequence_end: true }), 23);
    assert.equal(await step(5, {}), 5);
  });
});

describe("generate", () => {
  it("asks a handler with the request's keys and parameters, and answers one object", async () => {
    const { status, body } = await post("/models/story/generate", {
      id: "9",
      text_input: "ha",
      parameters: { times: 2, priority: 1 },
    });
    assert.equal(status, 200);
    assert.deepEqual(body, { id: "9", model_name: "story", model_version: "1", text_output: "haha" });
    assert.equal((await post("/models/story/versions/1/generate", { text_input: "x", times: 3 })).body.text_output, "xxx");
  });

  it("takes a single value for a tensor of one element, and a list for a row", async () => {
    const { body } = await post("/models/echo_text/generate", { INPUT0: "hi", parameters: { temperature: 0 } });
    assert.deepEqual(body, { model_name: "echo_text", model_version: "1", OUTPUT0: "hi" });
    assert.deepEqual((await post("/models/echo_int32/generate", { INPUT0: [1, 2] })).body.OUTPUT0, [1, 2]);
    assert.match((await post("/models/echo_int32/generate", {})).body.error, /INPUT0 is missing/);
    assert.equal((await post("/models/echo_int32/generate", { INPUT0: "a" })).status, 400);
    assert.equal((await post("/models/nobody/generate", { text_input: "a" })).status, 404);
    assert.equal((await post("/models/story/generate", "nonsense")).status, 400);
    assert.equal((await post("/models/story/generate", { text_input: "a", parameters: "b" })).status, 400);
    assert.equal((await get("/models/story/generate")).status, 405);
  });

  it("streams pieces as server-sent events, and says in the stream what goes wrong after the first", async () => {
    const ask = async (model: string, body: object) => {
      const response = await fetch(`${server.url}/v2/models/${model}/generate_stream`, {
        method: "POST",
        body: JSON.stringify(body),
      });
      const text = await response.text();
      return { response, text, events: text.split("\n\n").filter(Boolean) };
    };
    const { response, events } = await ask("story", { text_input: "a", parameters: { times: 3 } });
    assert.equal(response.headers.get("content-type"), "text/event-stream; charset=utf-8");
    assert.deepEqual(
      events,
      Array.from({ length: 3 }, () => 'data: {"model_name":"story","model_version":"1","text_output":"a"}'),
    );
    const failing = await ask("story", { text_input: "fail", times: 1 });
    assert.equal(failing.response.status, 200);
    assert.match(failing.events.at(-1)!, /^data: \{"error":/);
    assert.doesNotMatch(failing.text, /secret/);
    const whole = await ask("echo_text", { INPUT0: "b" });
    assert.deepEqual(whole.events, ['data: {"model_name":"echo_text","model_version":"1","OUTPUT0":"b"}']);
    const refused = await ask("echo_text", { INPUT0: 5 });
    assert.deepEqual(
      [refused.response.status, refused.response.headers.get("content-type")],
      [400, "application/json; charset=utf-8"],
    );
  });
});

describe("logging and tracing", () => {
  it("are read, and are the operator's to change", async () => {
    const { body } = await get("/logging");
    assert.deepEqual(Object.keys(body), [
      "log_file",
      "log_info",
      "log_warnings",
      "log_errors",
      "log_verbose_level",
      "log_format",
    ]);
    assert.deepEqual((await post("/logging", { log_info: true })).body, body);
    for (const change of [{ log_file: "/tmp/x" }, { log_verbose_level: 1 }, { nothing: 1 }])
      assert.equal((await post("/logging", change)).status, 400);
    const trace = await get("/trace/setting");
    assert.deepEqual(trace.body.trace_level, ["OFF"]);
    assert.deepEqual((await post("/models/simple/trace/setting", { trace_level: ["OFF"], trace_rate: null })).body, trace.body);
    assert.match((await post("/trace/setting", { trace_file: "/tmp/x" })).body.error, /"trace_file" is not changed over HTTP/);
  });

  it("have no shared memory beside them", async () => {
    assert.equal((await get("/systemsharedmemory/status")).status, 404);
    assert.equal((await post("/cudasharedmemory/region/r/register", {})).status, 404);
  });
});
