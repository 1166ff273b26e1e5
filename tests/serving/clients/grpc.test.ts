import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, describe, it } from "node:test";
import { serveDirectory } from "cortado/serving";
import { gatherModel, identityModel, loopModel, putModel, temporaryFolder, timesModel } from "../models.ts";
import { GrpcClient, input } from "./grpc-client.ts";

const root = temporaryFolder();
putModel(root, "double/1", timesModel(3));
putModel(root, "double/2", timesModel(2));
putModel(root, "scalar/1", identityModel("int64", []));
putModel(root, "text/1", identityModel("string", ["batch", 2]));
putModel(root, "flags/1", identityModel("bool", ["batch", 2]));
putModel(root, "half/1", identityModel("float16", ["batch", 2]));
putModel(root, "small/1", identityModel("uint8", ["batch", 2]));
putModel(root, "exact/1", identityModel("double", ["batch", 1]));
putModel(root, "gather/1", gatherModel());
putModel(root, "loop/1", loopModel());
const warnings: string[] = [];
const log = { info() {}, warn: (message: string) => void warnings.push(message) };
const served = await serveDirectory(root, { port: 0, grpcPort: 0, log });
await served.models.settled();
const client = new GrpcClient(served.grpc!, { "grpc.max_receive_message_length": -1 });
after(async () => {
  client.close();
  await served.close();
});

const infer = (model: string, request: object, options?: { token?: string; timeout?: number }) =>
  client.call("ModelInfer", { model_name: model, ...request }, options);
const floats = (bytes: Buffer) => [
  ...new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)),
];
const rawFloats = (...values: number[]) => Buffer.from(Float32Array.from(values).buffer);
const x = input("FP32", [1, 2], { fp32_contents: [1, 2.5] });

describe("gRPC: the server and its models", () => {
  it("lives, is ready, and tells its name", async () => {
    assert.deepEqual((await client.call("ServerLive")).answer, { live: true });
    assert.deepEqual((await client.call("ServerReady")).answer, { ready: true });
    const { answer } = await client.call("ServerMetadata");
    assert.equal(answer.name, "cortado");
    assert.ok(answer.extensions.includes("statistics"));
  });

  it("describes a model, and says of versions whether they are ready", async () => {
    const { answer } = await client.call("ModelMetadata", { name: "double" });
    assert.deepEqual(answer, {
      name: "double",
      versions: ["1", "2"],
      platform: "onnxruntime_onnx",
      inputs: [{ name: "x", datatype: "FP32", shape: ["-1", "2"] }],
      outputs: [{ name: "y", datatype: "FP32", shape: ["-1", "2"] }],
      properties: {},
    });
    assert.deepEqual((await client.call("ModelMetadata", { name: "double", version: "1" })).answer.versions, ["1"]);
    assert.deepEqual((await client.call("ModelReady", { name: "double" })).answer, { ready: true });
    assert.deepEqual((await client.call("ModelReady", { name: "double", version: "1" })).answer, { ready: true });
  });

  it("answers NOT_FOUND for what is not there, in the words that clients look for", async () => {
    for (const method of ["ModelReady", "ModelMetadata"]) {
      const { code, details } = await client.call(method, { name: "nope" });
      assert.equal(code, 5);
      assert.match(details, /Request for unknown model: 'nope' is not found/);
    }
    assert.equal((await client.call("ModelMetadata", { name: "double", version: "9" })).code, 5);
    assert.equal((await infer("nope", { inputs: [x] })).code, 5);
  });
});

