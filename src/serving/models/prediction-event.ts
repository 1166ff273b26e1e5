import type { AskOptions } from "../engines/engine.ts";
import type { Tensors } from "../tensors/tensor.ts";

/** What is told of a request after it was answered or refused. Times are milliseconds. */
export interface PredictionEvent {
  model: string;
  version: string;
  /** What came: items through the handler, or the model's tensors; nothing of a large body, which the model host reads. */
  inputs: readonly unknown[] | Tensors;
  /** One for each item, or one set of tensors; none where it failed, and none of a large body. */
  outputs: readonly unknown[];
  /** How long it waited in the queue, the longest of its items. */
  queued: number;
  /** How long the model ran, the longest of its items. */
  ran: number;
  /** How long it took in all. */
  total: number;
  /** How many rows ran together with it, itself included; 0 where nothing ran. */
  batch: number;
  /** True where all of it came from the response cache. */
  cached: boolean;
  /** True where the answer was streamed; the outputs are then its pieces. */
  streamed: boolean;
  /** True for a large body, which the model host read: then neither inputs nor outputs are here. */
  unread?: boolean | undefined;
  error?: unknown;
  options: AskOptions;
}

/** How many predictions were kept, and how many were not, because they came faster than they could be written. */
export interface PredictionTally {
  readonly written: number;
  readonly dropped: number;
}

/** Is told of every request to the models: metrics, payload logs, traces. What it throws is a fault, so it throws nothing. */
export type PredictionObserver = (event: PredictionEvent) => void;
