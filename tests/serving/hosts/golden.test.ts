import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type GoldenAnswer, handler } from "cortado/serving";
import { putModel, temporaryFolder, timesModel } from "../models.ts";
import { refusal } from "../refused.ts";
import { withServer } from "../versions/served.ts";

/** A folder whose model `times` has a version that multiplies by two and one that multiplies by three. */
function twoVersions(): string {
  const root = temporaryFolder();
  putModel(root, "times/1", timesModel(2));
  putModel(root, "times/2", timesModel(3));
  return root;
}

describe("golden answers", () => {
  it("of the handler keep a version that answers otherwise from becoming ready", async () => {
    const golden = [{ input: { x: [1, 2] }, output: { y: [2, 4] } }];
    const times = handler({ name: "times", source: "file:times", golden });
    await withServer({ handlers: [times], root: twoVersions() }, async (server) => {
      const [newest, before] = server.versions("times");
      assert.equal(newest!.state, "failed", "SERVING_WRONG_ANSWER");
      assert.equal(newest!.error, "It answers the golden input 0 wrongly: output.y[0] is 3, and 2 is expected.");
      assert.equal(before!.state, "ready");
      const { outputs, version } = await server.predict("times", [{ x: [1, 1] }]);
      assert.deepEqual([outputs, version], [[{ y: [2, 2] }], "1"]);
      await assert.rejects(
        server.predict("times", [{ x: [1, 1] }], { version: "2" }),
        refusal({ code: "SERVING_VERSION_FAILED", message: /golden input 0 wrongly/ }),
      );
    });
  });

  it("go through the handler's own code, and know a tolerance", async () => {
    const rough = handler({
      name: "times",
      source: "file:times",
      postprocess: ({ y }) => ({ sum: y!.numbers().reduce((a, b) => a + b, 0), label: "fine" }),
      golden: [{ input: { x: [1, 2] }, output: { sum: 8.5, label: "fine" }, tolerance: 0.1 }],
    });
    await withServer({ handlers: [rough], root: twoVersions() }, async (server) => {
      assert.deepEqual(
        server.versions("times").map(({ version, state }) => [version, state]),
        [
          ["2", "ready"],
          ["1", "unloaded"],
        ],
      );
    });
  });

  it("lie in golden.json beside a model without a handler", async () => {
    const root = twoVersions();
    const known: GoldenAnswer[] = [{ input: { x: [1, 2] }, output: { y: [3, 6.0001] } }];
    writeFileSync(join(root, "times/2/golden.json"), JSON.stringify(known));
    mkdirSync(join(root, "other"));
    await withServer({ directories: [root] }, async (server) => {
      assert.deepEqual((await server.predict("times", [{ x: [1, 1] }])).version, "2");
    });
  });

  it("that are not written as such fail their version alone", async () => {
    for (const content of ["{", "{}", "[1]"]) {
      const root = twoVersions();
      writeFileSync(join(root, "times/2/golden.json"), content);
      await withServer({ directories: [root] }, async (server) => {
        assert.match(server.versions("times")[0]!.error!, /^golden\.json is not (JSON|a list of golden answers)\.$/);
        assert.deepEqual((await server.predict("times", [{ x: [1, 1] }])).version, "1");
      });
    }
  });

  it("hold for handlers without a model too", async () => {
    const add = handler<number, number, number, number>({
      name: "add",
      inference: (items) => items.map((item) => item + 1),
      golden: [
        { input: 1, output: 2 },
        { input: 2, output: 4 },
      ],
    });
    await withServer({ handlers: [add] }, async (server) => {
      assert.equal(server.versions("add")[0]!.error, "It answers the golden input 1 wrongly: output is 3, and 4 is expected.");
    });
  });
});
