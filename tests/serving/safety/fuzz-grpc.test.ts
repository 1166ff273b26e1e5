import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import * as grpc from "@grpc/grpc-js";
import { serveDirectory } from "cortado/serving";
import { GrpcClient, type Ended } from "../clients/grpc-client.ts";
import { gatherModel, identityModel, putModel, temporaryFolder, timesModel } from "../models.ts";
import { Chance, inside } from "./random.ts";

const root = temporaryFolder();
putModel(root, "double/1", timesModel(2));
putModel(root, "text/1", identityModel("string", ["batch"]));
putModel(root, "whole/1", identityModel("int64", ["batch", 2]));
putModel(root, "gather/1", gatherModel());
const warned: string[] = [];
const log = { info() {}, warn: (line: string) => void warned.push(line) };
const served = await serveDirectory(root, { port: 0, grpcPort: 0, log });
const client = new GrpcClient(served.grpc!);
const plain = new grpc.Client(served.grpc!, grpc.credentials.createInsecure());
after(async () => {
  client.close();
  plain.close();
  await served.close();
});

const chance = new Chance(31);
const methods = [
  ..."ServerLive ServerReady ModelReady ServerMetadata ModelMetadata ModelInfer ModelConfig ModelStatistics".split(" "),
  ..."RepositoryIndex RepositoryModelLoad RepositoryModelUnload TraceSetting LogSettings".split(" "),
];
const names = [
  "double",
  "text",
  "whole",
  "gather",
  "x",
  "y",
  "",
  "__proto__",
  "constructor",
  "../..",
  "a\u0000b",
  "\ud800",
  "n".repeat(5000),
  "\r\n",
];
const numbers = ["0", "1", "2", "-1", "9223372036854775807", "-9223372036854775808", "4294967296"];
const absent = ["SystemSharedMemoryRegister", "CudaSharedMemoryRegister", "Nothing", "__proto__", "constructor"];
/** INTERNAL and UNKNOWN are faults; the others are answers. */
const faults: readonly number[] = [grpc.status.INTERNAL, grpc.status.UNKNOWN, grpc.status.DATA_LOSS];

const parameter = () =>
  chance.pick([{ int64_param: chance.pick(numbers) }, { bool_param: true }, { string_param: chance.pick(names) }, {}]);
const parameters = () => {
  const given = [
    "priority",
    "timeout",
    "sequence_id",
    "sequence_start",
    "binary_data_output",
    "shared_memory_region",
    "classification",
    "triton_x",
    "config",
    "file:1/model.onnx",
  ];
  return Object.fromEntries(Array.from({ length: chance.below(3) }, () => [chance.pick(given), parameter()]));
};
const contents = () =>
  chance.pick([
    { fp32_contents: [1, 2] },
    { int64_contents: [chance.pick(numbers), "1"] },
    { bytes_contents: [chance.bytes(9)] },
    { bool_contents: [true] },
    {},
  ]);
const tensor = () => ({
  name: chance.pick(names),
  datatype: chance.pick(["FP32", "INT64", "BYTES", "FP16", "fp32", "", "__proto__"]),
  shape: Array.from({ length: chance.below(4) }, () => chance.pick(numbers)),
  parameters: parameters(),
  contents: contents(),
});
const request = () => ({
  name: chance.pick(names),
  model_name: chance.pick(names.slice(0, 5)),
  model_version: chance.pick(["", "1", "9", "01", "x", "\u0000"]),
  id: chance.pick(names),
  repository_name: chance.pick(names),
  version: chance.pick(["", "1", "x"]),
  parameters: parameters(),
  inputs: Array.from({ length: chance.below(3) }, tensor),
  outputs: Array.from({ length: chance.below(3) }, () => ({ name: chance.pick(names), parameters: parameters() })),
  raw_input_contents: Array.from({ length: chance.below(3) }, () => chance.bytes(20)),
  settings: { log_file: { string_param: "/tmp/x" }, log_verbose_level: { uint32_param: 7 }, trace_file: { value: ["/tmp/x"] } },
});

function check({ code, details }: Pick<Ended, "code" | "details">, shown: string): void {
  assert.ok(!faults.includes(code), `${code} ${details} for ${shown}`);
  assert.doesNotMatch(details, inside, shown);
  assert.ok(!details.includes(root) && details.length < 3000, shown);
}

/** Sends bytes as a message, whatever they are. */
function bytesTo(path: string, bytes: Buffer): Promise<Pick<Ended, "code" | "details">> {
  const same = (value: Buffer) => value;
  return new Promise((done) => {
    const call = plain.makeUnaryRequest(path, same, same, bytes, { deadline: Date.now() + 20_000 } as never, () => {});
    call.on("status", done);
  });
}

describe("gRPC under attack", () => {
  it("answers whatever messages come without a fault or a path", async () => {
    for (let i = 0; i < 1200; i++) {
      const [method, message] = [chance.pick([...methods, "ModelInfer", "ModelInfer"]), request()];
      check(await client.call(method, message), `${method} ${JSON.stringify(message)}`);
    }
  });

  it("answers bytes that are no message without a word of its own inside", async () => {
    const valid = Buffer.concat([
      Buffer.from([10, 6]),
      Buffer.from("double"),
      Buffer.from([42, 9, 10, 1]),
      Buffer.from("x"),
      Buffer.from([18, 4]),
      Buffer.from("FP32"),
    ]);
    for (let i = 0; i < 300; i++) {
      const method = chance.pick([...methods, ...absent]);
      const bytes = chance.next() < 0.5 ? chance.mutated(valid) : chance.bytes(64);
      const { code, details } = await bytesTo(`/inference.GRPCInferenceService/${method}`, bytes);
      assert.notEqual(code, grpc.status.UNKNOWN, details);
      assert.doesNotMatch(details, /node_modules|\/work\/|\/tmp\/|\n\s+at /, details);
    }
  });

  it("ends streams that break its rules, and goes on with others", async () => {
    for (let i = 0; i < 40; i++) {
      const stream = client.stream();
      const ended = new Promise<Ended>((done) => {
        stream.on("data", ({ error_message: message }: { error_message?: string }) => assert.doesNotMatch(message ?? "", inside));
        stream.on("error", () => {});
        stream.on("status", done);
      });
      for (let n = 0; n <= chance.below(4); n++) stream.write(request());
      if (chance.next() < 0.7) stream.end();
      else stream.cancel();
      check(await ended, "a stream");
    }
  });

  it("answers as before when all that is over, and has told its log no fault", async () => {
    const inputs = [{ name: "x", datatype: "FP32", shape: [1, 2], contents: { fp32_contents: [1, 2] } }];
    const { answer, details } = await client.call("ModelInfer", { model_name: "double", inputs });
    assert.equal(details, "OK");
    assert.equal(answer.outputs[0].name, "y");
    assert.deepEqual(
      warned.filter((line) => /failed/.test(line)),
      [],
    );
  });
});
