import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { writeDataset } from "../../src/registry/dataset/write-dataset.ts";
import { TrainerChild } from "../../src/registry/process/trainer-child.ts";
import { tabularFromOnnx } from "../../src/registry/tabular/onnx/tabular-from-onnx.ts";
import { predictItems } from "../../src/registry/tabular/tabular-model.ts";
import { tabularParameters } from "../../src/registry/tabular/tabular-parameters.ts";
import type { TrainerNews, TrainingJob } from "../../src/registry/trainers/training-job.ts";
import { penguinColumns, vegaData } from "./tables.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const features = penguinColumns.slice(1);

async function penguinJob(parameters: object = {}, target = "Species"): Promise<{ job: TrainingJob; dataset: { rows: number } }> {
  const folder = temporaryFolder();
  const file = join(folder, "dataset.jsonl");
  const dataset = await writeDataset({ file, model: "penguins", rows: vegaData("penguins.json") });
  const directory = join(folder, "artifact");
  await mkdir(directory);
  const work = {
    kind: "tabular",
    target,
    features: features.filter((each) => each !== target),
    parameters: tabularParameters.parse(parameters),
  } as const;
  return { job: { model: "penguins", dataset: file, directory, checkpoints: join(folder, "checkpoints"), work }, dataset };
}

const artifact = (job: TrainingJob) => readFile(join(job.directory, "model.onnx"));

test("a trainer process learns penguins from a dataset file and tells of it", async () => {
  const { job } = await penguinJob();
  const news: TrainerNews[] = [];
  const end = await new TrainerChild(1, job, (each) => news.push(each)).ended;
  assert.equal(end.type, "succeeded");
  assert.ok(end.type === "succeeded" && end.outcome.metrics["accuracy"]! >= 0.95, JSON.stringify(end));
  assert.deepEqual(end.outcome.labels, ["Adelie", "Chinstrap", "Gentoo"]);
  assert.deepEqual(
    news.findLast((each) => each.type === "progress"),
    { type: "progress", done: 100, total: 100 },
  );
  assert.equal(news.findLast((each) => each.type === "metric")?.name, "trainLoss");
});

test("a training that was killed goes on in a new process and ends with the same bytes as one that was never stopped", async () => {
  const parameters = { rounds: 2500, learningRate: 0.003 };
  const { job: whole } = await penguinJob(parameters);
  const { job } = await penguinJob(parameters);
  const first = new TrainerChild(2, job, () => {});
  const isThere = async () => (await readdir(job.checkpoints).catch(() => [])).some((name) => /^\d+$/.test(name));
  for (let look = 0; look < 250 && !(await isThere()); look++) await sleep(20);
  first.kill();
  const end = await first.ended;
  assert.equal(end.type, "failed");
  assert.deepEqual(end.type === "failed" && { code: end.error.code, message: end.error.message }, {
    code: "REGISTRY_TRAINER_DIED",
    message: "The trainer process of run 2 ended by SIGKILL before it was done.",
  });
  const kept = tabularFromOnnx(
    await readFile(
      join(
        job.checkpoints,
        (await readdir(job.checkpoints)).find((name) => /^\d+$/.test(name))!,
        "model.onnx",
      ),
    ),
  );
  assert.ok(kept.ensemble.trees.length > 0 && kept.ensemble.trees.length < 3 * 2500);

  await rm(job.directory, { recursive: true });
  await mkdir(job.directory);
  const ends = [await new TrainerChild(2, job, () => {}).ended, await new TrainerChild(3, whole, () => {}).ended];
  assert.deepEqual(ends[0], ends[1]);
  assert.equal(Buffer.compare(await artifact(job), await artifact(whole)), 0);
});

