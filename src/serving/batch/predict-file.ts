import { type FileHandle, open, rename, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { servingErrors } from "../errors.ts";
import type { Handler } from "../handlers/handler.ts";
import { currentModelServer } from "../models/current.ts";
import { jsonSafe } from "../tensors/write-json.ts";
import { type Checkpoint, dropCheckpoint, keepCheckpoint, readCheckpoint, requireSame } from "./checkpoint.ts";
import type { RowsFormat } from "./file-records.ts";
import { predictRows, type RowAnswer, type RowsOptions } from "./predict-rows.ts";
import { OwnAnswerer } from "./row-answerer.ts";
import { ServerAnswerer } from "./server-answerer.ts";
import { type FileRow, formatOf, readRows } from "./read-rows.ts";
import { writingAlone } from "./writing-alone.ts";

/** Which file is answered, and where the answers go. */
export interface PredictFileOptions extends RowsOptions {
  /** The rows: a line of JSON each (`.jsonl`), a table with names in its first line (`.csv`), or an array (`.json`). */
  file: string;
  /** Where the answers are written, a line of JSON for each row: `{"row", "output"}` or `{"row", "error"}`. */
  to: string;
  /** What the file is. Default: what its ending says. */
  format?: RowsFormat | undefined;
  /** Goes on where an earlier run was stopped or killed. */
  resume?: boolean | undefined;
  /** Milliseconds in which another run into the same output may end, or turn out to be dead. Default 16 000. */
  patience?: number | undefined;
  /** Told now and then how far it has come. */
  progress?: ((state: FileProgress) => void) | undefined;
}

/** How far a run over a file has come. */
export interface FileProgress {
  /** Rows that are answered, and how many of them by an error. */
  rows: number;
  failed: number;
  /** Bytes of the file that were read, of how many. */
  read: number;
  size: number;
}

/** What came of a run over a file. */
export interface FilePrediction extends FileProgress {
  model: string;
  /** The version that answered all rows. */
  version: string;
  /** How many rows an earlier run had answered. */
  resumed: number;
}

/** Milliseconds between two checkpoints, and bytes that are gathered before they are written. */
const CHECKPOINT_EVERY = 1000;
const GATHERED = 64 * 1024;

/**
 * Answers the rows of a file into another one, all by the version that answers when it begins. A run that was killed goes on
 * with `resume`: each row is in the output once. The output appears under its name when it is whole.
 *
 * ```ts
 * const { rows, failed } = await predictFile(drinkPrice, { file: "drinks.csv", to: "prices.jsonl", resume: true });
 * ```
 * @throws SERVING_BAD_ROWS, SERVING_OUTPUT_TAKEN, SERVING_CANNOT_RESUME, and what `predictRows` throws
 */
export async function predictFile(model: Handler | string, options: PredictFileOptions): Promise<FilePrediction> {
  return writingAlone({ ...options, to: resolve(options.to) }, () => answerFile(model, options));
}

async function answerFile(model: Handler | string, options: PredictFileOptions): Promise<FilePrediction> {
  const name = typeof model === "string" ? model : model.name;
  const answerer = options.server
    ? new ServerAnswerer(name, options.server)
    : new OwnAnswerer(name, options.models ?? currentModelServer(name));
  const [file, to] = [resolve(options.file), resolve(options.to)];
  const format = options.format ?? formatOf(file);
  const { size, mtimeMs: modified } = await statRows(file);
  const earlier = await earlierRun({ file, to, model: name, resume: options.resume === true });
  const wish = earlier ? { version: earlier.version } : { version: options.version, alias: options.alias };
  const { version, signature } = await answerer.find(wish);
  const begun: Checkpoint = earlier ?? { file, size, modified, model: name, version, rows: 0, failed: 0, read: 0, written: 0 };
  const output = await AnswerFile.open({ to, progress: options.progress }, begun);
  try {
    const rows = readRows({ file, format, from: begun.read, signature });
    const ends: number[] = [];
    const answers = predictRows(name, itemsOf(rows, ends), { ...options, version, alias: undefined });
    for await (const answer of answers) await output.add(answer, ends.shift()!);
    await output.finish();
  } catch (error) {
    await output.pause();
    throw error;
  } finally {
    await output.close();
  }
  return { ...output.state, model: name, version, resumed: begun.rows };
}

/** The items alone; where each row ended is noted beside, in the same order. */
async function* itemsOf(rows: AsyncIterable<FileRow>, ends: number[]): AsyncGenerator<unknown, void, undefined> {
  for await (const { item, end } of rows) {
    ends.push(end);
    yield item;
  }
}

async function statRows(file: string) {
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile()) return found;
  throw servingErrors.SERVING_BAD_ROWS({ file, problem: found === undefined ? "is not there" : "is not a file" });
}

