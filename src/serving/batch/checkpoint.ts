import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { servingErrors } from "../errors.ts";
import { isVersionName } from "../repositories/names.ts";

/** How far a run over a file has come: what is written down before this counts, what came later is done again. */
export interface Checkpoint {
  /** The input, and what it was: a run goes on only with the same. */
  file: string;
  size: number;
  modified: number;
  model: string;
  version: string;
  /** Rows that are answered, and how many of them by an error. */
  rows: number;
  failed: number;
  /** Bytes of the input that they took, and of the output that their answers have. */
  read: number;
  written: number;
}

/** Where the checkpoint of an output is kept. */
export function checkpointOf(to: string): string {
  return `${to}.checkpoint`;
}

/** Keeps it in one step. */
export async function keepCheckpoint(to: string, checkpoint: Checkpoint): Promise<void> {
  const path = checkpointOf(to);
  await writeFile(`${path}.new`, JSON.stringify(checkpoint));
  await rename(`${path}.new`, path);
}

/** Forgets it, for the run is over. */
export async function dropCheckpoint(to: string): Promise<void> {
  await rm(checkpointOf(to), { force: true });
}

/** The checkpoint of an earlier run; undefined where there is none. @throws SERVING_CANNOT_RESUME */
export async function readCheckpoint(to: string): Promise<Checkpoint | undefined> {
  const text = await readFile(checkpointOf(to), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const found = parse(text);
  if (found === undefined) throw servingErrors.SERVING_CANNOT_RESUME({ to, problem: "its checkpoint cannot be read" });
  return found;
}

function parse(text: string): Checkpoint | undefined {
  try {
    const found = JSON.parse(text) as Checkpoint;
    const numbers = [found.size, found.modified, found.rows, found.failed, found.read, found.written];
    return numbers.every((each) => typeof each === "number" && each >= 0) && isVersionName(found.version) ? found : undefined;
  } catch {
    return undefined;
  }
}

/** Refuses to go on with another input, another model, or less output than was written down. @throws SERVING_CANNOT_RESUME */
export async function requireSame(to: string, found: Checkpoint, now: { file: string; model: string }): Promise<void> {
  const refuse = (problem: string) => servingErrors.SERVING_CANNOT_RESUME({ to, problem });
  if (found.model !== now.model) throw refuse(`it was begun with the model "${found.model}"`);
  const { size, mtimeMs } = await stat(now.file);
  if (size !== found.size || mtimeMs !== found.modified)
    throw refuse(`${now.file} has changed since, or it was begun with another file`);
  const partial = await stat(`${to}.partial`).catch(() => undefined);
  if (partial === undefined || partial.size < found.written) throw refuse(`${to}.partial has less than was written`);
}
