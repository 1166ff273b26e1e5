/**
 * How it works.
 *
 * This is the main file of a trainer process: it is sent one job, works on it, sends news and one end, and exits. It never
 * opens the database: rows come from a dataset file, and what becomes of the artifact is its owner's affair. When its owner
 * is gone, so is it.
 */
import { CortadoError } from "#kernel";
import { Dataset } from "../dataset/dataset.ts";
import { lastCheckpoint, type TrainingContext, writeCheckpoint } from "../trainers/training-context.ts";
import type { TrainerReply, TrainerRequest, TrainingJob, TrainingOutcome } from "../trainers/training-job.ts";
import { NewsSender } from "./news-sender.ts";
import { trainCustom } from "./train-custom.ts";
import { trainPython } from "./train-python.ts";
import { trainTabular } from "./train-tabular.ts";

const abort = new AbortController();

function send(reply: TrainerReply): Promise<void> {
  return new Promise((done) => {
    if (process.connected) process.send!(reply, () => done());
    else done();
  });
}

async function contextOf(job: TrainingJob, news: NewsSender): Promise<TrainingContext> {
  const parameters: unknown = job.work.parameters;
  return {
    dataset: job.dataset === undefined ? undefined : await Dataset.open(job.dataset),
    directory: job.directory,
    parameters,
    resumeFrom: await lastCheckpoint(job.checkpoints),
    progress: (done, total) => news.tell({ type: "progress", done, total }),
    metric: (name, value, step) => news.tell({ type: "metric", name, value, step }),
    log: (text) => news.tell({ type: "log", text }),
    checkpoint: (write) => writeCheckpoint(job.checkpoints, write),
    signal: abort.signal,
  };
}

async function work(job: TrainingJob, context: TrainingContext): Promise<TrainingOutcome> {
  if (job.work.kind === "tabular") return trainTabular(job.model, job.work, context);
  if (job.work.kind === "python") return trainPython(job, job.work, context);
  return trainCustom(job.model, job.work, context);
}

async function run(job: TrainingJob): Promise<void> {
  const news = new NewsSender((each) => void send(each));
  let end: TrainerReply;
  try {
    const outcome = await work(job, await contextOf(job, news));
    end = { type: "succeeded", outcome: { ...outcome, metrics: { ...news.lastMetrics, ...outcome.metrics } } };
  } catch (error) {
    end = abort.signal.aborted ? { type: "cancelled" } : { type: "failed", error: describe(error) };
  }
  news.flush();
  await send(end);
  process.exit(0);
}

function describe(error: unknown): { code: string; message: string; hint?: string | undefined } {
  if (error instanceof CortadoError) return { code: error.code, message: error.message, hint: error.hint };
  return { code: "REGISTRY_TRAINING_FAILED", message: error instanceof Error ? error.message : String(error) };
}

process.on("message", (request: TrainerRequest) => {
  if (request.type === "cancel") abort.abort();
  else void run(request.job);
});
process.on("disconnect", () => process.exit(1));