/** Where an earlier run stopped, if it is to go on. @throws SERVING_OUTPUT_TAKEN, SERVING_CANNOT_RESUME */
async function earlierRun(now: { file: string; to: string; model: string; resume: boolean }): Promise<Checkpoint | undefined> {
  const { to, resume } = now;
  const isThere = async (path: string) => (await stat(path).catch(() => undefined)) !== undefined;
  if (await isThere(to)) throw servingErrors.SERVING_OUTPUT_TAKEN({ to, by: "a file" });
  const partial = await isThere(`${to}.partial`);
  if (partial && !resume) throw servingErrors.SERVING_OUTPUT_TAKEN({ to, by: "an earlier run" });
  const found = partial ? await readCheckpoint(to) : undefined;
  if (found) await requireSame(to, found, now);
  return found;
}

/** The output of a run: what is beyond its last checkpoint does not count. */
class AnswerFile {
  readonly #to: string;
  readonly #handle: FileHandle;
  readonly #progress: ((state: FileProgress) => void) | undefined;
  readonly #checkpoint: Checkpoint;
  #lines: string[] = [];
  #gathered = 0;
  #keptAt = performance.now();

  private constructor({ to, progress }: Pick<PredictFileOptions, "to" | "progress">, handle: FileHandle, checkpoint: Checkpoint) {
    this.#to = to;
    this.#handle = handle;
    this.#checkpoint = { ...checkpoint };
    this.#progress = progress;
  }

  static async open(place: Pick<PredictFileOptions, "to" | "progress">, checkpoint: Checkpoint): Promise<AnswerFile> {
    const handle = await open(`${place.to}.partial`, "a");
    await handle.truncate(checkpoint.written);
    const output = new AnswerFile(place, handle, checkpoint);
    await output.#keep();
    return output;
  }

  get state(): FileProgress {
    const { rows, failed, read, size } = this.#checkpoint;
    return { rows, failed, read, size };
  }

  /** Takes the next row's answer; `end` is where its row ended. */
  async add(answer: RowAnswer, end: number): Promise<void> {
    const at = this.#checkpoint;
    const line = `${JSON.stringify({ ...(jsonSafe(answer) as object), row: at.rows })}\n`;
    at.rows++;
    if ("error" in answer) at.failed++;
    at.read = end;
    this.#lines.push(line);
    this.#gathered += line.length;
    if (this.#gathered >= GATHERED) await this.#write();
    if (performance.now() - this.#keptAt >= CHECKPOINT_EVERY) await this.#keep();
  }

  /** Makes what was written the output. */
  async finish(): Promise<void> {
    await this.#keep();
    await rename(`${this.#to}.partial`, this.#to);
    await dropCheckpoint(this.#to);
  }

  /** Writes down what is there, for who goes on; where that cannot be done, the last checkpoint holds. */
  async pause(): Promise<void> {
    await this.#keep().catch(() => {});
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async #write(): Promise<void> {
    const bytes = Buffer.from(this.#lines.join(""));
    this.#lines = [];
    this.#gathered = 0;
    await this.#handle.appendFile(bytes);
    this.#checkpoint.written += bytes.byteLength;
  }

  async #keep(): Promise<void> {
    await this.#write();
    await this.#handle.datasync();
    await keepCheckpoint(this.#to, this.#checkpoint);
    this.#keptAt = performance.now();
    this.#progress?.(this.state);
  }
}
