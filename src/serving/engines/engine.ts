import type { Answer } from "../queue/work-queue.ts";
import type { Signature } from "../tensors/signature.ts";
import type { Tensors } from "../tensors/tensor.ts";
import type { TraceSpan } from "./trace-span.ts";
import type { BodyForm, UnreadBody, WrittenBody } from "./unread-body.ts";

/** How one request is to be answered. */
export interface AskOptions {
  /** Gives the work up, while it waits and while it runs; a function where the signal is to be made only when it is needed. */
  signal?: AbortSignal | (() => AbortSignal) | undefined;
  /** Milliseconds in which the answer must come, where that is sooner than the handler's own deadline; of a stream, each piece. */
  deadline?: number | undefined;
  /** When the request came, by `performance.now()`: its deadline counts from there. Without it, from when the model is asked. */
  since?: number | undefined;
  /** Work of a lower number goes first: from 1 to the levels of the handler's queue; 0, the default, is the middle one. */
  priority?: number | undefined;
  /** The sequence that the work belongs to, for models that keep a state. */
  sequence?: SequenceStep | undefined;
  /** How the request is called in logs and traces. */
  requestId?: string | undefined;
  /** How the prediction is called by those who give the right answer to it later. */
  predictionId?: string | undefined;
  /** What the request is told below, where requests are traced. */
  trace?: TraceSpan | undefined;
}

/** A step of a sequence: all steps of one go to the same instance, in their order. */
export interface SequenceStep {
  id: string;
  /** True for the first step: the state begins anew. */
  start?: boolean | undefined;
  /** True for the last step: the state is let go. */
  end?: boolean | undefined;
}

/** How rows are run together. */
export interface Batching {
  /** False where every request runs alone. */
  enabled: boolean;
  /** The most rows in one run. */
  maxSize: number;
  /** Milliseconds that a run which is not full waits for more. */
  maxDelay: number;
  /** The most rows in one run at present: less than `maxSize` where measurement shows that larger batches take longer. */
  limit: number;
}

/** What answers for one loaded version of a model. */
export interface Engine {
  /** What callers send and get; absent where no tensors are involved. */
  readonly signature?: Signature | undefined;
  /** The whole seconds after which a full queue is likely to have room. */
  readonly retryAfter: number;
  /** How many questions wait for a run. */
  readonly waiting: number;
  readonly batching: Batching;
  /** Bytes that the loaded version occupies, where that can be told. */
  readonly memory: number | undefined;
  /** Why it does not answer at present, though it is loaded: what runs it ended again and again. */
  readonly problem: string | undefined;
  /** Answers items in their order. */
  answer(items: readonly unknown[], options?: AskOptions): Promise<Answer<unknown>[]>;
  /** Answers tensors with tensors, below any handler; absent where there are none. */
  infer?(inputs: Tensors, options?: AskOptions): Promise<Answer<Tensors>>;
  /** The bodies that are answered without being read here. */
  readonly reads?: readonly BodyForm[];
  /** How many bytes of JSON a body must have for that. */
  readonly readsFrom?: number;
  /** Answers a body of these, unread, through the queue. */
  answerBody?(body: UnreadBody, options?: AskOptions): Promise<Answer<WrittenBody>>;
  /** Answers one item piece by piece, through the queue, and says how long that took; absent where answers come whole. */
  stream?(item: unknown, options?: AskOptions, waited?: (milliseconds: number) => void): AsyncIterable<unknown>;
  /** How many sequences are open here; absent where there are none. */
  readonly openSequences?: number;
  /** When a step of a sequence was asked for here last; undefined where the sequence is not open here. */
  sequenceUsed?(id: string): number | undefined;
  close(): void | Promise<void>;
}

/** How the queue of an engine is set up, where the handler does not say. */
export const queueDefaults = { maxSize: 32, maxDelay: 0, queueSize: 256, levels: 10, deadline: 30_000, instances: 1 };
