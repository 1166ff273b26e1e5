import type { Handler } from "../handlers/handler.ts";
import type { BatcherOptions } from "../queue/batcher.ts";
import { queueDefaults } from "./engine.ts";
import { limitsOf } from "./limits.ts";

type QueueSettings = Omit<BatcherOptions<unknown, unknown>, "joinable" | "run" | "model" | "slots" | "ahead">;

/** How a handler wants its work to wait and to be run together, where rows can be. */
export function queueSettings(handler: Handler | undefined, joins: boolean): QueueSettings {
  const { batch, queue } = handler?.options ?? {};
  const { maxSize, maxDelay, adaptive } = batch || {};
  return {
    maxSize: joins ? (maxSize ?? queueDefaults.maxSize) : 1,
    maxDelay: joins ? (maxDelay ?? queueDefaults.maxDelay) : 0,
    adaptive: adaptive ?? true,
    queueSize: queue?.maxSize ?? queueDefaults.queueSize,
    levels: Math.max(1, queue?.levels ?? queueDefaults.levels),
    maxWait: queue?.maxWait,
    whenLate: queue?.whenLate ?? "refuse",
    deadline: limitsOf(handler).deadline,
  };
}