describe("gRPC: predictions", () => {
  it("takes contents and answers raw, with the id, the version, and what it took", async () => {
    const { answer, code, metadata } = await infer("double", { id: "42", inputs: [x] });
    assert.equal(code, 0);
    const { raw_output_contents: raw, outputs, ...rest } = answer;
    assert.deepEqual(floats(raw[0]), [2, 5]);
    assert.deepEqual(
      outputs.map(({ name, datatype, shape, contents }: any) => ({ name, datatype, shape, contents })),
      [{ name: "y", datatype: "FP32", shape: ["1", "2"], contents: null }],
    );
    assert.deepEqual(rest, { model_name: "double", model_version: "2", id: "42", parameters: {} });
    assert.equal(metadata["cortado-model"], "double@2");
    assert.match(metadata["server-timing"]!, /queue;dur=[\d.]+, run;dur=[\d.]+/);
  });

  it("takes raw elements, of a version that is named, and gives the outputs that are asked for", async () => {
    const raw = { raw_input_contents: [rawFloats(1, 2, 3, 4)] };
    const request = { inputs: [input("FP32", [2, 2])], outputs: [{ name: "y" }], model_version: "1", ...raw };
    const { answer } = await infer("double", request);
    assert.deepEqual([answer.model_version, floats(answer.raw_output_contents[0])], ["1", [3, 6, 9, 12]]);
  });

  it("carries every datatype, in its list of contents and raw", async () => {
    const cases: [string, ReturnType<typeof input>, Buffer][] = [
      ["scalar", input("INT64", [], { int64_contents: ["9007199254740993"] }), bigBytes(9007199254740993n)],
      ["scalar", input("INT64", [], { int64_contents: ["-2"] }), bigBytes(-2n)],
      [
        "text",
        input("BYTES", [1, 2], { bytes_contents: [Buffer.from("é"), Buffer.from("")] }),
        Buffer.from("\x02\0\0\0é\0\0\0\0", "utf8"),
      ],
      ["flags", input("BOOL", [1, 2], { bool_contents: [true, false] }), Buffer.from([1, 0])],
      ["small", input("UINT8", [1, 2], { uint_contents: [255, 0] }), Buffer.from([255, 0])],
      ["exact", input("FP64", [1, 1], { fp64_contents: [0.1] }), Buffer.from(Float64Array.of(0.1).buffer)],
    ];
    for (const [model, tensor, bytes] of cases) {
      const listed = await infer(model, { inputs: [tensor] });
      assert.deepEqual(listed.answer?.raw_output_contents[0], bytes, `${model}: ${listed.details}`);
      const raw = await infer(model, { inputs: [{ ...tensor, contents: undefined }], raw_input_contents: [bytes] });
      assert.deepEqual(raw.answer?.raw_output_contents[0], bytes, `${model}: ${raw.details}`);
    }
    const half = Buffer.from(Float16Array.of(1, -0.5).buffer);
    const halved = await infer("half", { inputs: [input("FP16", [1, 2])], raw_input_contents: [half] });
    assert.deepEqual(halved.answer.raw_output_contents[0], half);
    assert.match((await infer("half", { inputs: [input("FP16", [1, 2])] })).details, /FP16, which has no list of elements/);
  });

  it("reads raw elements wherever they lie in the message", async () => {
    for (const id of ["", "a", "ab", "abc", "abcd", "abcde"]) {
      const request = { id, inputs: [input("FP32", [1, 2])], raw_input_contents: [rawFloats(1, 2)] };
      assert.deepEqual(floats((await infer("double", request)).answer.raw_output_contents[0]), [2, 4]);
    }
  });

  it("answers no rows with no rows", async () => {
    const { answer, details } = await infer("double", { inputs: [input("FP32", [0, 2])] });
    assert.deepEqual(answer?.outputs[0].shape, ["0", "2"], details);
  });

  it("refuses what does not fit with INVALID_ARGUMENT and a sentence", async () => {
    const raw = [rawFloats(1, 2)];
    const cases: [object, RegExp][] = [
      [
        { inputs: [input("FP64", [1, 2], { fp64_contents: [1, 2] })] },
        /inputs\[0\]\.datatype is the string "FP64", and the model takes FP32/,
      ],
      [{ inputs: [input("FP32", [1, 3], { fp32_contents: [1, 2, 3] })] }, /has the shape \[1, 3\], the model takes \[-1, 2\]/],
      [{ inputs: [input("FP32", [1, 2], { fp32_contents: [1] })] }, /holds 1 elements, and the shape \[1, 2\] needs 2/],
      [
        { inputs: [input("FP32", [1, 2], { fp64_contents: [1, 2] })] },
        /contents\.fp64_contents is given, and FP32 goes into fp32_contents/,
      ],
      [{ inputs: [input("FP32", [1, 2])] }, /holds 0 elements/],
      [{ inputs: [input("FP32", [-1, 2])] }, /must be an array of whole numbers from 0/],
      [{ inputs: [input("FP32", [2 ** 40, 2 ** 40])], raw_input_contents: raw }, /holds more than 67108864 elements/],
      [{ inputs: [] }, /inputs\.x is missing/],
      [{ inputs: [x, x] }, /has "x" twice/],
      [{ inputs: [{ ...x, name: "__proto__" }] }, /has "__proto__", which the model does not take/],
      [{ inputs: [x], outputs: [{ name: "z" }] }, /has "z"; the model gives y/],
      [{ inputs: [x], raw_input_contents: raw }, /inputs\[0\]\.contents is given beside raw_input_contents/],
      [{ inputs: [input("FP32", [1, 2])], raw_input_contents: [...raw, ...raw] }, /elements of 2 inputs, and there are 1/],
      [{ inputs: [input("FP32", [1, 2])], raw_input_contents: [Buffer.alloc(7)] }, /holds 7 bytes/],
      [{ inputs: [{ ...x, parameters: { shared_memory_region: { string_param: "r" } } }] }, /shared memory, which is not served/],
      [{ inputs: [x], parameters: { priority: { string_param: "high" } } }, /parameters\.priority is the string "high"/],
      [{ inputs: [x], parameters: { timeout: { int64_param: -1 } } }, /parameters\.timeout is the number -1/],
    ];
    for (const [request, message] of cases) {
      const { code, details, metadata } = await infer("double", request);
      assert.equal(code, 3, details);
      assert.match(details, message);
      assert.equal(metadata["cortado-code"], "SERVING_BAD_INPUT");
    }
    const small = await infer("small", { inputs: [input("UINT8", [1, 2], { uint_contents: [300, 0] })] });
    assert.match(small.details, /300 as element 0, and UINT8 takes whole numbers from 0 to 255/);
    for (const [bytes, message] of [
      [Buffer.from([1, 0, 0, 0, 255, 0, 0, 0, 0]), /UTF-8/],
      [Buffer.from([255, 255, 255, 255]), /element 0/],
      [Buffer.from([0, 0, 0, 0]), /2/],
      [Buffer.alloc(12), /2/],
    ] as const) {
      const { code, details } = await infer("text", { inputs: [input("BYTES", [1, 2])], raw_input_contents: [bytes] });
      assert.equal(code, 3);
      assert.match(details, message);
    }
    const flags = await infer("flags", { inputs: [input("BOOL", [1, 2])], raw_input_contents: [Buffer.from([2, 0])] });
    assert.match(flags.details, /BOOL/);
  });

  it("says so when the model itself refuses the data", async () => {
    const { code, metadata } = await infer("gather", { inputs: [input("INT64", [1], { int64_contents: [9] })] });
    assert.deepEqual([code, metadata["cortado-code"]], [3, "SERVING_MODEL_REFUSED"]);
  });

  it("lets an alias with a canary choose by the metadata", async () => {
    await served.models.setAlias("double", "default", { version: "2", canary: { version: "1", percent: 0, header: "x-canary" } });
    const headed = new GrpcClient(served.grpc!, {}, { "x-canary": "always" });
    const answer = async (from: GrpcClient) =>
      (await from.call("ModelInfer", { model_name: "double", inputs: [x] })).answer.model_version;
    assert.deepEqual([await answer(client), await answer(headed)], ["2", "1"]);
    await served.models.removeAlias("double", "default");
    headed.close();
  });

  it("gives the best classes as texts", async () => {
    const outputs = [{ name: "y", parameters: { classification: { int64_param: 1 } } }];
    const { answer } = await infer("double", { inputs: [x], outputs });
    assert.deepEqual(answer.outputs[0].datatype, "BYTES");
    assert.equal(answer.raw_output_contents[0].subarray(4).toString(), "5.000000:1");
  });

  it("waits no longer than the request's own timeout and the call's deadline", async () => {
    const long = { inputs: [{ ...input("INT64", [], { int64_contents: ["2000000000"] }), name: "count" }] };
    const { code, details } = await infer("loop", { ...long, parameters: { timeout: { int64_param: 100_000 } } });
    assert.deepEqual([code, /did not answer within 100 ms/.test(details)], [4, true], details);
    assert.equal((await infer("loop", long, { timeout: 100 })).code, 4);
    assert.equal((await infer("double", { inputs: [x] })).code, 0);
  });
});

