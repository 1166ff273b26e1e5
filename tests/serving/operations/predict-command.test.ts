// `cortado predict` with one item, on a folder of models.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { after, describe, it } from "node:test";
import { runCli } from "../../cli/run-cli.ts";
import { identityModel, putModel, temporaryFolder } from "../models.ts";

const root = temporaryFolder();
putModel(root, "ids/1", identityModel("int64", ["batch", 2], { input: "ids" }));
after(() => rmSync(root, { recursive: true, force: true }));
const ask = (...argv: string[]) => runCli(["predict", "ids", "--dir", root, ...argv], root);

describe("cortado predict", { concurrency: false }, () => {
  it("prints integers of 64 bits", async () => {
    const { code, out, err } = await ask("--input", '{"ids": [7, -1]}');
    assert.equal(code, 0, err);
    assert.deepEqual(JSON.parse(out), { output: { y: [7, -1] }, model: "ids", version: "1" });
  });

  it("takes an item of any kind, and leaves it to the model what it is", async () => {
    const { code, err } = await ask("--input", "5");
    assert.deepEqual([code, err.split(" ", 1)[0]], [1, "SERVING_BAD_INPUT"]);
  });

  it("refuses what is not JSON, and options that do nothing for one item", async () => {
    for (const [argv, problem] of [
      [["--input", "{ids}"], "--input is not JSON"],
      [["--input", "{}", "--resume"], "--resume goes with --file"],
      [["--input", "{}", "--concurrency", "2"], "--concurrency goes with --file"],
    ] as const) {
      const { code, err } = await ask(...argv);
      assert.deepEqual([code, err.includes(`predict: ${problem}`)], [2, true], err);
    }
  });
});
