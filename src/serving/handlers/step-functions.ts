import type { RunOptions } from "../engines/runtime.ts";
import { currentModelServer } from "../models/current.ts";
import type { PredictOptions, Step, StepFunctions, Steps } from "./handler.ts";

/** The name of the model that answers a step. */
export function modelOfStep(step: Step): string {
  if (typeof step === "string") return step;
  return "kind" in step ? step.name : modelOfStep(step.model);
}

/** The steps as functions: each asks its model, within what is left of the pipeline's own time. */
export function stepFunctions(steps: Steps, run: RunOptions): StepFunctions<any> {
  return Object.fromEntries(
    Object.entries(steps).map(([name, step]) => [
      name,
      (item: unknown, own: PredictOptions = {}) => ask(step, item, { own, run }),
    ]),
  );
}

async function ask(step: Step, item: unknown, { own, run }: { own: PredictOptions; run: RunOptions }): Promise<unknown> {
  const model = modelOfStep(step);
  const { version, alias } = typeof step === "object" && "model" in step ? step : {};
  const left = Math.min(own.deadline ?? Number.POSITIVE_INFINITY, run.deadline ?? Number.POSITIVE_INFINITY);
  const options: PredictOptions = {
    version,
    alias,
    signal: () => run.signal ?? new AbortController().signal,
    requestId: run.requestId,
    trace: run.trace,
    priority: run.priority,
    ...own,
    deadline: Number.isFinite(left) ? left : undefined,
  };
  const { outputs } = await currentModelServer(model).predict(model, [item], options);
  return outputs[0];
}