const bigBytes = (value: bigint) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return bytes;
};

describe("gRPC: what there is, and what it did", () => {
  it("lists every version, and those that are ready", async () => {
    const { answer } = await client.call("RepositoryIndex");
    const ofDouble = answer.models.filter(({ name }: { name: string }) => name === "double");
    assert.deepEqual(ofDouble.map(({ version }: { version: string }) => version).toSorted(), ["1", "2"]);
    const { answer: ready } = await client.call("RepositoryIndex", { ready: true });
    assert.ok(ready.models.every(({ state, reason }: { state: string; reason: string }) => state === "READY" && reason === ""));
  });

  it("tells the configuration with the names of Triton's", async () => {
    const { config } = (await client.call("ModelConfig", { name: "double" })).answer;
    assert.deepEqual([config.name, config.platform], ["double", "onnxruntime_onnx"]);
    assert.deepEqual([config.input[0].name, config.input[0].data_type], ["x", "TYPE_FP32"]);
    assert.equal(config.output[0].dims.at(-1), "2");
    assert.equal((await client.call("ModelConfig", { name: "nope" })).code, 5);
  });

  it("counts what was answered, of one model and of all", async () => {
    const count = async () => (await client.call("ModelStatistics", { name: "exact" })).answer.model_stats[0];
    const before = await count();
    await infer("exact", { inputs: [input("FP64", [3, 1], { fp64_contents: [1, 2, 3] })] });
    const now = await count();
    const grown = (key: string) => Number(now[key]) - Number(before[key]);
    assert.deepEqual([grown("inference_count"), grown("execution_count")], [3, 1]);
    assert.equal(Number(now.inference_stats.success.count) - Number(before.inference_stats.success.count), 1);
    assert.ok(Number(now.inference_stats.compute_infer.ns) > 0);
    const all = (await client.call("ModelStatistics")).answer.model_stats;
    assert.ok(all.some(({ name }: { name: string }) => name === "double"));
    assert.equal((await client.call("ModelStatistics", { name: "nope" })).code, 5);
  });

  it("tells its settings to who may see them", async () => {
    const log = await client.call("LogSettings");
    assert.equal(log.answer.settings.log_info.bool_param, true, log.details);
    assert.deepEqual((await client.call("TraceSetting")).answer.settings.trace_level.value, ["OFF"]);
    const settings = { log_file: { string_param: "/tmp/x" } };
    assert.equal((await client.call("LogSettings", { settings })).code, 16);
  });
});

