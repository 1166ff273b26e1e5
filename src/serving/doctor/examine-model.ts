import { readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { examineFile } from "../backends/onnx/examine-file.ts";
import { sessionSettings } from "../backends/onnx/onnx-options.ts";
import type { Examination, ExamineOptions, TimedBatch } from "../engines/examination.ts";
import { servingErrors } from "../errors.ts";
import { HostPool } from "../hosts/host-pool.ts";
import type { ModelServer } from "../models/model-server.ts";
import { isVersionName, newestFirst } from "../repositories/names.ts";
import { MODEL_FILE } from "../repositories/version-folders.ts";
import { type Advice, adviceFor } from "./advice.ts";

/** What a version is, what it costs, and how it is best run. Times are milliseconds, memory is bytes. */
export interface ModelReport extends Examination {
  model: string;
  version?: string;
  /** `"onnx"`, `"python"`, … */
  kind: string;
  advice: Advice;
}

/** Batches of items that are measured where a runtime cannot measure tensors. */
const SIZES = [1, 2, 4, 8, 16, 32];
const RUNS = 3;

/**
 * Measures a version of a served model apart from what answers: what it takes, whether rows can be run together and why
 * not, how long runs of one to 64 rows take and with how many threads, memory, and what handler options follow from that.
 *
 * ```ts
 * const { advice } = await examineModel(server, "digits");
 * console.log(advice.options.join(",\n"));
 * ```
 * @throws SERVING_UNKNOWN_MODEL, SERVING_UNKNOWN_VERSION
 */
export async function examineModel(
  models: ModelServer,
  model: string,
  options: ExamineOptions & { version?: string | undefined } = {},
): Promise<ModelReport> {
  const version = models.find(model, options.version);
  const { kind, found, trial } = await version.examine(options);
  const examination = found ?? (await examineItems(models, { model, version: version.version }, trial));
  const advice = adviceFor(examination, models.describe(model).handler);
  return { model, version: version.version, kind, ...examination, advice };
}

/**
 * The same for an ONNX file, or a folder with one, that nothing serves yet.
 *
 * ```ts
 * const { problem, batches } = await examineOnnxFile("trained/model.onnx", { shapes: { image: [3, 224, 224] } });
 * ```
 * @throws SERVING_BAD_ARTIFACT
 */
export async function examineOnnxFile(path: string, options: ExamineOptions = {}): Promise<ModelReport> {
  const file = onnxFileAt(resolve(path));
  const pool = new HostPool();
  try {
    const place = { directory: dirname(file), file: basename(file), settings: sessionSettings({}), pool, warmUp: async () => [] };
    const examination = await examineFile(place, options);
    return { model: path, kind: "onnx", ...examination, advice: adviceFor(examination) };
  } finally {
    await pool.close();
  }
}

/** The file itself, that of a version's folder, or that of the newest version in a model's folder. */
function onnxFileAt(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile()) return path;
  const names = found?.isDirectory() ? readdirSync(path) : [];
  if (names.includes(MODEL_FILE)) return join(path, MODEL_FILE);
  const [newest] = names.filter((name) => isVersionName(name)).sort(newestFirst);
  if (newest !== undefined) return onnxFileAt(join(path, newest));
  const problem = found === undefined ? "is not there" : `has no ${MODEL_FILE}, and no version with one`;
  throw servingErrors.SERVING_BAD_ARTIFACT({
    file: path,
    problem,
    hint: "Name a model, an ONNX file, or a folder with model.onnx.",
  });
}

/** Loads a version here and asks it more and more items at once, through its queue: the items that its handler is tried with. */
async function examineItems(
  models: ModelServer,
  { model, version }: { model: string; version: string },
  trial: readonly unknown[],
): Promise<Examination> {
  const found: Examination = { batches: [], threads: [], guessed: [] };
  try {
    const started = performance.now();
    const { signature } = await models.signature(model, { version });
    found.load = performance.now() - started;
    if (signature) found.signature = signature;
    const { memory, batching } = models.describeVersion(model, version);
    if (memory) found.memory = memory;
    if (batching?.enabled === false) found.batchProblem = "the handler runs items one by one";
    if (trial.length === 0) return found;
    for (const size of SIZES) {
      const items = Array.from({ length: size }, (_, i) => trial[i % trial.length]);
      found.batches.push(await timeItems(() => models.predict(model, items, { version }), size));
    }
  } catch (error) {
    found.problem = (error as Error).message;
  }
  return found;
}

async function timeItems(ask: () => Promise<unknown>, rows: number): Promise<TimedBatch> {
  const times: number[] = [];
  for (let run = 0; run <= RUNS; run++) {
    const started = performance.now();
    await ask();
    // The first one warms up.
    if (run > 0) times.push(performance.now() - started);
  }
  return { rows, milliseconds: times.sort((a, b) => a - b)[Math.floor(times.length / 2)]! };
}
