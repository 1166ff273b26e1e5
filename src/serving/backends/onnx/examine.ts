import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Examination, TimedBatch, TimedThreads } from "../../engines/examination.ts";
import type { ExamineRequest, PlainTensor } from "../../hosts/messages.ts";
import { hasRows, type Signature } from "../../tensors/signature.ts";
import { stackTensors } from "../../tensors/stack.ts";
import { noTensors, Tensor, type Tensors } from "../../tensors/tensor.ts";
import type { Datatype } from "../../tensors/datatypes.ts";
import { checkExternalData } from "./external-data.ts";
import { onnxContents } from "./onnx-contents.ts";
import type { SessionSettings } from "./onnx-options.ts";
import { loadOnnxRuntime } from "./onnxruntime.ts";
import { rowsProblem } from "./rows-batch.ts";
import { sampleRows, sizedInputs } from "./sample-rows.ts";
import { type OnnxSession, openOnnxSession } from "./session.ts";

/** Milliseconds that one measurement may take, and the fewest runs of it. */
const BUDGET = 150;
const FEWEST = 3;
/** The batches that are measured. Larger ones are left out when one takes so many milliseconds. */
const SIZES = [1, 2, 4, 8, 16, 32, 64];
const LONGEST = 2000;

/** Measures a model file: what it is, what loading it costs, and how long runs of so many rows on so many threads take. */
export async function examineOnnx(request: ExamineRequest): Promise<Examination> {
  const path = join(request.directory, request.file);
  const contents = onnxContents(readFileSync(path));
  const examination: Examination = { contents, batches: [], threads: [], guessed: [] };
  try {
    checkExternalData(path);
    examination.runtime = `onnxruntime ${(await loadOnnxRuntime()).env.versions.common}`;
    const before = process.memoryUsage.rss();
    const started = performance.now();
    const session = await openOnnxSession(path, request.settings);
    examination.signature = session.signature;
    examination.load = performance.now() - started;
    try {
      if (request.measure) await measure(session, request, examination);
      examination.memory = Math.max(0, process.memoryUsage.rss() - before);
    } finally {
      await session.release();
    }
    if (request.measure) examination.threads = await measureThreads(path, request, examination);
  } catch (error) {
    examination.problem = (error as Error).message;
  }
  return examination;
}

async function measure(session: OnnxSession, request: ExamineRequest, examination: Examination): Promise<void> {
  const rows = rowsOf(session.signature, request, examination);
  if (rows === undefined) return;
  examination.batchProblem = hasRows(session.signature)
    ? await rowsProblem(session, rows)
    : `${fixedTensor(session.signature)} has a first dimension that does not vary`;
  for (const size of hasRows(session.signature) ? SIZES : [1]) {
    const inputs = stackTensors(Array.from({ length: size }, (_, i) => rows[i % rows.length]!));
    const timed = await timeOf(() => session.run(inputs)).catch(() => undefined);
    if (timed === undefined) break;
    examination.batches.push({ rows: size, milliseconds: timed });
    if (timed > LONGEST) break;
  }
}

/** Single rows and the best batch, on more and more threads. */
async function measureThreads(
  path: string,
  request: ExamineRequest,
  { signature, batches }: Examination,
): Promise<TimedThreads[]> {
  const rows = batches.length > 0 ? rowsOf(signature!, request) : undefined;
  if (rows === undefined) return [];
  const best = bestBatch(batches).rows;
  const together = stackTensors(Array.from({ length: best }, (_, i) => rows[i % rows.length]!));
  const timed: TimedThreads[] = [];
  for (let threads = 1; threads <= availableParallelism(); threads *= 2) {
    const settings: SessionSettings = { ...request.settings, threads };
    const session = await openOnnxSession(path, settings);
    const row = await timeOf(() => session.run(rows[0]!));
    timed.push({ threads, row, batch: best === 1 ? row : await timeOf(() => session.run(together)) });
    await session.release();
  }
  return timed;
}

/** The size at which most rows are answered in a second. */
function bestBatch(batches: readonly TimedBatch[]): TimedBatch {
  return batches.reduce((best, each) => (each.rows / each.milliseconds > best.rows / best.milliseconds ? each : best));
}

/** The rows that were sent; else rows made up, with sizes that vary as they were said, or guessed. */
function rowsOf(signature: Signature, { rows, shapes = {} }: ExamineRequest, noting?: Examination): Tensors[] | undefined {
  if (rows && rows.length > 0) return rows.map((each) => toTensors(each));
  const { inputs, guessed } = sizedInputs(signature.inputs, shapes);
  noting?.guessed.push(...guessed);
  const samples = sampleRows(inputs);
  // Where the first dimension does not vary, a sample has all of it.
  return samples?.map((sample, i) => (hasRows(signature) ? sample : wholeInputs(inputs, i)));
}

function wholeInputs(inputs: Signature["inputs"], seed: number): Tensors {
  const shapes = inputs.map((spec) => ({ ...spec, shape: [1, ...spec.shape.map((size) => (size === -1 ? 1 : size))] }));
  const sample = sampleRows(shapes)![seed]!;
  for (const { name, shape } of shapes) sample[name] = new Tensor(sample[name]!.datatype, shape.slice(1), sample[name]!.data);
  return sample;
}

function toTensors(inputs: readonly PlainTensor[]): Tensors {
  const tensors = noTensors();
  for (const { name, datatype, shape, data } of inputs) tensors[name] = new Tensor(datatype as Datatype, shape, data);
  return tensors;
}

function fixedTensor({ inputs, outputs }: Signature): string {
  const input = inputs.find(({ shape }) => shape[0] !== -1);
  return input ? `the input "${input.name}"` : `the output "${outputs.find(({ shape }) => shape[0] !== -1)!.name}"`;
}

/** The middle of several runs; of few, where one is long. */
async function timeOf(run: () => Promise<unknown>): Promise<number> {
  await run();
  const times: number[] = [];
  for (const end = performance.now() + BUDGET; times.length < FEWEST || performance.now() < end;) {
    const started = performance.now();
    await run();
    times.push(performance.now() - started);
    if (times.at(-1)! > LONGEST) break;
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
}
