import type { BatchOptions, Handler, QueueOptions } from "../handlers/handler.ts";
import { queueDefaults } from "./engine.ts";

/** How models are run where no handler says it. The names are those that handlers have. */
export interface LimitDefaults {
  /** Milliseconds in which an answer must come. Default 30,000. */
  deadline?: number | undefined;
  /** How many copies of a version run side by side. Default 1. */
  instances?: number | undefined;
  /** How rows are run together, where they can be: `{ maxSize: 1 }` runs each alone. */
  batch?: BatchOptions | undefined;
  /** How predictions wait: `{ maxSize: 64 }`. */
  queue?: QueueOptions | undefined;
}

/** How a version is run side by side, and for how long; how its rows are run together, and wait. */
export interface Limits {
  /** Milliseconds in which an answer must come. */
  deadline: number;
  /** How many copies run side by side. */
  instances: number;
  batch: BatchOptions;
  queue: QueueOptions;
}

/** What a handler says of it, else the server's defaults, else what is usual. */
export function limitsOf(handler: Handler | undefined, defaults: LimitDefaults = {}): Limits {
  const { deadline, instances, batch, queue } = handler?.options ?? {};
  return {
    deadline: deadline ?? defaults.deadline ?? queueDefaults.deadline,
    instances: instances ?? defaults.instances ?? queueDefaults.instances,
    batch: { ...defaults.batch, ...(batch || undefined) },
    queue: { ...defaults.queue, ...queue },
  };
}
