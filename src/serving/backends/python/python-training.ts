import { basename, resolve } from "node:path";
import { servingErrors } from "../../errors.ts";
import { HostLost } from "../../processes/host-lost.ts";
import { findPython } from "./find-python.ts";
import type { PythonMessage } from "./python-line.ts";
import type { PythonPlace } from "./python-options.ts";
import { PythonProcess } from "./python-process.ts";
import { realRoot } from "./real-root.ts";

/** A training that `train` of a module in Python does, and who is told of it. */
export interface PythonTraining {
  model: string;
  place: PythonPlace & { module: string };
  /** The project's folder. */
  root: string;
  /** The dataset file; absent for a trainer without rows. */
  dataset: string | undefined;
  /** An empty folder for the artifact. */
  directory: string;
  parameters: unknown;
  /** The folder of the last checkpoint. */
  resumeFrom: string | undefined;
  /** Aborted when the training is cancelled. */
  signal: AbortSignal;
  progress(done: number, total: number): void;
  metric(name: string, value: number, step?: number): void;
  log(text: string): void;
  checkpoint(write: (directory: string) => Promise<void>): Promise<void>;
}

/** What a training in Python gave. */
export interface PythonTrained {
  metrics: Record<string, number>;
  labels?: readonly string[] | undefined;
}

/**
 * Trains in a Python process, and tells of it while it goes on. The registry's `pythonTrainer()` does this.
 *
 * ```ts
 * async function train(rest: Omit<PythonTraining, "model" | "place">) {
 *   const { metrics } = await trainInPython({ ...rest, model: "churn", place: { module: "models/churn.py" } });
 *   console.log(metrics);
 * }
 * ```
 * @throws SERVING_PYTHON_NOT_FOUND, SERVING_PYTHON_MODULE, SERVING_PYTHON_FAILED, and the signal's reason
 */
export async function trainInPython(training: PythonTraining): Promise<PythonTrained> {
  const { model, place, signal, log } = training;
  const root = realRoot(training.root);
  const python = new PythonProcess({ ...findPython(place, root, undefined), model, root, arrays: "nested", log });
  const cancel = () => python.interrupt();
  try {
    await load(python, training, root);
    signal.throwIfAborted();
    signal.addEventListener("abort", cancel, { once: true });
    const { dataset, directory, parameters, resumeFrom } = training;
    return await follow(python, { type: "train", model, dataset, directory, parameters, resumeFrom }, training);
  } catch (error) {
    if (!(error instanceof HostLost)) throw error;
    throw servingErrors.SERVING_PYTHON_FAILED({ model, step: "train", problem: error.message });
  } finally {
    signal.removeEventListener("abort", cancel);
    await python.end();
  }
}

async function load(python: PythonProcess, { model, place }: PythonTraining, root: string): Promise<void> {
  const module = basename(place.module);
  const { handler, requirements } = place;
  const answer = await python.ask({
    type: "load",
    root,
    module: resolve(root, place.module),
    // A training reads nothing but its own dataset and checkpoints.
    trusted: true,
    ...(handler !== undefined && { handler }),
    ...(requirements !== undefined && { requirements: resolve(root, requirements) }),
  });
  const fail = (problem: string, hint?: string) => servingErrors.SERVING_PYTHON_MODULE({ model, module, problem, hint });
  if (answer.type !== "ready") throw fail(answer["problem"] as string, answer["hint"] as string | undefined);
  if (!(answer["kinds"] as string[]).includes("train")) throw fail("has no function train", "Write def train(training): ….");
}

/** Passes on what it tells, until it is done. */
async function follow(python: PythonProcess, start: PythonMessage, training: PythonTraining): Promise<PythonTrained> {
  let message = await python.ask(start);
  for (;;) {
    const told = message as PythonMessage & Record<string, never>;
    if (told.type === "trained") return { metrics: told["metrics"]!, labels: told["labels"] ?? undefined };
    if (told.type === "checkpoint") await checkpoint(python, training);
    else if (!passOn(told, training)) throw failure(told, training);
    message = await python.receive();
  }
}

/** True for news. */
function passOn(told: PythonMessage & Record<string, never>, training: PythonTraining): boolean {
  if (told.type === "progress") training.progress(told["done"]!, told["total"]!);
  else if (told.type === "metric") training.metric(told["name"]!, told["value"] as never, told["step"]);
  else if (told.type === "log") training.log(told["text"]!);
  else return false;
  return true;
}

/** Python writes into a folder that is put in place when it says that it is done. */
async function checkpoint(python: PythonProcess, training: PythonTraining): Promise<void> {
  try {
    await training.checkpoint(async (directory) => {
      let answer = await python.ask({ type: "directory", directory });
      while (passOn(answer as never, training)) answer = await python.receive();
      if (answer.type !== "written") throw failure(answer, training);
    });
  } catch (error) {
    if (!isFileError(error)) throw error;
    python.send({ type: "failed", problem: `the checkpoint could not be kept: ${error.code}` });
    return;
  }
  python.send({ type: "kept" });
}

const isFileError = (error: unknown): error is NodeJS.ErrnoException =>
  typeof (error as { syscall?: unknown }).syscall === "string";

function failure({ type, problem }: PythonMessage, { model, signal }: PythonTraining): unknown {
  if (type === "cancelled" && signal.aborted) return signal.reason;
  const what = type === "cancelled" ? "it was interrupted" : String(problem);
  return servingErrors.SERVING_PYTHON_FAILED({ model, step: "train", problem: what });
}
