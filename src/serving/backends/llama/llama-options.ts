import { didYouMean } from "#kernel";
import { servingErrors } from "../../errors.ts";

/** What can compute a GGUF model besides the processor. */
export const graphicsKinds = ["auto", "cuda", "vulkan", "metal"] as const;

/** The tokens of a context, where nobody says how many. */
export const DEFAULT_CONTEXT = 4096;

/** How GGUF models are run. */
export interface LlamaOptions {
  /** The tokens that a question and its answer may have together. Default: as many as the model knows, 4,096 at most. */
  context?: number;
  /** How many answers are written side by side, each with a context of its own. Default 1. */
  sequences?: number;
  /**
   * Threads that compute. Default: one less than the machine has cores, and one at least. Each step waits for the slowest
   * thread, so that one core which something else uses makes all of them wait.
   */
  threads?: number;
  /** What computes besides the processor; `"auto"` takes what is there. Default `false`: nothing. */
  gpu?: false | (typeof graphicsKinds)[number];
  /** How many layers of the model the graphics card holds. Default: as many as fit. */
  gpuLayers?: number;
  /** Bytes that the process of a version may occupy; one that occupies more is ended and started again. */
  memory?: number;
  /** Milliseconds that loading may take. Default 300,000. */
  loadWithin?: number;
}

/** What the process that holds a model is told of it. */
export interface LlamaSettings {
  /** The version's folder. */
  directory: string;
  /** The model's file in it. Default: `model.gguf`, else the only one. */
  file?: string | undefined;
  /** The project's folder, whose packages are used. */
  root: string;
  context: number | undefined;
  sequences: number;
  threads: number;
  gpu: false | (typeof graphicsKinds)[number];
  gpuLayers: number | undefined;
}

const counts = ["context", "sequences", "threads", "memory", "loadWithin"] as const;

/** @throws SERVING_BAD_RUNTIME */
export function checkOptions(options: LlamaOptions): void {
  const refuse = (option: string, problem: string, hint?: string) => {
    throw servingErrors.SERVING_BAD_RUNTIME({ runtime: "llama", option, problem, hint });
  };
  for (const option of counts) requireWhole(option, options[option], 1);
  requireWhole("gpuLayers", options.gpuLayers, 0);
  const { gpu = false } = options;
  if (gpu !== false && !graphicsKinds.includes(gpu))
    refuse("gpu", `is ${JSON.stringify(gpu)}. There are: false, ${graphicsKinds.join(", ")}`, didYouMean(String(gpu), graphicsKinds)); // oxfmt-ignore
  if (gpu === false && options.gpuLayers) refuse("gpuLayers", "has a meaning only with gpu", 'Say gpu: "auto".');

  function requireWhole(option: string, value: number | undefined, least: number): void {
    if (value !== undefined && (!Number.isSafeInteger(value) || value < least))
      refuse(option, `is ${value}, and has to be a whole number from ${least} on`);
  }
}
