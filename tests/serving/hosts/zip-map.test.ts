import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ModelServer } from "cortado/serving";
import { putModel, temporaryFolder, zipMapModel } from "../models.ts";

const root = temporaryFolder();
putModel(root, "texts/1", zipMapModel(["setosa", "versicolor", "virginica"]));
putModel(root, "numbers/1", zipMapModel([0n, 1n, 300n]));
const server = new ModelServer({ directories: [root] });
before(async () => {
  await server.start();
  await server.settled();
});
after(() => server.close());

describe("a classifier that ends in ZipMap", () => {
  it("gives its scores as a tensor, and keeps its labels in the signature", async () => {
    for (const [model, labels] of [
      ["texts", ["setosa", "versicolor", "virginica"]],
      ["numbers", ["0", "1", "300"]],
    ] as const) {
      const { signature } = await server.signature(model);
      assert.deepEqual(signature!.outputs, [
        { name: "label", datatype: "INT64", shape: [-1] },
        { name: "scores", datatype: "FP32", shape: [-1, 3], labels },
      ]);
      const { outputs } = await server.predict(model, [{ x: [0, 10, 0] }, { x: [9, 1, 0] }]);
      const answers = outputs as { label: bigint; scores: number[] }[];
      assert.deepEqual(
        answers.map(({ label }) => label),
        [1n, 0n],
      );
      assert.deepEqual(
        answers.map(({ scores }) => scores.indexOf(Math.max(...scores))),
        [1, 0],
      );
      assert.ok(Math.abs(answers[0]!.scores.reduce((a, b) => a + b) - 1) < 1e-5);
    }
  });
});
