import type { BatcherOptions } from "../queue/batcher.ts";
import { queueDefaults } from "./engine.ts";
import type { Limits } from "./limits.ts";

type QueueSettings = Omit<BatcherOptions<unknown, unknown>, "joinable" | "run" | "model" | "slots" | "ahead">;

/** How work waits and is run together, where rows can be. */
export function queueSettings({ batch, queue, deadline }: Limits, joins: boolean): QueueSettings {
  const { maxSize, maxDelay, adaptive } = batch;
  return {
    maxSize: joins ? (maxSize ?? queueDefaults.maxSize) : 1,
    maxDelay: joins ? (maxDelay ?? queueDefaults.maxDelay) : 0,
    adaptive: adaptive ?? true,
    queueSize: queue.maxSize ?? queueDefaults.queueSize,
    levels: Math.max(1, queue.levels ?? queueDefaults.levels),
    maxWait: queue.maxWait,
    whenLate: queue.whenLate ?? "refuse",
    deadline,
  };
}
