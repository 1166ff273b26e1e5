import type { HttpRequest } from "#http";
import { queueDefaults } from "../../engines/engine.ts";
import { withinDeadline } from "../../engines/within-deadline.ts";
import type { Prediction } from "../../models/prediction.ts";
import type { AskedModel } from "./task-model.ts";

/**
 * Predicts as many items as these protocols allow, which may be more than wait in a model's queue: half of it at a time, so
 * that others find room, and all of them by one version, within the model's deadline as a whole.
 */
export async function predictInParts(
  { services }: HttpRequest,
  { name, options }: AskedModel,
  items: readonly unknown[],
): Promise<Prediction<unknown>> {
  const { models } = services;
  const { queue, deadline } = models.describe(name).limits;
  const { maxSize = queueDefaults.queueSize } = queue;
  const size = Math.max(1, Math.floor(maxSize / 2));
  let whole = await models.predict(name, items.slice(0, size), options);
  const { version, queued, ran } = whole;
  const rest = withinDeadline({ ...options, version }, { since: performance.now() - queued - ran, deadline });
  for (let at = size; at < items.length; at += size) {
    const part = await models.predict(name, items.slice(at, at + size), rest);
    whole = joined(whole, part);
  }
  return whole;
}

/** Anew, since observers and shadows hold each part as it was. */
function joined(whole: Prediction<unknown>, part: Prediction<unknown>): Prediction<unknown> {
  return {
    ...whole,
    outputs: [...whole.outputs, ...part.outputs],
    queued: whole.queued + part.queued,
    ran: whole.ran + part.ran,
    batch: Math.max(whole.batch, part.batch),
    cached: whole.cached && part.cached,
  };
}