test("a model read back in a new process predicts the same, to the last bit", async () => {
  const { job } = await penguinJob({ rounds: 20 });
  await new TrainerChild(4, job, () => {}).ended;
  const rows = vegaData("penguins.json");
  const here = predictItems(tabularFromOnnx(await artifact(job)), rows);
  const script = `
    import { readFileSync } from "node:fs";
    import { tabularFromOnnx } from ${JSON.stringify(join(import.meta.dirname, "../../src/registry/tabular/onnx/tabular-from-onnx.ts"))};
    import { predictItems } from ${JSON.stringify(join(import.meta.dirname, "../../src/registry/tabular/tabular-model.ts"))};
    import { vegaData } from ${JSON.stringify(join(import.meta.dirname, "tables.ts"))};
    const model = tabularFromOnnx(readFileSync(${JSON.stringify(join(job.directory, "model.onnx"))}));
    process.stdout.write(JSON.stringify(predictItems(model, vegaData("penguins.json"))));`;
  const there = execFileSync(process.execPath, ["--conditions=cortado-source", "--input-type=module", "-e", script], {
    maxBuffer: 1e8,
  });
  assert.equal(there.toString(), JSON.stringify(here));
});

test("a cancelled training ends soon and leaves no artifact", async () => {
  const { job } = await penguinJob({ rounds: 10_000 });
  const child = new TrainerChild(5, job, () => child.cancel());
  assert.deepEqual(await child.ended, { type: "cancelled" });
  assert.deepEqual(await readdir(job.directory), []);
});

test("a training without rows, classes or the right task says what is wrong", async () => {
  const refused = async (change: (job: TrainingJob) => void, target?: string) => {
    const { job } = await penguinJob({}, target);
    change(job);
    const end = await new TrainerChild(6, job, () => {}).ended;
    return end.type === "failed" ? end.error : end;
  };
  assert.deepEqual(await refused((job) => Object.assign(job.work, { task: "regression" })), {
    code: "REGISTRY_TARGET_NOT_NUMBER",
    message: 'penguins: Species holds text such as "Adelie", and a regression needs numbers.',
    hint: 'Say task: "classification", or choose another target.',
  });
  const withRows = (rows: object[]) => async () => {
    const { job } = await penguinJob();
    await writeDataset({ file: job.dataset!, model: "penguins", rows: rows as Record<string, unknown>[] });
    const end = await new TrainerChild(7, job, () => {}).ended;
    return end.type === "failed" ? end.error : end;
  };
  const rows = vegaData("penguins.json");
  assert.deepEqual(await withRows(rows.slice(0, 3))(), {
    code: "REGISTRY_TOO_FEW_ROWS",
    message: "penguins: 3 rows have a Species. A training needs at least 5.",
    hint: "Add rows, or fill in what is missing in the target.",
  });
  assert.deepEqual(await withRows(rows.slice(0, 30))(), {
    code: "REGISTRY_ONE_CLASS",
    message: 'penguins: every row has the Species "Adelie". A classification needs at least two classes.',
    hint: "Widen the rows that are trained on.",
  });
  const names = Array.from({ length: 1001 }, (_, at) => ({ Species: `kind ${at}`, Island: "Biscoe" }));
  assert.deepEqual(await withRows(names.map((row) => ({ ...rows[0], ...row })))(), {
    code: "REGISTRY_TOO_MANY_CLASSES",
    message: "penguins: Species has 1001 classes. There may be 1000.",
    hint: 'Is it a number? Then say task: "regression".',
  });
  const { job } = await penguinJob({}, "Body Mass (g)");
  const huge = rows.map((row, at) => ({ ...row, "Body Mass (g)": at % 2 ? 1e300 : 1 }));
  await writeDataset({ file: job.dataset!, model: "penguins", rows: huge as Record<string, unknown>[] });
  const end = await new TrainerChild(8, job, () => {}).ended;
  assert.deepEqual(end.type === "failed" && end.error, {
    code: "REGISTRY_TARGET_TOO_LARGE",
    message: "penguins: a row has the Body Mass (g) 1e+300. A model predicts numbers up to 1e+38 on either side of zero.",
    hint: "Scale the target in rows, or leave such rows out.",
  });
  const configFile = join(import.meta.dirname, "../api/project.ts");
  assert.deepEqual(
    await refused((job) => Object.assign(job, { model: "echo", work: { kind: "custom", configFile, parameters: {} } })),
    {
      code: "REGISTRY_TRAINER_NOT_FOUND",
      message: `${configFile} has no app with the handler "echo" and a trainer() in it.`,
      hint: "List the handler in the handlers of an app, and the app in the project.",
    },
  );
});
