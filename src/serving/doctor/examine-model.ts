import { readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { examineFile } from "../backends/onnx/examine-file.ts";
import { examineGgufFile } from "../backends/llama/llama-runtime.ts";
import { sessionSettings } from "../backends/onnx/onnx-options.ts";
import type { Examination, ExamineOptions } from "../engines/examination.ts";
import { servingErrors } from "../errors.ts";
import { HostPool } from "../hosts/host-pool.ts";
import { ModelServer } from "../models/model-server.ts";
import { SourceRepository } from "../repositories/disk-repository.ts";
import { isVersionName, newestFirst } from "../repositories/names.ts";
import { isGgufFile, isModelFile, MODEL_FILE } from "../repositories/version-folders.ts";
import { type Advice, adviceFor } from "./advice.ts";
import { examineServed } from "./examine-served.ts";

/** What a version is, what it costs, and how it is best run. Times are milliseconds, memory is bytes. */
export interface ModelReport extends Examination {
  model: string;
  version?: string;
  /** `"onnx"`, `"python"`, … */
  kind: string;
  advice: Advice;
}

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
  const examination = found ?? (await examineServed(models, { ...options, model, version: version.version, kind, trial }));
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

/**
 * The same for whatever a folder holds, or an ONNX or GGUF file: models of other kinds are loaded as they would be served.
 *
 * ```ts
 * const { kind, advice } = await examinePlace("models/faces");
 * ```
 * @throws SERVING_BAD_ARTIFACT
 */
export async function examinePlace(path: string, options: ExamineOptions = {}): Promise<ModelReport> {
  const folder = resolve(path);
  if (isGgufFile(basename(folder)) && statSync(folder, { throwIfNoEntry: false })?.isFile()) {
    const examination = await examineGgufFile(folder, options);
    return { model: path, kind: "llama", ...examination, advice: adviceFor(examination) };
  }
  if (!holdsOtherModel(folder)) return examineOnnxFile(path, options);
  const name = basename(folder);
  const models = new ModelServer({ loading: "lazy", root: folder });
  models.addRepository(new SourceRepository(name, folder));
  try {
    await models.start();
    return { ...(await examineModel(models, name, options)), model: path };
  } finally {
    await models.close();
  }
}

/** True for a folder whose newest version, or itself, holds a model. */
function holdsModel(folder: string): boolean {
  return modelFilesOf(folder).length > 0;
}

/** True for one that holds a model which is not of ONNX. */
function holdsOtherModel(folder: string): boolean {
  const files = modelFilesOf(folder);
  return files.length > 0 && !files.includes(MODEL_FILE);
}

function modelFilesOf(folder: string): string[] {
  const names = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder) : [];
  const files = names.filter((name) => isModelFile(name));
  const [newest] = names.filter((name) => isVersionName(name)).sort(newestFirst);
  return files.length > 0 || newest === undefined ? files : modelFilesOf(join(folder, newest));
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
  const model = names.find((name) => holdsModel(join(path, name)));
  const hint = model
    ? `It is a folder of models. Name one of them: ${join(path, model)}.`
    : "Name a model, an ONNX or GGUF file, or a folder with model.onnx.";
  throw servingErrors.SERVING_BAD_ARTIFACT({ file: path, problem, hint });
}
