import type { Answer } from "../queue/batcher.ts";
import type { Signature } from "../tensors/signature.ts";
import type { Tensors } from "../tensors/tensor.ts";

/** What answers for one loaded version of a model. */
export interface Engine {
  /** Absent where no tensors are involved. */
  readonly signature?: Signature;
  /** The whole seconds after which a full queue is likely to have room. */
  readonly retryAfter: number;
  /** How often it ran; rows that run together count once. */
  readonly runs: number;
  /** Answers items in their order. */
  answer(items: readonly unknown[], signal?: AbortSignal): Promise<Answer<unknown>[]>;
  /** Answers tensors with tensors, below any handler; absent where there are none. */
  infer?(inputs: Tensors, signal?: AbortSignal): Promise<Answer<Tensors>>;
  close(): void | Promise<void>;
}

/** How the queue of an engine is set up, where the handler does not say. */
export const queueDefaults = { maxSize: 32, maxDelay: 0, queueSize: 256, deadline: 30_000, instances: 1 };
