import assert from "node:assert/strict";
import { test } from "node:test";
import { predictItems } from "../../src/registry/tabular/tabular-model.ts";
import { tabularParameters } from "../../src/registry/tabular/tabular-parameters.ts";
import { TabularTraining } from "../../src/registry/tabular/tabular-training.ts";
import { tableOf } from "./tables.ts";

test("many items are predicted as each of them alone, whatever is missing", () => {
  const items = Array.from({ length: 1000 }, (_, at) => ({
    wave: at % 5 === 0 ? null : Math.sin(at),
    step: at % 7 === 0 ? null : at % 11,
    answer: (at % 5 === 0 ? 3 : Math.sin(at)) * (at % 7 === 0 ? -2 : at % 11),
  }));
  const table = tableOf(items, ["wave", "step", "answer"]);
  const training = new TabularTraining({ model: "rows", target: "answer" }, table, { parameters: tabularParameters.parse({}) });
  while (!training.finished) training.step();
  const { model, metrics } = training.result();
  assert.ok(metrics["r2"]! > 0.9);
  const together = predictItems(model, items) as { values: Float64Array };
  const alone = items.map((item) => (predictItems(model, [item]) as { values: Float64Array }).values[0]);
  assert.deepEqual([...together.values], alone);
});
