import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Dataset } from "../dataset/dataset.ts";

/** What a trainer is given to work with, in its own process. */
export interface TrainingContext<Parameters = unknown> {
  /** The rows; absent where the trainer has no `rows`. */
  dataset: Dataset | undefined;
  /** What is left here when `run` is done is the artifact: `model.onnx`, or whatever `initialize` reads. */
  directory: string;
  parameters: Parameters;
  /** The folder of the last checkpoint of a run that was stopped. */
  resumeFrom: string | undefined;
  progress(done: number, total: number): void;
  metric(name: string, value: number, step?: number): void;
  log(text: string): void;
  /** Keeps a state to go on from: writes it into a folder that is there whole or not at all. */
  checkpoint(write: (directory: string) => Promise<void>): Promise<void>;
  /** Aborted when the run is cancelled. */
  signal: AbortSignal;
}

/** The folder of the newest checkpoint, or undefined. */
export async function lastCheckpoint(folder: string): Promise<string | undefined> {
  const last = Math.max(0, ...(await checkpointNumbers(folder)));
  return last > 0 ? join(folder, String(last)) : undefined;
}

/** Writes a checkpoint beside the others, puts it in place at once, and removes those before it. */
export async function writeCheckpoint(folder: string, write: (directory: string) => Promise<void>): Promise<void> {
  const earlier = await checkpointNumbers(folder);
  const unfinished = join(folder, "unfinished");
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  await write(unfinished);
  await rename(unfinished, join(folder, String(Math.max(0, ...earlier) + 1)));
  for (const number of earlier) await rm(join(folder, String(number)), { recursive: true, force: true });
}

async function checkpointNumbers(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => /^[1-9]\d*$/.test(name)).map(Number);
}
