import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Handler, handler, pipeline, startGrpc } from "cortado/serving";
import { GrpcClient } from "../clients/grpc-client.ts";
import { putModel } from "../models.ts";
import { exampleModels, readAnswer, startV2 } from "./open-inference-server.ts";
import { simple } from "./triton-models.ts";

const root = exampleModels();
for (const version of ["2", "3"]) putModel(root, `simple/${version}`, simple());
const source = "file:simple";
const words = handler({
  name: "words",
  access: "public",
  async *stream(text: string) {
    yield* text.split(" ");
  },
});
const counts = handler({ name: "counts", access: "public", inference: (items: unknown[]) => items.map(() => 1) });

/** The configurations of these handlers' models over HTTP, each the same over gRPC. */
async function configs(...handlers: Handler[]): Promise<Record<string, any>> {
  const server = await startV2(root, handlers);
  const grpc = await startGrpc(server.models, { port: 0, authorizer: { authorize() {} } });
  const client = new GrpcClient(grpc.address);
  const found: Record<string, any> = {};
  for (const { name } of handlers) {
    found[name] = (await readAnswer(await fetch(`${server.url}/v2/models/${name}/config`))).body;
    const { config } = (await client.call("ModelConfig", { name })).answer;
    const { all, latest, specific } = config.version_policy;
    assert.deepEqual(
      [Boolean(all), latest?.num_versions, specific?.versions.map(Number)],
      [
        Boolean(found[name].version_policy.all),
        found[name].version_policy.latest?.num_versions,
        found[name].version_policy.specific?.versions,
      ],
    );
    assert.equal(config.model_transaction_policy.decoupled, found[name].model_transaction_policy.decoupled);
    const scheduling = ["dynamic_batching", "sequence_batching", "ensemble_scheduling"];
    assert.equal(
      config.scheduling_choice,
      scheduling.find((choice) => choice in found[name]),
    );
  }
  client.close();
  await grpc.close();
  await server.close();
  return found;
}

describe("a model's configuration", () => {
  it("says which versions are served", async () => {
    const found = await configs(
      handler({ name: "every", source }),
      handler({ name: "newest", source, versions: { latest: 2 } }),
      handler({ name: "these", source, versions: ["1", "3"] }),
    );
    assert.deepEqual(
      ["every", "newest", "these"].map((name) => found[name].version_policy),
      [{ all: {} }, { latest: { num_versions: 2 } }, { specific: { versions: [1, 3] } }],
    );
  });

  it("says whether a request may be answered in pieces", async () => {
    const found = await configs(words, counts);
    assert.deepEqual(
      [found["words"], found["counts"]].map((config) => config.model_transaction_policy),
      [{ decoupled: true }, { decoupled: false }],
    );
  });

  it("names the file of an ONNX model, and none of what has no such file", async () => {
    const found = await configs(handler({ name: "rows", source }), counts);
    assert.deepEqual(
      ["rows", "counts"].map((name) => found[name].default_model_filename),
      ["model.onnx", ""],
    );
  });

  it("says how rows come together, and how they wait", async () => {
    const batch = { maxSize: 8, maxDelay: 2 };
    const queue = { maxSize: 50, levels: 4, maxWait: 200, whenLate: "delay" } as const;
    const { rows } = await configs(handler({ name: "rows", source, batch, queue }));
    assert.deepEqual(rows.dynamic_batching, {
      max_queue_delay_microseconds: 2000,
      priority_levels: 4,
      default_priority_level: 2,
      default_queue_policy: {
        timeout_action: "DELAY",
        default_timeout_microseconds: 200_000,
        allow_timeout_override: true,
        max_queue_size: 50,
      },
    });
  });

  it("says how sequences keep their state, which models a pipeline asks, and whether answers are kept", async () => {
    const steps = { words, first: { model: "simple", version: "2" }, other: { model: counts, alias: "stable" } };
    const found = await configs(
      handler({ name: "steps", source: "file:sequence-files", sequence: { state: { stateN: "state" }, idle: 5000 } }),
      pipeline({ name: "chain", steps, run: () => 1 }),
      handler({ name: "kept", source, cache: { maxSize: 10 } }),
    );
    assert.deepEqual(found["steps"].sequence_batching, {
      direct: {},
      max_sequence_idle_microseconds: 5_000_000,
      state: [{ input_name: "state", output_name: "stateN" }],
    });
    assert.equal("dynamic_batching" in found["steps"], false);
    assert.deepEqual(
      found["chain"].ensemble_scheduling.step.map((step: any) => [step.model_name, step.model_version]),
      [
        ["words", -1],
        ["simple", 2],
        ["counts", -1],
      ],
    );
    assert.deepEqual([found["kept"].response_cache, found["chain"].response_cache], [{ enable: true }, { enable: false }]);
  });
});

describe("a model's statistics", () => {
  it("say what a loaded version occupies, and nothing of one that is not loaded", async () => {
    const server = await startV2(root);
    const grpc = await startGrpc(server.models, { port: 0, authorizer: { authorize() {} } });
    const client = new GrpcClient(grpc.address);
    const of = async (version: string) =>
      (await readAnswer(await fetch(`${server.url}/v2/models/simple/versions/${version}/stats`))).body.model_stats[0];
    const [{ type, id, byte_size: bytes }] = (await of("3")).memory_usage;
    assert.deepEqual([type, id, Number.isInteger(bytes) && bytes > 0], ["CPU", 0, true]);
    assert.deepEqual((await of("1")).memory_usage, []);
    const told = (await client.call("ModelStatistics", { name: "simple", version: "3" })).answer.model_stats[0].memory_usage;
    assert.deepEqual([told.length, told[0].type, Number(told[0].byte_size) > 0], [1, "CPU", true]);
    client.close();
    await grpc.close();
    await server.close();
  });
});
