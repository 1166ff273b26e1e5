import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { chainModel, putModel, temporaryFolder, timesModel } from "../models.ts";
import { refusal } from "../refused.ts";
import { factor, publish, states, withServer } from "./served.ts";

describe("explicit mode", () => {
  it("answers nothing until a model is loaded, and lists every version, loaded or not", async () => {
    const root = temporaryFolder();
    await publish(root, "1");
    await publish(root, "2");
    await publish(root, "1", { model: "other" });
    await withServer({ directories: [root], mode: "explicit" }, async (server) => {
      await assert.rejects(
        factor(server),
        refusal({
          code: "SERVING_NOT_LOADED",
          message: 'The model "times" is not loaded.',
          hint: "Load it: POST …/models/NAME/load.",
        }),
      );
      assert.deepEqual(await server.index(), [
        { name: "other", version: "1", state: "unloaded" },
        { name: "times", version: "1", state: "unloaded" },
        { name: "times", version: "2", state: "unloaded" },
      ]);
      await server.load("times");
      assert.equal(await factor(server), 2);
      assert.equal(server.describe("times").ready, true);
      assert.equal(server.describe("other").served, false);
      assert.deepEqual((await server.index()).at(-1), { name: "times", version: "2", state: "ready" });
    });
  });

  it("loads at the start what it is told to", async () => {
    const root = temporaryFolder();
    for (const model of ["a", "b"]) await publish(root, "1", { model });
    await withServer({ directories: [root], mode: "explicit", load: ["a"] }, async (server) => {
      assert.equal(await factor(server, {}, "a"), 1);
      await assert.rejects(factor(server, {}, "b"), refusal({ code: "SERVING_NOT_LOADED" }));
    });
    await withServer({ directories: [root], mode: "explicit", load: ["*"] }, async (server) => {
      assert.equal(await factor(server, {}, "b"), 1);
    });
  });

  it("changes a loaded model when it is loaded again, and not before", async () => {
    const root = temporaryFolder();
    await publish(root, "1");
    await withServer({ directories: [root], mode: "explicit", load: ["*"] }, async (server) => {
      await publish(root, "2");
      await sleep(600);
      assert.equal(await factor(server), 1);
      await server.load("times");
      assert.equal(await factor(server), 2);
      rmSync(join(root, "times/1"), { recursive: true });
      await publish(root, "1", { bytes: timesModel(1) });
      await server.load("times");
      assert.equal(await factor(server, { version: "1" }), 1);
    });
  });

  it("finds a model that was put there since, when it is loaded or the index is asked for", async () => {
    const root = temporaryFolder();
    await withServer({ directories: [root], mode: "explicit" }, async (server) => {
      await assert.rejects(server.load("times"), refusal({ code: "SERVING_UNKNOWN_MODEL" }));
      await publish(root, "1");
      assert.equal((await server.index()).length, 1);
      await server.load("times");
      assert.equal(await factor(server), 1);
    });
  });

  it("keeps what is loaded when the newer version does not load, and says so", async () => {
    const root = temporaryFolder();
    await publish(root, "1");
    await withServer({ directories: [root], mode: "explicit", load: ["*"] }, async (server) => {
      await publish(root, "2", { bytes: Buffer.from("no model") });
      await assert.rejects(server.load("times"), refusal({ code: "SERVING_VERSION_FAILED", message: /^Version 2 of the model/ }));
      assert.equal(await factor(server), 1);
      const failed = (await server.index()).at(-1)!;
      assert.deepEqual([failed.version, failed.state], ["2", "failed"]);
      assert.match(failed.error!, /ONNX/);
    });
  });

  it("lets a model go once what is in flight has been answered", async () => {
    const root = temporaryFolder();
    putModel(root, "slow/1", chainModel(60, 384));
    await withServer({ directories: [root] }, async (server) => {
      const x = Array.from({ length: 384 }, () => Array.from({ length: 384 }, () => 0));
      const running = server.predict("slow", [{ x }]);
      const gone = server.unload("slow");
      await sleep(0);
      assert.deepEqual(states(server, "slow"), ["1 unloading"]);
      assert.equal((await server.index())[0]!.state, "unloading");
      await assert.rejects(server.predict("slow", [{ x }]), refusal({ code: "SERVING_NOT_LOADED" }));
      assert.equal((await running).version, "1");
      await gone;
      assert.deepEqual(states(server, "slow"), ["1 unloaded"]);
    });
  });

  it("serves loading and unloading from many callers at once one after the other", async () => {
    const root = temporaryFolder();
    await publish(root, "1");
    await withServer({ directories: [root], mode: "explicit" }, async (server) => {
      const calls = Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? server.load("times") : server.unload("times")));
      await Promise.all(calls);
      await server.load("times");
      assert.equal(await factor(server), 1);
      await server.unload("times");
      assert.deepEqual(states(server), ["1 unloaded"]);
    });
  });

  it("unloads one version of a model, which is loaded again when it is asked for", async () => {
    const root = temporaryFolder();
    await publish(root, "1");
    await publish(root, "2");
    await withServer({ directories: [root] }, async (server) => {
      await server.load("times", { version: "1" });
      assert.deepEqual(states(server), ["2 ready", "1 ready"]);
      await server.unload("times", { version: "1" });
      assert.deepEqual(states(server), ["2 ready", "1 unloaded"]);
      assert.equal(await factor(server, { version: "1" }), 1);
      await assert.rejects(server.load("times", { version: "9" }), refusal({ code: "SERVING_UNKNOWN_VERSION" }));
    });
  });
});