describe("gRPC: who may call", () => {
  it("asks for a token in the metadata, by its scopes", async () => {
    const tokenFile = join(temporaryFolder(), "tokens");
    writeFileSync(tokenFile, "predict 0123456789abcdef\nmanage fedcba9876543210\n");
    const guarded = await serveDirectory(root, { host: "0.0.0.0", port: 0, grpcPort: 0, tokenFile, log });
    const stranger = new GrpcClient(guarded.grpc!.replace("0.0.0.0", "127.0.0.1"));
    try {
      await guarded.models.settled();
      const request = { model_name: "double", inputs: [x] };
      const refused = await stranger.call("ModelInfer", request);
      assert.deepEqual([refused.code, refused.details], [16, "This needs a token. Send it as Authorization: Bearer TOKEN."]);
      assert.equal((await stranger.call("ModelInfer", request, { token: "0123456789abcdeX" })).code, 16);
      assert.equal((await stranger.call("ModelInfer", request, { token: "fedcba9876543210" })).code, 7);
      assert.equal((await stranger.call("ModelInfer", request, { token: "0123456789abcdef" })).code, 0);
      assert.equal((await stranger.call("ModelMetadata", { name: "double" })).code, 16);
      assert.equal((await stranger.call("ServerLive")).code, 0);
      assert.equal((await stranger.checkHealth()).answer.status, "SERVING");
      assert.deepEqual((await stranger.call("RepositoryIndex")).answer.models, []);
      assert.deepEqual((await stranger.call("ModelStatistics")).answer.model_stats, []);
    } finally {
      stranger.close();
      await guarded.close();
    }
  });
});

