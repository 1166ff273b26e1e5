import { failedBy } from "../models/failed-by.ts";
import type { Prediction } from "../models/prediction.ts";
import type { PredictionStream } from "../models/prediction-stream.ts";

/** Which version answered, and how long it took. */
export function predictionHeaders({ model, version, queued, ran }: Prediction<unknown>): Record<string, string> {
  return {
    "cortado-model": `${model}@${version}`,
    "server-timing": `queue;dur=${queued.toFixed(3)}, run;dur=${ran.toFixed(3)}`,
  };
}

/** The same for an answer in pieces: how long the first of them took. */
export function streamHeaders({ model, version, first }: PredictionStream): Record<string, string> {
  return { "cortado-model": `${model}@${version}`, "server-timing": `first;dur=${first.toFixed(3)}` };
}

/** The same for an answer that failed, where it came as far as a version. */
export function failureHeaders(error: unknown): Record<string, string> {
  const by = failedBy(error);
  if (by === undefined) return {};
  return { "cortado-model": `${by.model}@${by.version}`, "server-timing": `total;dur=${by.milliseconds.toFixed(3)}` };
}
