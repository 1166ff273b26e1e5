import type { ModelServer } from "../models/model-server.ts";

/** The least of it: networks have their moments. */
const LEAST = 5_000;

/**
 * Milliseconds for which a client of an answer in pieces may take none of them, before it is given up: as long as the model has
 * to make one. Until then it holds up the model, and who else waits for it.
 */
export function readerPatience(models: ModelServer, model: string): number {
  return Math.max(LEAST, models.describe(model).limits.deadline);
}
