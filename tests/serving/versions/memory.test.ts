import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Handler, handler, type Runtime } from "cortado/serving";
import { perceptron, temporaryFolder } from "../models.ts";
import { refusal } from "../refused.ts";
import { publish, states, until, withServer } from "./served.ts";

/** About 430 kB each. */
const bytes = perceptron();
const image = Array.from({ length: 784 }, () => 0.5);

async function folderOf(...models: string[]): Promise<string> {
  const root = temporaryFolder();
  for (const model of models) await publish(root, "1", { model, bytes });
  return root;
}

describe("lazily loaded models", () => {
  it("are loaded when they are asked for, and count as ready before", async () => {
    const root = await folderOf("a", "b");
    await withServer({ directories: [root], loading: "lazy" }, async (server) => {
      assert.deepEqual([states(server, "a"), states(server, "b")], [["1 unloaded"], ["1 unloaded"]]);
      assert.equal(server.describe("a").ready, true);
      await server.predict("a", [{ image }]);
      assert.deepEqual([states(server, "a"), states(server, "b")], [["1 ready"], ["1 unloaded"]]);
    });
  });

  it("answer with the newest version that loads", async () => {
    const root = await folderOf("a");
    await publish(root, "2", { model: "a", bytes: Buffer.from("no model") });
    await withServer({ directories: [root], loading: "lazy" }, async (server) => {
      const many = await Promise.all(Array.from({ length: 5 }, () => server.predict("a", [{ image }])));
      assert.deepEqual([...new Set(many.map(({ version }) => version))], ["1"]);
    });
  });

  it("are loaded before anyone asks where their handler keeps them", async () => {
    const root = await folderOf("a", "b");
    const a = handler({ name: "a", source: "file:a", keep: true });
    await withServer({ root, handlers: [a], directories: ["."], loading: "lazy" }, async (server) => {
      assert.deepEqual([states(server, "a"), states(server, "b")], [["1 ready"], ["1 unloaded"]]);
    });
  });
});

/** Models without files that say how many bytes they occupy. */
function sized(name: string, bytes: number, options: { keep?: boolean } = {}): Handler {
  const runtime: Runtime = {
    kind: "sized",
    needsFiles: false,
    load: async () => ({
      takes: "items",
      batches: false,
      slots: 1,
      run: async (items) => ({ result: items, milliseconds: 0 }),
      memory: () => bytes,
      close() {},
    }),
  };
  return handler({ name, runtime, ...options });
}

describe("a memory budget", () => {
  it("lets go of the model that was asked for longest ago, and loads it again when it is asked for", async () => {
    const handlers = ["a", "b", "c"].map((name) => sized(name, 400));
    await withServer({ handlers, loading: "lazy", memory: 1000 }, async (server) => {
      const loaded = () => ["a", "b", "c"].filter((model) => states(server, model)[0] === "1 ready").join("");
      for (const name of ["a", "b", "a"]) await server.predict(name, [1]);
      assert.equal(loaded(), "ab");
      await server.predict("c", [1]);
      assert.equal(loaded(), "ac");
      assert.equal(server.describe("b").ready, true);
      await server.predict("b", [1]);
      assert.equal(loaded(), "bc");
      assert.equal(server.versions("b")[0]!.memory, 400);
    });
  });

  it("holds eagerly loaded models to it too", async () => {
    const handlers = ["a", "b", "c"].map((name) => sized(name, 400));
    await withServer({ handlers, memory: 1000 }, async (server) => {
      const loaded = ["a", "b", "c"].filter((model) => states(server, model)[0] === "1 ready");
      assert.equal(loaded.length, 2);
      assert.ok(server.list().every((model) => model.ready));
    });
  });

  it("counts the bytes of a version's files where nothing else is known of it", async () => {
    const root = await folderOf("a");
    await withServer({ directories: [root] }, async (server) => {
      assert.ok(server.versions("a")[0]!.memory! >= bytes.byteLength);
    });
  });

  it("answers every request while models that do not fit together take turns", async () => {
    const models = ["a", "b", "c", "d"];
    await withServer({ handlers: models.map((name) => sized(name, 400)), loading: "lazy", memory: 500 }, async (server) => {
      const asked = Array.from({ length: 40 }, (_, i) => server.predict(models[i % models.length]!, [i]));
      assert.deepEqual(
        (await Promise.all(asked)).map(({ outputs }) => outputs[0]),
        Array.from({ length: 40 }, (_, i) => i),
      );
      await server.predict("a", [1]);
      assert.deepEqual(
        models.filter((model) => states(server, model)[0] === "1 ready"),
        ["a"],
      );
    });
  });

  it("never lets go of what is kept, and says what does not fit beside it", async () => {
    const handlers = [sized("a", 400, { keep: true }), sized("b", 700)];
    await withServer({ handlers, loading: "lazy", memory: 1000 }, async (server) => {
      const problem = "b@1 needs 700 bytes, and models that are always kept hold 400; the models may have 1000 together.";
      await assert.rejects(server.predict("b", [1], { version: "1" }), (error: Error) =>
        refusal({
          code: "SERVING_NO_MEMORY",
          message: problem,
          hint: "Raise the setting serving.memory, or keep fewer models.",
        })(error.cause),
      );
      await assert.rejects(server.predict("b", [1]), refusal({ code: "SERVING_NOT_READY" }));
      assert.deepEqual(states(server, "a"), ["1 ready"]);
    });
  });

  it("lets a new version take over although both do not fit", async () => {
    const root = await folderOf("a");
    await withServer({ directories: [root] }, async (measuring) => {
      const memory = measuring.versions("a")[0]!.memory! * 1.5;
      await withServer({ directories: [root], memory }, async (server) => {
        await publish(root, "2", { model: "a", bytes });
        await until(() => server.describe("a").aliases["default"] === "2" || states(server, "a")[0] === "2 failed");
        assert.deepEqual((await server.predict("a", [{ image }])).version, "2");
      });
    });
  });
});
