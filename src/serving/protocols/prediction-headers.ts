import type { Prediction } from "../models/model-server.ts";

/** Which version answered, and how long it took. */
export function predictionHeaders({ model, version, queued, ran }: Prediction<unknown>): Record<string, string> {
  return {
    "cortado-model": `${model}@${version}`,
    "server-timing": `queue;dur=${queued.toFixed(3)}, run;dur=${ran.toFixed(3)}`,
  };
}
