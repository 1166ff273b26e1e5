import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { handler, type ModelServer, serveDirectory, type Shadow, tensor, type Tensors } from "cortado/serving";
import { chainModel, gatherModel, loopModel, temporaryFolder, timesModel } from "../models.ts";
import { refusal } from "../refused.ts";
import { factor, publish, until, withServer } from "./served.ts";

const shadowed = (server: ModelServer, shadow: Shadow) => server.setAlias("times", "default", { version: "1", shadow });
const statistics = (server: ModelServer) => server.describe("times").shadows["default"]!;

describe("a shadow", () => {
  it("is asked what the alias is asked, and counts whether it agrees", async () => {
    const root = temporaryFolder();
    await publish(root, "1");
    await publish(root, "2", { bytes: timesModel(1.00001) });
    await publish(root, "3");
    await withServer({ directories: [root] }, async (server) => {
      await shadowed(server, { version: "2" });
      for (let i = 0; i < 5; i++) assert.equal(await factor(server), 1);
      await until(() => statistics(server)?.agreed === 5, "five agreements");
      assert.deepEqual(statistics(server), { version: "2", agreed: 5, differed: 0, failed: 0, skipped: 0 });
      await shadowed(server, { version: "3" });
      assert.equal(await factor(server), 1);
      await until(() => statistics(server)?.differed === 1, "a difference");
      assert.equal(statistics(server).lastDifference, "outputs[0].y[0]");
      await shadowed(server, { version: "2", tolerance: 0 });
      assert.equal(await factor(server), 1);
      await until(() => statistics(server)?.differed === 1, "a difference");
    });
  });

  it("compares tensors, below the handler", async () => {
    const root = temporaryFolder();
    for (const version of ["1", "2"]) await publish(root, version);
    await withServer({ directories: [root] }, async (server) => {
      await shadowed(server, { version: "2" });
      await server.infer("times", { x: tensor("float32", [0, 5], [1, 2]) });
      await until(() => statistics(server)?.differed === 1, "a difference");
      assert.equal(statistics(server).lastDifference, "outputs[0].y[1]");
    });
  });

  it("is asked what comes over the protocols of TensorFlow Serving, TorchServe and Triton", async () => {
    const root = temporaryFolder();
    for (const version of ["1", "2"]) await publish(root, version);
    const { url, models, close } = await serveDirectory(root, { port: 0, log: { info() {}, warn() {} } });
    try {
      await models.settled();
      await shadowed(models, { version: "2" });
      const post = (path: string, body: object) => fetch(`${url}/${path}`, { method: "POST", body: JSON.stringify(body) });
      const inputs = [{ name: "x", datatype: "FP32", shape: [1, 2], data: [0, 5] }];
      for (const [i, answer] of [
        await post("v1/models/times:predict", { instances: [{ x: [0, 5] }] }),
        await post("predictions/times", { x: [[0, 5]] }),
        await post("v2/models/times/infer", { inputs }),
        await post("v2/models/times/generate", { x: [0, 5] }),
      ].entries()) {
        assert.equal(answer.status, 200, await answer.text());
        await until(() => statistics(models)?.differed > i, `a difference over protocol ${i}`);
      }
    } finally {
      await close();
    }
  });

  it("is not asked when a certain version is wanted, and only its share when it has one", async () => {
    const root = temporaryFolder();
    for (const version of ["1", "2"]) await publish(root, version);
    await withServer({ directories: [root] }, async (server) => {
      await shadowed(server, { version: "2", percent: 0 });
      await factor(server);
      await shadowed(server, { version: "2" });
      await factor(server, { version: "1" });
      await factor(server, { version: "1", alias: "default" });
      await until(() => statistics(server)?.differed === 1, "a difference");
      await sleep(50);
      assert.equal(statistics(server).differed, 1);
    });
  });

  it("that is slow delays no answer: it is left out while it is behind", async () => {
    const root = temporaryFolder();
    await publish(root, "1", { model: "chain", bytes: chainModel(1, 64) });
    await publish(root, "2", { model: "chain", bytes: chainModel(2000, 64) });
    await withServer({ directories: [root] }, async (server) => {
      await server.setAlias("chain", "default", { version: "1", shadow: { version: "2" } });
      const x = Array.from({ length: 64 }, () => Array.from({ length: 64 }, () => 0.1));
      for (let i = 0; i < 60; i++) assert.equal((await server.predict("chain", [{ x }])).version, "1");
      const { agreed, differed, skipped } = server.describe("chain").shadows["default"]!;
      assert.ok(skipped > 0, "it kept up");
      assert.ok(agreed + differed + skipped < 60, "nothing waited for it");
    });
  });

  it("that fails counts as failed, and the answer stands", async () => {
    const root = temporaryFolder();
    await publish(root, "1", { model: "pick", bytes: loopModel() });
    await publish(root, "2", { model: "pick", bytes: gatherModel() });
    const pick = handler({
      name: "pick",
      source: "file:pick",
      preprocess: ({ n }: { n: number }, { version }): Tensors =>
        version === "1" ? { count: tensor("int64", [BigInt(n)], []) } : { x: tensor("int64", [99n], []) },
      postprocess: (outputs) => outputs["y"]!.numbers()[0]!,
    });
    await withServer({ root, handlers: [pick] }, async (server) => {
      await server.setAlias("pick", "default", { version: "1", shadow: { version: "2" } });
      assert.equal((await server.predict("pick", [{ n: 3 }])).outputs[0], 3);
      await until(() => server.describe("pick").shadows["default"]?.failed === 1, "a failure");
    });
  });

  it("with a share or tolerance that cannot be is refused with what is possible", async () => {
    const root = temporaryFolder();
    for (const version of ["1", "2"]) await publish(root, version);
    await withServer({ directories: [root] }, async (server) => {
      const refused = (shadow: Partial<Shadow>, message: string) =>
        assert.rejects(shadowed(server, { version: "2", ...shadow }), refusal({ code: "SERVING_BAD_INPUT", message }));
      await refused({ percent: -1 }, "shadow.percent is -1, and must be a number from 0 to 100.");
      await refused({ tolerance: 2 }, "shadow.tolerance is 2, and must be a number from 0 to 1.");
    });
  });
});
