import { trainInPython } from "#serving";
import type { TrainingContext } from "../trainers/training-context.ts";
import type { TrainingJob, TrainingOutcome } from "../trainers/training-job.ts";

/** Has a Python process of its own do the training; this process keeps the checkpoints and passes the news on. */
export async function trainPython(
  job: TrainingJob,
  work: Extract<TrainingJob["work"], { kind: "python" }>,
  context: TrainingContext,
): Promise<TrainingOutcome> {
  const { model, dataset } = job;
  return trainInPython({ ...context, model, dataset, place: work.place, root: work.root });
}