describe("gRPC: loading and unloading", () => {
  it("is for tokens that may manage, and takes no files or settings of a caller", async () => {
    const tokenFile = join(temporaryFolder(), "tokens");
    writeFileSync(tokenFile, "predict 0123456789abcdef\nmanage,predict fedcba9876543210\n");
    const guarded = await serveDirectory(root, { port: 0, grpcPort: 0, tokenFile, log });
    const manager = new GrpcClient(guarded.grpc!);
    const token = "fedcba9876543210";
    try {
      await guarded.models.settled();
      const name = { model_name: "double" };
      assert.equal((await manager.call("RepositoryModelUnload", name)).code, 16);
      assert.equal((await manager.call("RepositoryModelUnload", name, { token: "0123456789abcdef" })).code, 7);
      assert.equal((await manager.call("RepositoryModelUnload", name, { token })).code, 0);
      const ready = await manager.call("ServerReady");
      assert.deepEqual(ready.answer, { ready: true }, "what is not to be served keeps nobody waiting");
      assert.equal((await manager.call("ModelReady", { name: "double" }, { token })).answer.ready, false);
      assert.equal((await manager.call("ModelInfer", { ...name, inputs: [x] }, { token })).code, 14);
      const parameters = { "file:1/model.onnx": { bytes_param: Buffer.from("x") } };
      const refused = await manager.call("RepositoryModelLoad", { ...name, parameters }, { token });
      assert.equal(refused.code, 3);
      assert.match(refused.details, /failed to load 'double', the parameter "file:1\/model\.onnx" is not taken/);
      assert.equal((await manager.call("RepositoryModelLoad", name, { token })).code, 0);
      assert.equal((await manager.call("ModelInfer", { ...name, inputs: [x] }, { token })).code, 0);
      const none = await manager.call("RepositoryModelLoad", { model_name: "nope" }, { token });
      assert.match(none.details, /failed to load 'nope', /);
      assert.equal((await manager.call("RepositoryModelUnload", { model_name: "nope" }, { token })).code, 3);
      const settings = { log_file: { string_param: "/tmp/x" } };
      const set = await manager.call("LogSettings", { settings }, { token });
      assert.match(set.details, /The setting "log_file" is not changed here/);
      const trace = await manager.call("TraceSetting", { settings: { nope: { value: ["1"] } } }, { token });
      assert.match(trace.details, /There is no setting "nope"/);
    } finally {
      manager.close();
      await guarded.close();
    }
  });
});

