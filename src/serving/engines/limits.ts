import type { Handler } from "../handlers/handler.ts";
import { queueDefaults } from "./engine.ts";

/** How a version is run side by side, and for how long. */
export interface Limits {
  /** Milliseconds in which an answer must come. */
  deadline: number;
  /** How many copies run side by side. */
  instances: number;
}

/** What a handler says of it, else what is usual. */
export function limitsOf(handler: Handler | undefined): Limits {
  const { deadline = queueDefaults.deadline, instances = queueDefaults.instances } = handler?.options ?? {};
  return { deadline, instances };
}
