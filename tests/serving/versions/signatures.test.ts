// A new version of a handler's model that takes or gives something else than the one that answers.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { DiskAliasStore, type Handler, handler, type ModelServer, tensor, writeManifest } from "cortado/serving";
import { putModel, temporaryFolder, timesModel } from "../models.ts";
import { type ElementType, onnxModel, type Size } from "../onnx-writer.ts";
import { refusal } from "../refused.ts";
import { publish, states, until, withServer } from "./served.ts";

type Value = readonly [name: string, type: ElementType, shape: readonly Size[]];

/** Gives the first input under the name of every output, the others' values do not matter. */
function model(inputs: readonly Value[], outputs: readonly Value[]): Uint8Array {
  const values = (list: readonly Value[]) => list.map(([name, type, shape]) => ({ name, type, shape }));
  const nodes = outputs.map(([name]) => ({ op: "Identity", inputs: [inputs[0]![0]], outputs: [name] }));
  return onnxModel({ nodes, inputs: values(inputs), outputs: values(outputs) });
}

const image: Value = ["image", "float", ["batch", 4]];
const scores: Value = ["scores", "float", ["batch", 4]];

/** A handler whose code knows the names and shapes of its model, and says nothing else of it. */
const digits = handler({
  name: "digits",
  source: "file:digits",
  preprocess: ({ pixels }: { pixels: number[] }) => ({ image: tensor("float32", pixels) }),
  postprocess: ({ scores: given }) => ({ best: Math.max(...given!.numbers()) }),
});

const put = (root: string, version: string, bytes: Uint8Array) => publish(root, version, { bytes, model: "digits" });
const ask = async (server: ModelServer) => {
  const { outputs, version } = await server.predict("digits", [{ pixels: [1, 4, 2, 3] }]);
  return [version, outputs[0]];
};

/** A server whose model `digits` has the version 1, and the folder of its versions. */
async function withFirst(work: (server: ModelServer, root: string) => Promise<void>, options: object = {}, of: Handler = digits) {
  const root = temporaryFolder();
  await put(root, "1", model([image], [scores]));
  await withServer({ handlers: [of], root, log: { info() {}, warn() {} }, ...options }, (server) => work(server, root));
  rmSync(root, { recursive: true, force: true });
}

