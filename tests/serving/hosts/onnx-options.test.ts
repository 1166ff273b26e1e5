import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { handler, ModelServer, onnx, type OnnxOptions } from "cortado/serving";
import { chainModel, memoryModel, putModel, temporaryFolder, timesModel } from "../models.ts";
import { refusal } from "../refused.ts";

const root = temporaryFolder();
putModel(root, "double/1", timesModel(2));
putModel(root, "chain/1", chainModel(4, 256));
putModel(root, "memory/1", memoryModel());

const servers: ModelServer[] = [];
after(() => Promise.all(servers.map((server) => server.close())));

async function serve(name: string, source: string, options: OnnxOptions): Promise<ModelServer> {
  const server = new ModelServer({ handlers: [handler({ name, source: `file:${source}`, runtime: onnx(options) })], root });
  servers.push(server);
  await server.start();
  await server.settled();
  return server;
}

describe("onnx()", () => {
  it("runs a model on several threads", async () => {
    const server = await serve("chain", "chain", { threads: 2, providers: [{ name: "cpu" }] });
    const x = Array.from({ length: 256 }, () => Array.from({ length: 256 }, () => 0));
    const { outputs } = await server.predict("chain", [{ x }]);
    assert.equal((outputs[0] as { y: number[][] }).y.length, 256);
  });

  it("refuses options that it cannot take, and names the nearest provider", () => {
    assert.throws(
      () => onnx({ threads: 0 }),
      refusal({
        code: "SERVING_BAD_RUNTIME",
        message: 'The option "threads" of onnx() is 0, and has to be a whole number from 1 on.',
      }),
    );
    assert.throws(() => onnx({ memory: 1.5 }), refusal({ code: "SERVING_BAD_RUNTIME", message: /"memory" .* is 1\.5/ }));
    assert.throws(() => onnx({ providers: [] }), refusal({ code: "SERVING_BAD_RUNTIME", message: /is not a list of names/ }));
    assert.throws(
      () => onnx({ providers: ["cudda" as "cuda"] }),
      refusal({
        code: "SERVING_BAD_RUNTIME",
        message: 'The option "providers" of onnx() names "cudda". There are: cpu, cuda, tensorrt, coreml, dml, webgpu, qnn.',
        hint: 'Did you mean "cuda"?',
      }),
    );
  });

  it("refuses a provider that the machine does not have, with what brings it", async () => {
    const absent = process.platform === "darwin" ? "dml" : "coreml";
    const server = await serve("double", "double", { providers: [absent, "cpu"] });
    const code = "SERVING_MISSING_PROVIDER";
    const [version] = server.versions("double");
    assert.equal(version!.state, "failed", code);
    assert.match(version!.error!, new RegExp(`^The execution provider "${absent}" cannot be used here: .+\\. It is part of`));
    await assert.rejects(
      server.predict("double", [{ x: [1, 1] }]),
      refusal({ code: "SERVING_NOT_READY", message: /execution provider/ }),
    );
  });

  it("says how CUDA comes to a machine without it", async (test) => {
    const server = await serve("double", "double", { providers: ["cuda"] });
    const [version] = server.versions("double");
    if (version!.state === "ready") return test.skip("this machine has CUDA");
    assert.match(version!.error!, /"cuda" cannot be used here: .*(libraries are not installed|built without it|CUDA)/);
    assert.match(version!.error!, /ONNXRUNTIME_NODE_INSTALL=cuda12 npm explore onnxruntime-node -- node script\/install\.js/);
  });

  it("gives a model with a memory limit a process of its own, ended where it needs more", async () => {
    const limit = 400 * 2 ** 20;
    const server = await serve("memory", "memory", { memory: limit });
    const before = server.hosts.processIds();
    assert.deepEqual((await server.predict("memory", [{ size: [1000] }])).outputs, [{ sum: 1000 }]);
    await assert.rejects(
      server.predict("memory", [{ size: [600_000_000] }]),
      refusal({
        code: "SERVING_OVER_MEMORY",
        message: 'The model "memory" needed more memory for this prediction than the 400 MB that it may have.',
        hint: "Send less at once, or raise memory of its runtime or the setting serving.hosts.memory.",
      }),
    );
    assert.deepEqual((await server.predict("memory", [{ size: [2000] }])).outputs, [{ sum: 2000 }]);
    assert.ok(server.hosts.processIds().every((processId) => !before.includes(processId)));
  });

  it("does not load what needs more than its memory limit when it is tried", async () => {
    const server = await serve("double", "double", { memory: 20 * 2 ** 20 });
    const [version] = server.versions("double");
    assert.equal(version!.state, "failed", "SERVING_QUARANTINE");
    assert.match(
      version!.error!,
      /^It was tried apart from the other models, and its process ended \(it occupied \d+ MB, and 20 MB are allowed\)\.$/,
    );
  });
});
