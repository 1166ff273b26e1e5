/**
 * How it works.
 *
 * A run is a row first and work second. Its owner, one process of the project, takes queued rows model by model, writes
 * the rows of the dataset, starts a trainer process, and writes down what that tells; nobody else writes the row. When an
 * owner dies, the next project that opens finds its runs and marks them interrupted: their dataset and last checkpoint are
 * still there, and `resumeRun` goes on from them.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Services } from "#kernel";
import { storageDirectory } from "#storage";
import { registryErrors } from "../errors.ts";
import { Run, type RunState } from "../models.ts";
import { type PreparedTrainer, isPreparedTrainer } from "../trainers/prepared-trainer.ts";
import { isFinished, recordEvent } from "./run-events.ts";
import { isOwnerGone, newOwner } from "./run-owner.ts";
import { type RunEnd, TrainingTask } from "./training-task.ts";

export interface RunQueueOptions {
  /** How many runs of one model work at once. Default 1. */
  perModel?: number | undefined;
}

/** Milliseconds between two looks for runs that another process was asked to cancel. */
const lookEvery = 1_000;

/** The runs that this process works on. */
export class RunQueue {
  readonly #services: Services;
  readonly #perModel: number;
  readonly #owner = newOwner();
  readonly #working = new Map<number, { model: string; task: TrainingTask; done: Promise<void> }>();
  readonly #waiting: Run[] = [];
  readonly #looks: NodeJS.Timeout;
  #closed = false;

  constructor(services: Services, options: RunQueueOptions = {}) {
    this.#services = services;
    this.#perModel = options.perModel ?? 1;
    this.#looks = setInterval(() => void this.#heedCancellations(), lookEvery).unref();
  }

  /** Takes over what dead processes left: what was queued is queued again, what was running is interrupted. */
  async adopt(): Promise<void> {
    for (const run of await Run.objects.filter({ state: { in: ["queued", "running", "cancelling"] } }).orderBy("id")) {
      if (!isOwnerGone(run.owner, this.#owner)) continue;
      if (run.state === "queued") await this.enqueue(run);
      else await this.#setState(run, run.state === "cancelling" ? "cancelled" : "interrupted");
    }
  }

  /** Makes the run this process's own, and works on it when its turn comes. */
  async enqueue(run: Run): Promise<void> {
    run.owner = this.#owner;
    run.finished = null;
    run.error = null;
    await this.#setState(run, "queued");
    this.#waiting.push(run);
    this.#next();
  }

  /** @throws REGISTRY_RUN_FINISHED */
  async cancel(id: number): Promise<Run> {
    const waiting = this.#waiting.findIndex((run) => run.id === id);
    if (waiting >= 0) {
      const [run] = this.#waiting.splice(waiting, 1);
      await this.#finish(run!, { state: "cancelled" });
      return run!;
    }
    const run = await requireRun(id);
    if (isFinished(run.state)) throw registryErrors.REGISTRY_RUN_FINISHED({ id, state: run.state });
    const working = this.#working.get(id);
    if (run.state !== "cancelling") await this.#setState(run, "cancelling");
    if (working) working.task.cancel();
    return run;
  }

  /** Ends every trainer process; its runs are interrupted and can be resumed. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#looks);
    for (const { task } of this.#working.values()) task.kill();
    await Promise.all([...this.#working.values()].map((each) => each.done));
  }

  /** Where a run keeps its dataset, checkpoints and artifact. */
  folderOf(run: Run): string {
    const { storage, root } = this.#services.settings;
    return join(storageDirectory(storage, root), "runs", String(run.id));
  }

  /** Other processes cannot reach a trainer: they write the wish into the row. */
  async #heedCancellations(): Promise<void> {
    if (this.#working.size === 0) return;
    const ids = [...this.#working.keys()];
    const wished = await Run.objects.filter({ id: { in: ids }, state: "cancelling" }).catch(() => []);
    for (const { id } of wished) this.#working.get(id)?.task.cancel();
  }

  #next(): void {
    for (const run of this.#waiting.slice()) {
      const working = [...this.#working.values()].filter(({ model }) => model === run.model).length;
      if (this.#closed || working >= this.#perModel) continue;
      this.#waiting.splice(this.#waiting.indexOf(run), 1);
      this.#start(run);
    }
  }

  #start(run: Run): void {
    const trainer = requireTrainer(this.#services, run.model);
    const task = new TrainingTask({ services: this.#services, run, trainer, folder: this.folderOf(run) });
    const done = this.#work(run, task).finally(() => {
      this.#working.delete(run.id);
      this.#next();
    });
    this.#working.set(run.id, { model: run.model, task, done });
  }

  async #work(run: Run, task: TrainingTask): Promise<void> {
    run.started ??= new Date();
    await this.#setState(run, "running");
    const end = await task.work();
    if (this.#closed && end.state === "failed") await this.#setState(run, "interrupted");
    else await this.#finish(run, end);
  }

  async #finish(run: Run, end: RunEnd): Promise<void> {
    if (end.state === "succeeded") [run.version, run.metrics] = [end.version, end.metrics];
    if (end.state === "failed") run.error = end.error;
    run.finished = new Date();
    // What failed keeps its dataset and checkpoints, to be resumed.
    if (end.state !== "failed") await rm(this.folderOf(run), { recursive: true, force: true });
    await this.#setState(run, end.state);
  }

  async #setState(run: Run, state: RunState): Promise<void> {
    run.state = state;
    await run.save();
    const { version, metrics, error } = run;
    await recordEvent(run.id, "state", { state, version, metrics, error });
  }
}

/** @throws REGISTRY_UNKNOWN_RUN */
export async function requireRun(id: number): Promise<Run> {
  const run = Number.isSafeInteger(id) ? await Run.objects.filter({ id }).first() : null;
  if (!run) throw registryErrors.REGISTRY_UNKNOWN_RUN({ id: String(id) });
  return run;
}

/** @throws SERVING_UNKNOWN_MODEL, REGISTRY_NO_TRAINER */
export function requireTrainer(services: Services, model: string): PreparedTrainer {
  const trainer = services.models.describe(model).handler?.options.train;
  if (isPreparedTrainer(trainer)) return trainer;
  const trainable = services.models
    .list()
    .filter((each) => isPreparedTrainer(each.handler?.options.train))
    .map((each) => each.name);
  throw registryErrors.REGISTRY_NO_TRAINER({ model, trainable });
}
