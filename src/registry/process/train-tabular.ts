import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as yieldToMessages } from "node:timers/promises";
import { cellOf } from "../dataset/dataset-values.ts";
import type { Dataset } from "../dataset/dataset.ts";
import { registryErrors } from "../errors.ts";
import { tabularFromOnnx } from "../tabular/onnx/tabular-from-onnx.ts";
import { tabularToOnnx } from "../tabular/onnx/tabular-to-onnx.ts";
import { type Cell, type TableColumn, TableBuilder } from "../tabular/table.ts";
import { TabularTraining } from "../tabular/tabular-training.ts";
import type { TrainingContext } from "../trainers/training-context.ts";
import type { TrainingJob, TrainingOutcome } from "../trainers/training-job.ts";

const modelFile = "model.onnx";
/** The fewest milliseconds between two checkpoints, */
const checkpointEvery = 200;
/** and how many times longer is trained than was spent on writing the last one. */
const checkpointPause = 10;

type TabularWork = Extract<TrainingJob["work"], { kind: "tabular" }>;

/** Trains on a dataset and leaves `model.onnx`. A checkpoint is that same file, unfinished. */
export async function trainTabular(model: string, work: TabularWork, context: TrainingContext): Promise<TrainingOutcome> {
  const table = await readTable(model, work, context.dataset!);
  const { resumeFrom } = context;
  const checkpoint = resumeFrom ? tabularFromOnnx(await readFile(join(resumeFrom, modelFile))) : undefined;
  const training = new TabularTraining({ model, ...work }, table, { parameters: work.parameters, checkpoint });
  await takeRounds(training, context);
  const { model: trained, metrics } = training.result();
  await writeFile(join(context.directory, modelFile), tabularToOnnx(trained));
  const columns = [
    ...trained.columns.map((column) => ({ ...column, role: "feature" })),
    { name: trained.target.name, kind: trained.target.kind, categories: [], role: "target" },
  ];
  return { metrics, columns, ...(trained.task === "classification" && { labels: trained.target.labels }) };
}

async function takeRounds(training: TabularTraining, context: TrainingContext): Promise<void> {
  let due = performance.now() + checkpointEvery;
  while (!training.finished) {
    context.signal.throwIfAborted();
    const { round, trainLoss, validationLoss } = training.step();
    context.progress(round, training.rounds);
    context.metric("trainLoss", trainLoss, round);
    if (validationLoss !== undefined) context.metric("validationLoss", validationLoss, round);
    const now = performance.now();
    if (now >= due) {
      await context.checkpoint((directory) => writeFile(join(directory, modelFile), tabularToOnnx(training.checkpoint())));
      const spent = performance.now() - now;
      due = now + spent + Math.max(checkpointEvery, checkpointPause * spent);
    }
    await yieldToMessages();
  }
}

async function readTable(model: string, work: TabularWork, dataset: Dataset): Promise<TableColumn[]> {
  const names = [...work.features, work.target];
  const places = names.map((name) => dataset.columns.indexOf(name));
  const builder = new TableBuilder(names);
  for await (const values of dataset.values()) {
    builder.add(places.map((place, at) => cellAt(model, names[at]!, { value: values[place], row: builder.rows + 1 })));
  }
  return builder.finish();
}

function cellAt(model: string, column: string, { value, row }: { value: unknown; row: number }): Cell {
  const cell = cellOf(value);
  if (cell !== undefined) return cell;
  throw registryErrors.REGISTRY_BAD_VALUE({ model, column, row, given: JSON.stringify(value)?.slice(0, 40) ?? typeof value });
}