describe("gRPC: limits", () => {
  it("refuses messages over the limit, packed ones too, and goes on", async () => {
    const body = Buffer.alloc(65 * 2 ** 20);
    const big = { inputs: [input("FP32", [body.byteLength / 8, 2])], raw_input_contents: [body] };
    assert.equal((await infer("double", big)).code, 8);
    const packing = new GrpcClient(served.grpc!, { "grpc.default_compression_algorithm": 2 });
    assert.equal((await packing.call("ModelInfer", { model_name: "double", ...big })).code, 8);
    assert.deepEqual(
      floats((await packing.call("ModelInfer", { model_name: "double", inputs: [x] })).answer.raw_output_contents[0]),
      [2, 5],
    );
    packing.close();
    assert.equal((await infer("double", { inputs: [x] })).code, 0);
  });

  it("takes large tensors", async () => {
    const body = Buffer.alloc(8 * 2 ** 20, 0);
    const { answer } = await infer("double", { inputs: [input("FP32", [2 ** 20, 2])], raw_input_contents: [body] });
    assert.equal(answer.raw_output_contents[0].byteLength, body.byteLength);
  });

  it("says what it does not do", async () => {
    const { connect } = await import("node:http2");
    const session = connect(`http://${served.grpc}`);
    const status = await new Promise((done) => {
      const request = session.request({
        ":method": "POST",
        ":path": "/inference.GRPCInferenceService/SystemSharedMemoryRegister",
        "content-type": "application/grpc",
        te: "trailers",
      });
      let told: unknown;
      request.on("response", (headers) => (told ??= headers["grpc-status"]));
      request.on("trailers", (headers) => (told ??= headers["grpc-status"]));
      request.on("close", () => done(told));
      request.end(Buffer.alloc(5));
      request.resume();
    });
    session.close();
    assert.equal(status, "12");
  });

  it("answers a message that is none with an error, and goes on", async () => {
    const nested = Buffer.alloc(4 * 2 ** 20, 0x0b);
    for (const bytes of [Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f]), Buffer.from([0x3a, 0xff, 0xff, 0xff, 0x7f]), nested]) {
      const code = await new Promise<number>((done) => {
        client.stub.makeUnaryRequest(
          "/inference.GRPCInferenceService/ModelInfer",
          (sent: Buffer) => sent,
          (received: Buffer) => received,
          bytes,
          (error: { code: number } | null) => done(error?.code ?? 0),
        );
      });
      assert.ok([3, 5, 13].includes(code), `${code}`);
    }
    const parameters = Object.fromEntries([["__proto__", { string_param: "x" }]]);
    assert.equal((await infer("double", { inputs: [x], parameters })).code, 0);
    assert.equal(Object.getPrototypeOf({}), Object.prototype);
    assert.equal((await infer("double", { inputs: [x] })).code, 0);
  });
});

describe("gRPC: health", () => {
  it("is told for the server and the service, and NOT_FOUND for others", async () => {
    assert.equal((await client.checkHealth()).answer.status, "SERVING");
    assert.equal((await client.checkHealth({ service: "inference.GRPCInferenceService" })).answer.status, "SERVING");
    assert.equal((await client.checkHealth({ service: "nope" })).code, 5);
  });

  it("is told to who watches, until the server closes", async () => {
    const other = await serveDirectory(root, { port: 0, grpcPort: 0, log });
    const watcher = new GrpcClient(other.grpc!);
    const told: string[] = [];
    const watch = watcher.health.Watch({});
    watch.on("data", ({ status }: { status: string }) => told.push(status));
    watch.on("error", () => {});
    const ended = new Promise((done) => watch.on("end", done));
    await other.models.settled();
    for (let i = 0; i < 100 && told.at(-1) !== "SERVING"; i++) await sleep(20);
    await other.close();
    await ended;
    assert.deepEqual(told.slice(-2), ["SERVING", "NOT_SERVING"]);
    watcher.close();
  });
});

it("no fault of the server came up", () => {
  assert.deepEqual(warnings, []);
});
