import { pathToFileURL } from "node:url";
import { importOptional } from "#kernel";
import { servingErrors } from "../../errors.ts";
import { resolvePackage } from "../resolve-package.ts";
import type { LlamaSettings } from "./llama-options.ts";

/** A number of a model's vocabulary. */
export type Token = number;

/** What is used of `node-llama-cpp`. */
export interface LlamaPackage {
  getLlama(options: {
    gpu: LlamaSettings["gpu"];
    build: "never";
    skipDownload: true;
    maxThreads: number;
    logLevel: "warn";
    logger(level: string, message: string): void;
  }): Promise<Llama>;
  resolveChatWrapper(
    model: LlamaModel,
    options: { fallbackToOtherWrappersOnJinjaError?: boolean; noJinja?: boolean },
  ): ChatWrapper;
  LlamaGrammarEvaluationState: new (options: { model: LlamaModel; grammar: object }) => object;
}

export interface Llama {
  /** What computes besides the processor. */
  readonly gpu: false | string;
  loadModel(options: { modelPath: string; gpuLayers?: number | "auto" }): Promise<LlamaModel>;
  getGrammarFor(type: "json"): Promise<object>;
  createGrammarForJsonSchema(schema: object): Promise<object>;
}

export interface LlamaModel {
  readonly tokens: { bos: Token | null; eos: Token | null; shouldPrependBosToken: boolean };
  readonly tokenizer: object;
  readonly trainContextSize: number;
  tokenize(text: string, specialTokens?: boolean): Token[];
  detokenize(tokens: readonly Token[], specialTokens?: boolean, lastTokens?: readonly Token[]): string;
  isEogToken(token: Token): boolean;
  iterateAllTokens(): Iterable<Token>;
  createContext(options: { contextSize: number; sequences: number; threads: number }): Promise<LlamaContext>;
  createEmbeddingContext(options: { contextSize: number; threads: number }): Promise<LlamaEmbeddingContext>;
}

export interface LlamaContext {
  readonly contextSize: number;
  readonly batchSize: number;
  getSequence(): LlamaSequence;
}

export interface LlamaSequence {
  readonly nextTokenIndex: number;
  compareContextTokens(tokens: readonly Token[]): { firstDifferentIndex: number };
  adaptStateToTokens(tokens: readonly Token[], allowShift: false): Promise<void>;
  clearHistory(): Promise<void>;
  evaluateWithoutGeneratingNewTokens(tokens: readonly Token[]): Promise<void>;
  evaluate(tokens: readonly Token[], options: EvaluateOptions): AsyncGenerator<Token, void, undefined>;
  evaluateWithMetadata(
    tokens: readonly Token[],
    wanted: { confidence?: true; probabilities?: true },
    options: EvaluateOptions,
  ): AsyncGenerator<DrawnToken, void, undefined>;
}

/** A token, its chance, and those of all that it was drawn from, the likeliest first. */
export interface DrawnToken {
  token: Token;
  confidence?: number;
  probabilities?: ReadonlyMap<Token, number>;
}

export interface EvaluateOptions {
  temperature: number;
  topP: number;
  topK: number;
  minP: number;
  seed: number;
  repeatPenalty?: {
    punishTokens: () => Token[];
    penalty: number;
    frequencyPenalty: number;
    presencePenalty: number;
  };
  grammarEvaluationState?: object;
}

export interface LlamaEmbeddingContext {
  getEmbeddingFor(input: string | readonly Token[]): Promise<{ vector: readonly number[] }>;
}

/** Turns conversations into tokens, as the model's own template says. */
export interface ChatWrapper {
  readonly wrapperName: string;
  generateContextState(options: { chatHistory: readonly object[] }): {
    contextText: TokenizableText;
    stopGenerationTriggers: readonly TokenizableText[];
  };
}

export interface TokenizableText {
  tokenize(tokenizer: object): Token[];
  toString(): string;
}

const NAME = "node-llama-cpp";

/** The package, what it computes with, and why it last refused a file, in llama.cpp's words. */
export interface LoadedPackage {
  library: LlamaPackage;
  llama: Llama;
  refusal(): string | undefined;
}

/** Loads the package and its native code: only a process that is for one model does. @throws KERNEL_MISSING_PACKAGE, SERVING_MISSING_PROVIDER */
export async function loadLlama({ root, gpu, threads }: LlamaSettings): Promise<LoadedPackage> {
  const load = async () => (await import(pathToFileURL(resolvePackage(NAME, root)).href)) as LlamaPackage;
  const library = await importOptional(NAME, "Running GGUF models", load);
  let refusal: string | undefined;
  const logger = (_level: string, message: string): void => {
    console.error(message.trim());
    refusal = /error loading model: (.+)/.exec(message)?.[1] ?? refusal;
  };
  // What is missing is told, and not built or fetched by itself.
  const wanted = { gpu, build: "never", skipDownload: true, logLevel: "warn", logger, maxThreads: threads } as const;
  const llama = await library.getLlama(wanted).catch((error: Error) => {
    throw missing(gpu, `: ${error.message.replace(/\.$/, "")}`);
  });
  // It goes on with the processor alone where a system cannot have what was wanted.
  if (gpu !== "auto" && llama.gpu !== gpu) throw missing(gpu, ", or the machine has no card and driver for it");
  return { library, llama, refusal: () => refusal };
}

function missing(gpu: LlamaSettings["gpu"], why: string): Error {
  const reason = `${NAME} has no program for it on ${process.platform}-${process.arch}${why}`;
  const hint = `Install the package with its optional ones, which hold the programs: npm install ${NAME}.`;
  return servingErrors.SERVING_MISSING_PROVIDER({ name: gpu === false ? "cpu" : gpu, reason, hint });
}
