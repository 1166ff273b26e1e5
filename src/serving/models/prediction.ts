import type { Answer } from "../queue/work-queue.ts";

/** What a prediction gave, and which version gave it. Times are milliseconds. */
export interface Prediction<T> {
  outputs: T[];
  model: string;
  version: string;
  queued: number;
  ran: number;
  /** How many rows ran together with it, itself included; 0 where nothing ran. */
  batch: number;
  /** True where all of it came from the response cache. */
  cached: boolean;
}

/** The answers of one request as one: it waited and ran as long as the longest of them. */
export function predictionOf<T>(
  answers: readonly Answer<T>[],
  { model, version }: { model: string; version: string },
): Prediction<T> {
  const outputs: T[] = [];
  let [queued, ran, batch, cached] = [0, 0, 0, answers.length > 0];
  for (let i = 0; i < answers.length; i++) {
    const answer = answers[i]!;
    outputs.push(answer.result);
    queued = Math.max(queued, answer.queued);
    ran = Math.max(ran, answer.ran);
    batch = Math.max(batch, answer.batch);
    cached &&= answer.cached;
  }
  return { outputs, model, version, queued, ran, batch, cached };
}