describe("a new version of a handler's model", () => {
  it("that takes and gives something else is refused, and the one before goes on answering", () =>
    withFirst(async (server, root) => {
      await put(root, "2", timesModel(2));
      await assert.rejects(server.tryVersion("digits", "2"), (error: Error) => {
        assert.equal((error as { code?: string }).code, "SERVING_VERSION_FAILED");
        refusal({
          code: "SERVING_OTHER_SIGNATURE",
          message:
            "It does not fit in the place of version 1: " +
            "the input image FP32 [-1, 4] is expected, and it has none of that name (it has x FP32 [-1, 2]); " +
            "the output scores FP32 [-1, 4] is expected, and it has none of that name (it has y FP32 [-1, 2]).",
          hint: /^Give the handler warmUp or golden items, .+; or load the version by its number, which takes it as it is\.$/,
        })(error.cause);
        return true;
      });
      assert.deepEqual(states(server, "digits"), ["2 failed", "1 ready"]);
      assert.match(server.versions("digits")[0]!.error!, /the input image FP32 \[-1, 4\] is expected/);
      assert.deepEqual(await ask(server), ["1", { best: 4 }]);
      await assert.rejects(
        server.setAlias("digits", "default", { version: "2" }),
        refusal({ code: "SERVING_VERSION_FAILED", message: /does not fit in the place of version 1/, hint: /^Give the handler/ }),
      );
      assert.deepEqual(await ask(server), ["1", { best: 4 }]);
    }));

  const other: readonly (readonly [string, Uint8Array, RegExp])[] = [
    [
      "an output of another name",
      model([image], [["y", "float", ["batch", 4]]]),
      /the output scores FP32 \[-1, 4\] is expected, and it has none of that name \(it has y FP32 \[-1, 4\]\)\.$/,
    ],
    [
      "another type",
      model([["image", "double", ["batch", 4]]], [["scores", "double", ["batch", 4]]]),
      /the input image FP32 \[-1, 4\] is expected, and it has image FP64 \[-1, 4\]; the output .+ scores FP64 \[-1, 4\]\.$/,
    ],
    [
      "another size",
      model([["image", "float", ["batch", 5]]], [["scores", "float", ["batch", 5]]]),
      /and it has image FP32 \[-1, 5\]; .+ it has scores FP32 \[-1, 5\]\.$/,
    ],
    [
      "another number of dimensions",
      model([["image", "float", ["batch", 2, 2]]], [["scores", "float", ["batch", 2, 2]]]),
      /and it has image FP32 \[-1, 2, 2\];/,
    ],
    [
      "no rows",
      model([["image", "float", [1, 4]]], [["scores", "float", [1, 4]]]),
      /the input image FP32 \[-1, 4\] is expected, and it has image FP32 \[1, 4\];/,
    ],
    [
      "one more input",
      model([image, ["mask", "float", ["batch", 4]]], [scores]),
      /: the input mask FP32 \[-1, 4\] is not expected, and has to be given\.$/,
    ],
    [
      "seven more inputs, of which five are named and the others counted,",
      model(
        [image, ..."abcdefg"].map((each) => (typeof each === "string" ? [each, "float", [1]] : each)),
        [scores],
      ),
      /: the input a FP32 \[1\] is not .+; the input e FP32 \[1\] is not expected, and has to be given; and 2 more\.$/,
    ],
  ];
  for (const [what, bytes, message] of other) {
    it(`with ${what} is refused`, () =>
      withFirst(async (server, root) => {
        await put(root, "2", bytes);
        await assert.rejects(server.tryVersion("digits", "2"), message);
        assert.deepEqual(await ask(server), ["1", { best: 4 }]);
      }));
  }

  const alike: readonly (readonly [string, Uint8Array])[] = [
    ["one more output", model([image], [["extra", "float", ["batch", 4]], scores])],
    ["sizes that may vary now", model([["image", "float", ["batch", "width"]]], [["scores", "float", ["batch", "width"]]])],
  ];
  for (const [what, bytes] of alike) {
    it(`with ${what} is taken`, () =>
      withFirst(async (server, root) => {
        await put(root, "2", bytes);
        await server.tryVersion("digits", "2");
        await until(async () => (await ask(server))[0] === "2");
      }));
  }

  it("that was only put in its folder is refused too, and taken when the one before has gone", () =>
    withFirst(async (server, root) => {
      await put(root, "2", model([image], [["y", "float", ["batch", 4]]]));
      await until(() => states(server, "digits")[0] === "2 failed");
      assert.deepEqual(await ask(server), ["1", { best: 4 }]);
      rmSync(join(root, "digits/1"), { recursive: true });
      await until(() => states(server, "digits").join() === "2 ready");
    }));

  it("is taken as it is by who loads it by its number", () =>
    withFirst(async (server, root) => {
      await put(root, "2", model([image], [scores, ["mask", "float", ["batch", 4]]]));
      await put(root, "3", model([image], [["y", "float", ["batch", 4]]]));
      await assert.rejects(
        server.load("digits", {}).then(() => server.tryVersion("digits", "3")),
        /does not fit/,
      );
      await server.load("digits", { version: "3" });
      await until(() => server.describe("digits").aliases["default"] === "3");
      await assert.rejects(ask(server));
      assert.equal((await server.rollBack("digits")).version, "2");
      assert.deepEqual(await ask(server), ["2", { best: 4 }]);
    }));

  it("whose files change in place is held against what they were", async () => {
    const warned: string[] = [];
    const log = { info() {}, warn: (text: string) => warned.push(text) };
    await withFirst(
      async (server, root) => {
        await writeManifest(putModel(root, "digits/1", timesModel(2)), { model: "digits", version: "1" });
        await until(() => warned.length > 0);
        assert.match(warned[0]!, /^Version 1 .+ does not fit in the place of version 1: .+ Give the handler warmUp or golden/);
        assert.deepEqual(await ask(server), ["1", { best: 4 }]);
        const bytes = model([image], [["extra", "float", ["batch", 4]], scores]);
        await writeManifest(putModel(root, "digits/1", bytes), { model: "digits", version: "1" });
        await until(() => server.versions("digits")[0]!.signature!.outputs.length === 2);
        assert.deepEqual(await ask(server), ["1", { best: 4 }]);
      },
      { log },
    );
  });

  it("of a server that loads lazily is held against the one before, which is loaded for that", () =>
    withFirst(
      async (server, root) => {
        await put(root, "2", timesModel(2));
        await assert.rejects(server.tryVersion("digits", "2"), /does not fit in the place of version 1/);
        assert.deepEqual(await ask(server), ["1", { best: 4 }]);
      },
      { loading: "lazy" },
    ));

  it("of a server that loads lazily is held against what default is pinned to, asked for or not", () =>
    withFirst(async (_, root) => {
      await put(root, "2", model([image], [["y", "float", ["batch", 4]]]));
      const lazy = { handlers: [digits], root, log: { info() {}, warn() {} }, loading: "lazy" } as const;
      const aliases = new DiskAliasStore(join(root, "aliases.json"));
      await withServer({ ...lazy, aliases }, async (server) => {
        await server.setAlias("digits", "default", { version: "1" });
      });
      await withServer({ ...lazy, aliases }, async (server) => {
        assert.deepEqual(states(server, "digits"), ["2 unloaded", "1 unloaded"]);
        await assert.rejects(server.tryVersion("digits", "2"), /does not fit in the place of version 1/);
      });
    }));

  it("is held against the newest before it that loads", () =>
    withFirst(
      async (server, root) => {
        await put(root, "2", new TextEncoder().encode("no model"));
        await put(root, "3", model([image], [["y", "float", ["batch", 4]]]));
        await assert.rejects(server.tryVersion("digits", "3"), /does not fit in the place of version 1/);
      },
      { loading: "lazy" },
    ));

  it("that is refused where the model is not loaded leaves nothing loaded", () =>
    withFirst(
      async (server, root) => {
        await put(root, "2", timesModel(2));
        await assert.rejects(server.tryVersion("digits", "2"), /does not fit in the place of version 1/);
        assert.deepEqual(states(server, "digits"), ["2 failed", "1 unloaded"]);
      },
      { mode: "explicit" },
    ));

  it("that was trained here may change with the handler's code", () =>
    withFirst(async (server, root) => {
      putModel(root, "digits/2", model([image], [["y", "float", ["batch", 4]]]));
      await writeManifest(join(root, "digits/2"), { model: "digits", version: "2", run: "7" });
      await server.tryVersion("digits", "2");
    }));

  it("without a handler may be any", async () => {
    const root = temporaryFolder();
    await put(root, "1", model([image], [scores]));
    await withServer({ directories: [root] }, async (server) => {
      await put(root, "2", timesModel(2));
      await server.tryVersion("digits", "2");
      await until(() => server.describe("digits").aliases["default"] === "2");
      assert.deepEqual((await server.predict("digits", [{ x: [1, 2] }])).outputs, [{ y: [2, 4] }]);
    });
  });

  const warm = handler({ ...digits.options, warmUp: [{ pixels: [1, 2, 3, 4] }] });

  it("is tried with the handler's warm-up instead, all the way through its code", () =>
    withFirst(
      async (server, root) => {
        await put(root, "2", timesModel(2));
        await assert.rejects(
          server.tryVersion("digits", "2"),
          /The preprocess of the handler "digits" gave no tensor "x"; the model takes x FP32 \[-1, 2\]\.$/,
        );
        await put(root, "3", model([image], [["y", "float", ["batch", 4]]]));
        await assert.rejects(
          server.tryVersion("digits", "3"),
          /The code of the handler "digits" failed on warmUp\[0\]: Cannot read properties of undefined/,
        );
        await put(root, "4", model([["image", "float", ["batch", "width"]]], [["scores", "float", [1, "width"]]]));
        await server.tryVersion("digits", "4");
        await until(async () => (await ask(server))[0] === "4");
      },
      {},
      warm,
    ));
});
