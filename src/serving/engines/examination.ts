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

/** What a model's file says of itself, read without running it. */
export interface FileContents {
  /** The program that wrote it. */
  producer: string;
  /** What it is written in, with versions: `{ "IR version": 8, "ai.onnx": 17 }`. */
  forms: Record<string, number>;
  /** How often each operator is used, the commonest first. */
  operators: Record<string, number>;
  /** How many numbers it has learned. */
  parameters: number;
  /** How many of them are of each type. */
  types: Record<string, number>;
  /** The files beside it that hold its weights. */
  external: string[];
  /** What a file of a language model says besides. */
  language?: LanguageContents;
}

/** What the head of a language model's file says. */
export interface LanguageContents {
  /** `"llama"`, `"qwen2"`, `"bert"`, … */
  architecture: string;
  /** The name that it was given. */
  name?: string | undefined;
  /** The tokens that it was trained to read together. */
  contextLength?: number | undefined;
  /** How its numbers are kept: `"Q4_K_M"`, `"F16"`, … */
  quantization: string;
  /** Bytes of the file. */
  size: number;
}

/** How quickly a language model writes. */
export interface TimedWriting {
  promptTokens: number;
  /** Milliseconds until the first piece of the answer. */
  first: number;
  /** Tokens of the answer. */
  tokens: number;
  /** How many of them come in a second, after the first. */
  aSecond: number;
}

/** What was found when a version was measured apart from all others. */
export interface Examination {
  /** What runs it, with its version. */
  runtime?: string;
  /** Why it does not load or run. */
  problem?: string;
  /** The input whose sizes were said, and that it does not have, or not in these sizes: then nothing is measured. */
  strangeInput?: string;
  contents?: FileContents;
  signature?: Signature;
  /** Milliseconds that loading took. */
  load?: number;
  /** Bytes that one loaded copy occupies after it has run. */
  memory?: number;
  /** Why rows are not run together; absent where they are. */
  batchProblem?: string | undefined;
  /** What could not be examined, in a sentence. */
  unexamined?: string;
  /** How quickly it writes, where it is a language model. */
  writing?: TimedWriting;
  batches: TimedBatch[];
  threads: TimedThreads[];
  /** The inputs whose sizes vary and nobody said them, so that they were guessed. */
  guessed: string[];
}

/** Why a version is not measured with sizes that somebody said: they name an input that it does not have, or are not those of one. */
export function strangeInput(
  inputs: readonly { name: string; shape: readonly number[] }[],
  { shapes = {} }: ExamineOptions,
): Required<Pick<Examination, "problem" | "strangeInput">> | undefined {
  for (const [name, sizes] of Object.entries(shapes)) {
    const input = inputs.find((each) => each.name === name);
    if (input === undefined) {
      const known = inputs.map((each) => each.name);
      const there = known.length > 0 ? `There are: ${known.join(", ")}.` : "The model takes no tensors.";
      return { strangeInput: name, problem: `Sizes are said of the input "${name}". ${there}` };
    }
    const [, ...own] = input.shape;
    if (own.length === sizes.length && own.every((size, at) => size === -1 || size === sizes[at])) continue;
    const shape = `Its shape is [${input.shape.join(", ")}], and sizes are said of what comes after the first.`;
    return { strangeInput: name, problem: `The input "${name}" has no place for the sizes ${sizes.join(", ")}. ${shape}` };
  }
  return undefined;
}

/** How a version is measured. */
export interface ExamineOptions {
  /** The sizes of inputs beyond the first, where they vary: `{ image: [3, 224, 224] }`. */
  shapes?: Readonly<Record<string, readonly number[]>> | undefined;
}
