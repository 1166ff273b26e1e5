import { sampleRows, sizedInputs } from "../backends/onnx/sample-rows.ts";
import { type Examination, type ExamineOptions, strangeInput, type TimedBatch } from "../engines/examination.ts";
import type { ModelServer } from "../models/model-server.ts";
import { hasRows, type Signature } from "../tensors/signature.ts";
import { stackTensors } from "../tensors/stack.ts";

/** What is measured, and with what. */
interface ServedVersion extends ExamineOptions {
  model: string;
  version: string;
  /** What runs it. */
  kind: string;
  /** The items that its handler is tried with. */
  trial: readonly unknown[];
}

type Ask = (rows: number) => Promise<unknown>;

/** The batches that are measured; larger ones are left out when one takes so many milliseconds. */
const SIZES = [1, 2, 4, 8, 16, 32];
const LONGEST = 500;
const RUNS = 3;

const unexamined: Readonly<Record<string, string>> = {
  "tensorflow-js": "Operators, learned numbers and threads are examined in ONNX files alone.",
  python:
    "What the Python code does is not examined: its time and the memory of its process are told, where there is an item to ask.",
  functions: "What the handler's functions do is not examined, nor their memory, which is that of this process.",
};

/** Loads a version as it is served and asks it more and more rows at once, through its queue: of its handler's items, else made up. */
export async function examineServed(models: ModelServer, served: ServedVersion): Promise<Examination> {
  const { model, version, kind } = served;
  const found: Examination = { batches: [], threads: [], guessed: [] };
  found.unexamined = unexamined[kind] ?? "Operators and threads are examined in ONNX files alone.";
  try {
    const started = performance.now();
    const { signature } = await models.signature(model, { version });
    found.load = performance.now() - started;
    if (signature) found.signature = signature;
    const strange = strangeInput(signature?.inputs ?? [], served);
    if (strange) return { ...found, ...strange };
    const ask = askedWith(models, served, found);
    const { handler } = models.describe(model);
    if (models.describeVersion(model, version).batching?.enabled === false)
      found.batchProblem =
        handler?.options.batch === false ? "the handler says so" : "a trial showed that they cannot, or gain nothing";
    const sizes = signature && !hasRows(signature) ? [1] : SIZES;
    for (const size of ask === undefined ? [] : sizes) {
      const timed = await timeOf(ask!, size);
      found.batches.push(timed);
      if (timed.milliseconds > LONGEST) break;
    }
    const { memory } = models.describeVersion(model, version);
    if (memory) found.memory = memory;
  } catch (error) {
    found.problem = (error as Error).message;
  }
  return found;
}

/** How so many rows are asked for; undefined where nobody knows an item of it. */
function askedWith(models: ModelServer, { model, version, trial, shapes }: ServedVersion, found: Examination): Ask | undefined {
  if (trial.length > 0)
    return (rows) =>
      models.predict(
        model,
        Array.from({ length: rows }, (_, i) => trial[i % trial.length]),
        { version },
      );
  if (found.signature === undefined) return undefined;
  return askedWithTensors(models, { model, version, signature: found.signature, shapes }, found);
}

function askedWithTensors(
  models: ModelServer,
  { model, version, signature, shapes }: Omit<ServedVersion, "kind" | "trial"> & { signature: Signature },
  found: Examination,
): Ask | undefined {
  const { inputs, guessed } = sizedInputs(signature.inputs, shapes);
  const samples = sampleRows(inputs);
  if (samples === undefined) return undefined;
  found.guessed.push(...guessed);
  return (rows) =>
    models.infer(model, stackTensors(Array.from({ length: rows }, (_, i) => samples[i % samples.length]!)), { version });
}

async function timeOf(ask: Ask, rows: number): Promise<TimedBatch> {
  const times: number[] = [];
  for (let run = 0; run <= RUNS; run++) {
    const started = performance.now();
    await ask(rows);
    // The first one warms up.
    if (run > 0) times.push(performance.now() - started);
  }
  return { rows, milliseconds: times.sort((a, b) => a - b)[Math.floor(times.length / 2)]! };
}
