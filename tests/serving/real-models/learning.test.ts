// Data sets as they were published, learned by the project's own trainer, and asked over every protocol.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { defineApp, defineProject, include, path } from "cortado";
import { api } from "cortado/api";
import { auth } from "cortado/auth";
import { registry, startRun, tabular, waitForRun } from "cortado/registry";
import { handler } from "cortado/serving";
import { type TestSite, testSite } from "cortado/testing";
import accounts from "../../../examples/cafe/accounts/app.ts";
import { User } from "../../../examples/cafe/accounts/models.ts";

type Value = string | number | null;
type Row = Record<string, Value>;

/** A data set of the package vega-datasets: four rows of five to learn from, and the fifth to be asked about. */
function dataSet(file: string, target: string): { known: Row[]; asked: Row[] } {
  const data = join(import.meta.dirname, "../../../node_modules/vega-datasets/data", file);
  const rows = (JSON.parse(readFileSync(data, "utf8")) as Row[]).filter((row) => row[target] !== null);
  return { known: rows.filter((_, i) => i % 5 !== 2), asked: rows.filter((_, i) => i % 5 === 2) };
}

const penguins = dataSet("penguins.json", "Species");
const cars = dataSet("cars.json", "Miles_per_Gallon");
for (const row of [...cars.known, ...cars.asked]) row["Year"] = Number(String(row["Year"]).slice(0, 4));
const penguinFeatures = ["Island", "Beak Length (mm)", "Beak Depth (mm)", "Flipper Length (mm)", "Body Mass (g)", "Sex"] as const;
const carFeatures = ["Cylinders", "Displacement", "Horsepower", "Weight_in_lbs", "Acceleration", "Year", "Origin"] as const;

const species = handler({
  name: "species",
  access: "public",
  train: tabular({
    rows: () => penguins.known,
    target: "Species",
    features: penguinFeatures,
    parameters: { rounds: 60, seed: 1 },
  }),
});
const mileage = handler({
  name: "mileage",
  access: "public",
  train: tabular({
    rows: () => cars.known,
    target: "Miles_per_Gallon",
    features: carFeatures,
    parameters: { rounds: 100, seed: 1 },
  }),
});

const project = defineProject({
  apps: [auth({ user: User }), registry(), accounts, defineApp({ name: "learning", handlers: { species, mileage } })],
  urls: [path("api/", include(api.urls))],
  serving: { protocols: ["open-inference", "tensorflow-serving"] },
  secretKey: "a secret of the tests, long enough for any mode",
  configFile: import.meta.filename,
});

let site: TestSite;
before(async () => {
  site = await testSite(project);
});
after(() => site.close());

const itemOf = (row: Row, features: readonly string[]): Row => Object.fromEntries(features.map((name) => [name, row[name]!]));

async function post(address: string, body: object): Promise<any> {
  const response = await site.request("POST", address, {
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  assert.equal(response.status, 200, response.text.slice(0, 500));
  return JSON.parse(response.text);
}

/** The rows as tensors, a column each. */
function columns(rows: readonly Row[], features: readonly string[]) {
  return features.map((name) => {
    const isText = rows.some((row) => typeof row[name] === "string");
    const data = rows.map((row) => row[name] ?? (isText ? "" : null));
    return { name, datatype: isText ? "BYTES" : "FP64", shape: [rows.length, 1], data };
  });
}

describe("a real data set that is learned and served", () => {
  it("penguins: the species of those that were not seen, the same over every protocol", async () => {
    const run = await waitForRun(await startRun(site.services, "species"));
    assert.equal(run.state, "succeeded", JSON.stringify(run.error));
    const items = penguins.asked.map((row) => itemOf(row, penguinFeatures));
    const { outputs, version } = await post("/api/models/species/predict", { inputs: items });
    const answers = outputs.map(({ Species }: Row) => Species);
    const right = answers.filter((answer: string, i: number) => answer === penguins.asked[i]!["Species"]).length;
    assert.equal(version, "1");
    assert.ok(right / answers.length >= 0.97, `${right} of ${answers.length}`);
    const whole = penguins.asked
      .map((row, i) => ({ row, i }))
      .filter(({ row }) => penguinFeatures.every((name) => row[name] !== null));
    const wanted = whole.map(({ i }) => answers[i]);
    const inferred = await post("/v2/models/species/infer", { inputs: columns(whole.map(({ row }) => row), penguinFeatures) }); // oxfmt-ignore
    assert.deepEqual(inferred.outputs.find(({ datatype }: { datatype: string }) => datatype === "BYTES").data, wanted);
    // A row is a tensor of one number or text here.
    const instances = whole.map(({ row }) => Object.fromEntries(penguinFeatures.map((name) => [name, [row[name]!]])));
    const { predictions } = await post("/v1/models/species:predict", { instances });
    assert.deepEqual(predictions.map((each: Row) => Object.values(each).find((value) => typeof value === "string")), wanted); // oxfmt-ignore
  });

  it("cars: how far those that were not seen go, close to what was measured", async () => {
    const run = await waitForRun(await startRun(site.services, "mileage"));
    assert.equal(run.state, "succeeded", JSON.stringify(run.error));
    const { outputs } = await post("/api/models/mileage/predict", { inputs: cars.asked.map((row) => itemOf(row, carFeatures)) });
    const given = outputs.map((each: Row) => each["Miles_per_Gallon"] as number);
    const real = cars.asked.map((row) => row["Miles_per_Gallon"] as number);
    const mean = real.reduce((a, b) => a + b, 0) / real.length;
    const sum = (of: (value: number, i: number) => number) => real.reduce((total, value, i) => total + of(value, i), 0);
    const score = 1 - sum((value, i) => (value - given[i]!) ** 2) / sum((value) => (value - mean) ** 2);
    assert.ok(score > 0.77, `R2 is ${score}`);
    const inferred = await post("/v2/models/mileage/infer", { inputs: columns(cars.asked, carFeatures) });
    inferred.outputs[0].data.forEach((value: number, i: number) => assert.ok(Math.abs(value - given[i]!) < 1e-4));
  });
});
