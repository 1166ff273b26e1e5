import assert from "node:assert/strict";
import { test } from "node:test";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { tabularFromOnnx } from "../../src/registry/tabular/onnx/tabular-from-onnx.ts";
import { tabularToOnnx } from "../../src/registry/tabular/onnx/tabular-to-onnx.ts";
import { type TabularItem, type TabularModel, predictItems } from "../../src/registry/tabular/tabular-model.ts";
import { tabularParameters } from "../../src/registry/tabular/tabular-parameters.ts";
import { TabularTraining } from "../../src/registry/tabular/tabular-training.ts";
import { penguinColumns, tableOf, vegaData } from "./tables.ts";

interface Case {
  file: string;
  columns: string[];
  target: string;
  task?: "regression" | "classification";
  metrics: Record<string, (value: number) => boolean>;
}

const cases: Record<string, Case> = {
  "three classes": {
    file: "penguins.json",
    columns: penguinColumns,
    target: "Species",
    metrics: { accuracy: (value) => value >= 0.95 },
  },
  "two classes": {
    file: "penguins.json",
    columns: penguinColumns,
    target: "Sex",
    metrics: { accuracy: (value) => value >= 0.8 },
  },
  "a number": {
    file: "cars.json",
    columns: ["Miles_per_Gallon", "Cylinders", "Displacement", "Horsepower", "Weight_in_lbs", "Acceleration", "Origin"],
    target: "Miles_per_Gallon",
    metrics: { r2: (value) => value >= 0.75 },
  },
  "dirty rows": {
    file: "movies.json",
    columns: [
      "IMDB Rating",
      "Title",
      "Running Time min",
      "Distributor",
      "Major Genre",
      "Production Budget",
      "MPAA Rating",
      "IMDB Votes",
    ],
    target: "IMDB Rating",
    metrics: { r2: (value) => value >= 0.3 },
  },
  "numbers as classes": {
    file: "cars.json",
    columns: ["Cylinders", "Displacement", "Horsepower", "Origin"],
    target: "Cylinders",
    task: "classification",
    metrics: { accuracy: (value) => value >= 0.95 },
  },
};

async function predictOnnx(bytes: Uint8Array, model: TabularModel, items: readonly TabularItem[]) {
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1 });
  const feeds: Record<string, Tensor> = {};
  for (const { name, kind } of model.columns) {
    const values = items.map((item) => item[name] ?? null);
    feeds[name] =
      kind === "category"
        ? new Tensor(
            "string",
            values.map((value) => (value === null ? "" : String(value))),
            [items.length, 1],
          )
        : new Tensor(
            "float64",
            Float64Array.from(values, (value) => (value === null ? NaN : Number(value))),
            [items.length, 1],
          );
  }
  return session.run(feeds);
}

for (const [title, { file, columns, target, task, metrics }] of Object.entries(cases)) {
  test(`a model of ${title} predicts the same in ONNX and is read back the same`, async () => {
    const rows = vegaData(file);
    const training = new TabularTraining({ model: "m", target, task }, tableOf(rows, columns), {
      parameters: tabularParameters.parse({ rounds: 60 }),
    });
    while (!training.finished) training.step();
    const result = training.result();
    for (const [name, holds] of Object.entries(metrics))
      assert.ok(holds(result.metrics[name]!), `${name} ${result.metrics[name]}`);

    const bytes = tabularToOnnx(result.model);
    const again = tabularFromOnnx(bytes);
    assert.deepEqual(again, result.model);
    assert.deepEqual(tabularToOnnx(again), bytes);

    const items = [
      ...rows,
      {},
      ...rows.slice(0, 5).map((row) => Object.fromEntries(Object.keys(row).map((key) => [key, "never seen"]))),
    ];
    const numeric = items.map((item) =>
      Object.fromEntries(
        result.model.columns.map(({ name, kind }) => [
          name,
          kind !== "category" && item[name] === "never seen" ? null : item[name],
        ]),
      ),
    );
    const here = predictItems(result.model, numeric);
    const there = await predictOnnx(bytes, result.model, numeric);
    if ("values" in here) {
      const values = there["value"]!.data as Float32Array;
      for (const [row, value] of here.values.entries())
        assert.ok(Math.abs(value - values[row]!) <= 2e-6 * Math.max(1, Math.abs(value)));
      return;
    }
    assert.deepEqual(there["label"]!.data, here.labels);
    const classes = result.model.target.labels.length;
    assert.deepEqual(there["probabilities"]!.dims, [items.length, classes]);
    for (const [row, chances] of here.probabilities.entries()) {
      for (let at = 0; at < classes; at++) {
        const given = (there["probabilities"]!.data as Float32Array)[row * classes + at]!;
        assert.ok(Math.abs(chances[at]! - given) <= 2e-6, `row ${row}: ${chances[at]} and ${given}`);
      }
    }
  });
}
