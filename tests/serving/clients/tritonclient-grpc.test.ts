import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, it } from "node:test";
import { handler, ModelServer, startGrpc } from "cortado/serving";
import { exampleModels } from "../protocols/open-inference-server.ts";
import { pythonEnvironment } from "./python-environment.ts";

const environment = pythonEnvironment("tritonclient-grpc", { packages: ["tritonclient[grpc]"] });
const range = (from: number, step = 1) => Array.from({ length: 16 }, (_, i) => from + i * step);

/** Serves Triton's example models over gRPC, asks them by the script, and gives what it told. */
async function asked(): Promise<Record<string, any>> {
  const root = exampleModels();
  const sequence = handler({
    name: "simple_sequence",
    source: "file:sequence-files",
    sequence: { state: { stateN: "state" } },
    batch: false,
  });
  const story = handler({
    name: "story",
    async *stream({ text }: { text: string }) {
      for (const ending of ["time", "spoon", "pot"]) yield `${text}${ending}`;
    },
  });
  const log = { info() {}, warn() {} };
  const models = new ModelServer({ directories: [root], root, handlers: [sequence, story], log });
  await models.start();
  await models.settled();
  const server = await startGrpc(models, { port: 0, authorizer: { authorize() {} }, serverName: "triton", log });
  try {
    const script = join(import.meta.dirname, "triton_grpc.py");
    const { stdout } = await promisify(execFile)(join(environment!, "bin/python"), [script, server.address], {
      timeout: 120_000,
    });
    return JSON.parse(stdout) as Record<string, any>;
  } finally {
    await server.close();
    await models.close();
  }
}

describe("Triton's client for Python over gRPC", { skip: environment === undefined && "PyPI cannot be reached" }, () => {
  it("finds all that it asks for", async () => {
    const told = await asked();
    assert.deepEqual([told["live"], told["ready"], told["model_ready"], told["name"]], [true, true, true, "triton"]);
    assert.deepEqual(told["metadata"], ["onnxruntime_onnx", ["1"], [[-1, 16], [-1, 16]]]); // oxfmt-ignore
    assert.deepEqual([told["config"].at(0), told["config"].at(-1), told["config_json"]], ["simple", 8, "TYPE_INT32"]);
    assert.deepEqual([told["sum"], told["difference"], told["id"]], [range(1), range(-1), "7"]);
    assert.deepEqual(told["only"], [true, range(-1)]);
    assert.deepEqual(told["classes"], ["16:15", "15:14"]);
    assert.deepEqual(told["texts"], ["2", "4"]);
    assert.deepEqual(new Set(Object.values(told["echo"] as object)), new Set([true]), JSON.stringify(told["echo"]));
    assert.deepEqual(
      told["async"],
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
    assert.deepEqual(told["sequence"], [0, 1, 3, 6, 10]);
    assert.match(told["stream_error"], /Request for unknown model: 'nope' is not found/);
    assert.deepEqual(told["pieces"], ["teatime", "teaspoon", "teapot"]);
    assert.deepEqual(told["unknown"], ["StatusCode.NOT_FOUND", "Request for unknown model: 'nope' is not found"]);
    assert.equal(told["misfit"][0], "StatusCode.INVALID_ARGUMENT");
    assert.deepEqual(told["statistics"], [true, true]);
    assert.deepEqual(told["index"], ["simple", "simple_identity", "simple_sequence", "simple_string"]);
    assert.deepEqual([told["unloaded"], told["loaded"]], [false, true]);
    assert.match(told["load_error"][1], /failed to load 'nope'/);
    assert.deepEqual([told["log"].bool_param, told["trace"]], [true, ["OFF"]]);
    assert.equal(told["shared_memory"], "StatusCode.UNIMPLEMENTED");
  });
});
