import { pathToFileURL } from "node:url";
import type { App } from "#kernel";
import { isHandler } from "#serving";
import { registryErrors } from "../errors.ts";
import { type CustomTrainer, isCustomTrainer } from "../trainers/trainer.ts";
import type { TrainingContext } from "../trainers/training-context.ts";
import type { TrainingJob, TrainingOutcome } from "../trainers/training-job.ts";

/** Runs a handler's own trainer, which is found by the handler's name in the apps of the project's file. */
export async function trainCustom(
  model: string,
  work: Extract<TrainingJob["work"], { kind: "custom" }>,
  context: TrainingContext,
): Promise<TrainingOutcome> {
  const metrics = await (await findTrainer(model, work.configFile)).options.run(context);
  return { metrics: metrics ?? {} };
}

async function findTrainer(model: string, configFile: string): Promise<CustomTrainer> {
  const { default: project } = (await import(pathToFileURL(configFile).href)) as { default?: { apps?: readonly App[] } };
  for (const app of project?.apps ?? []) {
    for (const handler of Object.values(app.handlers ?? {})) {
      if (isHandler(handler) && handler.name === model && isCustomTrainer(handler.options.train)) return handler.options.train;
    }
  }
  throw registryErrors.REGISTRY_TRAINER_NOT_FOUND({ model, configFile });
}
