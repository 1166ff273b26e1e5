import { access, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { CortadoError, Services } from "#kernel";
import { type DatasetSummary, writeDataset } from "../dataset/write-dataset.ts";
import type { Run, RunError } from "../models.ts";
import { TrainerChild, type TrainerEnd } from "../process/trainer-child.ts";
import type { PreparedTrainer } from "../trainers/prepared-trainer.ts";
import type { TrainerNews, TrainingJob } from "../trainers/training-job.ts";
import { publishVersion } from "../versions/version-store.ts";
import { recordEvent } from "./run-events.ts";

/** How a run ended. */
export type RunEnd =
  | { state: "succeeded"; version: string; metrics: Record<string, number> }
  | { state: "cancelled" }
  | { state: "failed"; error: RunError };

interface TaskOptions {
  services: Services;
  run: Run;
  trainer: PreparedTrainer;
  /** The run's own folder: dataset, checkpoints, artifact. */
  folder: string;
}

/** One run at work: rows into a dataset file, a trainer process on that file, its artifact into a version. */
export class TrainingTask {
  readonly #options: TaskOptions;
  #child: TrainerChild | undefined;
  #cancelled = false;
  #news: Promise<void> = Promise.resolve();

  constructor(options: TaskOptions) {
    this.#options = options;
  }

  cancel(): void {
    this.#cancelled = true;
    this.#child?.cancel();
  }

  /** Ends the trainer process at once; its last checkpoint stays. */
  kill(): void {
    this.#child?.kill();
  }

  /** Works until an end, which is never an exception. */
  async work(): Promise<RunEnd> {
    try {
      const end = await this.#train();
      await this.#news;
      if (end.type !== "succeeded")
        return end.type === "cancelled" ? { state: "cancelled" } : { state: "failed", error: end.error };
      const { metrics } = end.outcome;
      const version = await this.#publish(end.outcome);
      return { state: "succeeded", version, metrics };
    } catch (error) {
      const { code = "REGISTRY_TRAINING_FAILED", message, hint } = error as Partial<CortadoError> & Error;
      return { state: "failed", error: { code, message, hint } };
    }
  }

  async #train(): Promise<TrainerEnd> {
    const { run } = this.#options;
    const job = await this.#makeJob();
    if (this.#cancelled) return { type: "cancelled" };
    this.#child = new TrainerChild(run.id, job, (news) => this.#record(news));
    return this.#child.ended;
  }

  async #makeJob(): Promise<TrainingJob> {
    const { services, run, trainer, folder } = this.#options;
    const directory = join(folder, "artifact");
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { recursive: true });
    const dataset = trainer.rows ? await this.#makeDataset(trainer, join(folder, "dataset.jsonl")) : undefined;
    const work = await trainer.prepare(run.model, run.parameters, services.settings);
    return { model: run.model, dataset, directory, checkpoints: join(folder, "checkpoints"), work };
  }

  /** A run that is resumed goes on with the rows that it began with. */
  async #makeDataset(trainer: PreparedTrainer, file: string): Promise<string> {
    const { run } = this.#options;
    const isThere = await access(file).then(
      () => true,
      () => false,
    );
    if (run.dataset && isThere) return file;
    const summary = await writeDataset({ file, model: run.model, rows: trainer.rows!(), columns: trainer.columns });
    run.dataset = { ...summary };
    await run.save();
    await recordEvent(run.id, "log", { text: `${summary.rows} rows written to the dataset.` });
    return file;
  }

  /** News are written one after the other; a run's last state waits for them. */
  #record(news: TrainerNews): void {
    const { run } = this.#options;
    const { type, ...data } = news;
    this.#news = this.#news.then(async () => {
      await recordEvent(run.id, type, data);
      if (news.type === "progress") run.progress = { done: news.done, total: news.total };
    });
  }

  async #publish({ metrics, labels, columns }: Extract<TrainerEnd, { type: "succeeded" }>["outcome"]): Promise<string> {
    const { services, run, folder } = this.#options;
    const dataset = run.dataset as DatasetSummary | null;
    const row = await publishVersion(services, {
      model: run.model,
      directory: join(folder, "artifact"),
      origin: `run ${run.id}`,
      manifest: {
        metrics,
        run: String(run.id),
        ...(dataset && { dataset }),
        ...(labels && { labels }),
        ...(columns && { columns }),
      },
    });
    return String(row.version);
  }
}
