import type { OnnxContents } from "../backends/onnx/onnx-contents.ts";
import type { Signature } from "../tensors/signature.ts";

/** How long runs of so many rows take. */
export interface TimedBatch {
  rows: number;
  milliseconds: number;
}

/** How long runs take with so many threads, in milliseconds: of one row, and of the batch that is best with one thread. */
export interface TimedThreads {
  threads: number;
  row: number;
  batch: number;
}

/** What was found when a version was measured apart from all others. */
export interface Examination {
  /** What runs it: `onnxruntime 1.30.0`. */
  runtime?: string;
  /** Why it does not load or run. */
  problem?: string;
  contents?: OnnxContents;
  signature?: Signature;
  /** Milliseconds that loading took. */
  load?: number;
  /** Bytes that one loaded copy occupies after it has run. */
  memory?: number;
  /** Why rows are not run together; absent where they are. */
  batchProblem?: string | undefined;
  /** What could not be examined, in a sentence. */
  unexamined?: string;
  batches: TimedBatch[];
  threads: TimedThreads[];
  /** The inputs whose sizes vary and nobody said them, so that they were guessed. */
  guessed: string[];
}

/** How a version is measured. */
export interface ExamineOptions {
  /** The sizes of inputs beyond the first, where they vary: `{ image: [3, 224, 224] }`. */
  shapes?: Readonly<Record<string, readonly number[]>> | undefined;
}
