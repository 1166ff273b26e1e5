import { type Services, withoutPaths } from "#kernel";
import { registryErrors } from "../errors.ts";
import { Run } from "../models.ts";
import { isFinished, runEvents } from "./run-events.ts";
import { type RunQueue, requireRun, requireTrainer } from "./run-queue.ts";

declare module "#kernel" {
  interface Services {
    /** The runs of the open project; absent without `registry()`. */
    runs?: RunQueue;
  }
}

function requireQueue(services: Services): RunQueue {
  if (!services.runs) throw registryErrors.REGISTRY_NOT_OPEN();
  return services.runs;
}

/**
 * Trains a model: a run is queued and worked on in a process of its own.
 *
 * ```ts
 * const run = await waitForRun(await startRun(services, "drink-price", { rounds: 50 }));
 * console.log(run.state, run.version, run.metrics);
 * ```
 * @throws SERVING_UNKNOWN_MODEL, REGISTRY_NO_TRAINER, REGISTRY_BAD_PARAMETERS
 */
// oxlint-disable-next-line max-params -- what is trained with what reads as one; who asks is seldom said.
export async function startRun(
  services: Services,
  model: string,
  parameters: Record<string, unknown> = {},
  { user = "" }: { user?: { toString(): string } | undefined } = {},
): Promise<Run> {
  const queue = requireQueue(services);
  await requireTrainer(services, model).prepare(model, parameters, services.settings);
  const run = await Run.objects.create({ model, parameters, startedBy: String(user) });
  await queue.enqueue(run);
  return run;
}

/** The run, when it has finished: read afresh, whatever its end. */
export async function waitForRun(run: Run): Promise<Run> {
  for await (const _ of runEvents(run.id)) continue;
  return requireRun(run.id);
}

/** Stops a run: at once while it is queued, else as soon as its trainer listens. @throws REGISTRY_UNKNOWN_RUN, REGISTRY_RUN_FINISHED */
export function cancelRun(services: Services, id: number): Promise<Run> {
  return requireQueue(services).cancel(id);
}

/** Goes on with a run that failed or was interrupted, from its last checkpoint. @throws REGISTRY_RUN_FINISHED */
export async function resumeRun(services: Services, id: number): Promise<Run> {
  const queue = requireQueue(services);
  const run = await requireRun(id);
  if (!["failed", "interrupted"].includes(run.state)) throw registryErrors.REGISTRY_RUN_NOT_RESUMABLE({ id, state: run.state });
  requireTrainer(services, run.model);
  await queue.enqueue(run);
  return run;
}

/** What a run says of itself over HTTP. */
export function describeRun(run: Run): Record<string, unknown> {
  const { id, model, state, version, metrics, error, progress, parameters, created, started, finished } = run;
  const told = error && { ...error, message: withoutPaths(error.message) };
  return {
    id,
    model,
    state,
    version,
    metrics,
    error: told,
    progress,
    parameters,
    created,
    started,
    finished,
    done: isFinished(state),
  };
}
