import { currentModelServer } from "../models/current.ts";
import type { AskOptions } from "../engines/engine.ts";
import type { RunOptions, Runtime } from "../engines/runtime.ts";
import type { RequestHeaders } from "../aliases/pick-canary.ts";
import type { VersionPolicy } from "../models/version-policy.ts";
import { servingErrors } from "../errors.ts";
import type { LlamaAnswer, LlamaEmbedding, LlamaPiece } from "../backends/llama/llama-messages.ts";
import type { LlamaItem } from "../backends/llama/llama-question.ts";
import type { LlamaRuntime } from "../backends/llama/llama-runtime.ts";
import { isModelName } from "../repositories/names.ts";
import type { Nested, Tensor, Tensors } from "../tensors/tensor.ts";
import type { StandardSchema } from "#validation";
import type { GoldenAnswer } from "./golden-answer.ts";
import type { AnswerOf, ItemOf } from "./model-types.ts";
import { demandSound } from "./demand-sound.ts";
import type { Task } from "../engines/task.ts";
import type { ItemTrainer, Trainer, VersionContext } from "./trainer.ts";

/** An item of a model without schemas: a value for each of its inputs, without the first dimension where that may vary. */
export type TensorMap = Record<string, Nested | Tensor>;

/** How predictions are run together. `false` turns it off. */
export interface BatchOptions {
  /** The most rows in one run. */
  maxSize?: number;
  /** Milliseconds to wait for more rows before a run that is not full. */
  maxDelay?: number;
  /** False to fill batches even where measurement shows that larger ones take longer a row. Default true. */
  adaptive?: boolean;
}

/** How predictions wait. */
export interface QueueOptions {
  /** How many rows may wait; what comes then is refused. Default 256. */
  maxSize?: number;
  /** How many levels of priority there are: a request's `priority` is from 1, the highest, to this. Default 10; 1 turns them off. */
  levels?: number;
  /** Milliseconds that work may wait for a run. Default: as long as its deadline lets it. */
  maxWait?: number;
  /** What happens to work that has waited too long: it is refused (the default), or goes behind everything else. */
  whenLate?: "refuse" | "delay";
}

/** How answers are kept, so that the same question is not run twice. */
export interface ResponseCacheOptions {
  /** How many answers are kept; the one used longest ago goes first. Default 1,000. */
  maxSize?: number;
  /** How many bytes they may take. Default 64 MiB. */
  maxBytes?: number;
  /** Seconds after which an answer is asked for anew. Default: never, for a version's answers do not change. */
  seconds?: number;
}

/** How a model keeps a state between the steps of a sequence. */
export interface SequenceOptions {
  /** Which output of a step is which input of the next one: `{ stateN: "state" }`. Callers see neither. */
  state?: Readonly<Record<string, string>>;
  /** What a state input is at the first step, by its name. Default: zeros, with 1 for sizes that vary. */
  initial?: Readonly<Record<string, Tensor>>;
  /** Milliseconds after which a sequence without a step is forgotten. Default 60,000. */
  idle?: number;
  /** How many sequences may be open. Default 1,000. */
  maxSize?: number;
}

/** What a streaming function is told. */
export interface StreamContext {
  /** Aborted when the reader has gone. */
  signal: AbortSignal;
  requestId?: string | undefined;
}

/** A model that a pipeline asks: a handler, a model's name, or a certain version or alias of one. */
export type Step = Handler | string | { model: Handler | string; version?: string | undefined; alias?: string | undefined };

/** The models that a pipeline asks, by its own names for them. */
export type Steps = Readonly<Record<string, Step>>;

/** The steps of a pipeline as its code calls them: with an item, and what differs from the request's own options. */
export type StepFunctions<S extends Steps> = {
  readonly [K in keyof S]: StepFunction<S[K] extends { model: infer M } ? M : S[K]>;
};

type StepFunction<S> =
  S extends Handler<infer In, infer Out>
    ? (item: In, options?: PredictOptions) => Promise<Out>
    : (item: any, options?: PredictOptions) => Promise<any>;

/** What a handler is made of. */
export interface HandlerOptions<In, Item, Made, Out, State, Piece = unknown> {
  /** Names the model in addresses: letters, digits, ".", "-" and "_". */
  name: string;
  /** One sentence for people. */
  description?: string;
  /** Where its versions are: `file:models/digits`, relative to the project; `s3://…`, `github:owner/repo@ref#folder`, `git+https://…`, `https://…`. */
  source?: string;
  /** Checks and types an item. Any Standard Schema: zod, valibot, arktype, … */
  input?: StandardSchema<In, Item>;
  /** Checks and types an answer. */
  output?: StandardSchema<Made, Out>;
  /** Turns one item into the model's inputs. Where their first dimension may vary, it is left out: rows are stacked later. */
  preprocess?: (item: Item, version: VersionContext) => Tensors | Promise<Tensors>;
  /** Turns the model's outputs for one item into the answer. */
  postprocess?: (outputs: Tensors, item: Item, version: VersionContext) => Made | Promise<Made>;
  /** Run once a version; what it returns is given to `inference`. */
  initialize?: (context: { directory: string; version: string }) => State | Promise<State>;
  /** Answers several items at once, in their order, without any tensor runtime. */
  inference?: (items: Item[], state: State, options: RunOptions) => Made[] | Promise<Made[]>;
  /** Answers one item piece by piece. Each piece has the handler's deadline. */
  stream?: (item: Item, state: State, context: StreamContext) => AsyncIterable<Piece>;
  /** Checks and types a piece. */
  piece?: StandardSchema<any, Piece>;
  /** Makes one answer of the pieces, for who asks for it whole. Default: strings are joined. */
  collect?: (pieces: Piece[], item: Item) => Made | Promise<Made>;
  /** What runs its versions: `python({ module: "churn.py" })`, … Default: what their files are for. */
  runtime?: Runtime;
  /** The models that a pipeline asks. */
  steps?: Steps;
  /** How it is trained, by one of the registry's trainers. */
  train?: Trainer | ItemTrainer<In, Made>;
  /** Default: on where the model's signature and a trial run prove that rows can be run together, without delay. */
  batch?: BatchOptions | false;
  /** Items that are run when a version is loaded, before it is ready. */
  warmUp?: readonly In[];
  /** Items with their answers. A version that answers them otherwise does not become ready, and the one before it stays. */
  golden?: readonly GoldenAnswer<In, Out>[];
  /** Which versions are served: all (the default), the newest so many, or these. Others are as if they were not there. */
  versions?: VersionPolicy;
  /** Always loaded: before anyone asks, and never let go to make room for others or for being idle. */
  keep?: boolean;
  /** Seconds without a request after which a version is let go; the next request loads it again. Default: what `serving.idle` says. */
  idle?: number;
  /**
   * Keeps what it was asked and what it answered over `/api` in the registry, so that the right answers can be given later
   * and learned from: all of it, or so many of a hundred requests.
   */
  record?: boolean | { percent: number };
  /**
   * What it does on OpenAI's addresses, one thing or several: its items are conversations (`ChatItem`), prompts
   * (`CompletionItem`), texts for `"embeddings"`, or questions with a text (`RerankItem`).
   */
  task?: Task | readonly Task[];
  /** `"public"`, or who holds the permission `models.predict_<name>` (the default). */
  access?: "public" | "permission";
  /** Milliseconds in which an answer must come. Default: what `serving.deadline` says, else 30,000. */
  deadline?: number;
  /** How many rows may wait, how long, and in which order. */
  queue?: QueueOptions;
  /** Keeps answers. Default: none are kept. */
  cache?: ResponseCacheOptions;
  /** For a model with a state: the steps of a sequence are run in their order. */
  sequence?: SequenceOptions;
  /** `import.meta.url`: the whole handler runs in a process of its own. What goes in and out of it is copied. */
  isolate?: string;
  /** How many copies of a version run side by side. Default: what `serving.instances` says, else 1. */
  instances?: number;
  /** `tensors: false` closes the protocols that speak tensors, below `preprocess`. */
  expose?: { tensors?: boolean };
}

/** The options of a handler whose items are those of a GGUF model. */
type LlamaOptions<Item, Answer, Piece> = HandlerOptions<Item, Item, Answer, Answer, undefined, Piece> & {
  runtime: LlamaRuntime;
};
type WritingTask = "chat" | "completion";

/** Which version answers, without one the alias `default`, and how. */
export interface PredictOptions extends AskOptions {
  /** The version. Beside `alias`, what the alias chose when `signature` was asked: then the alias's shadow is asked too. */
  version?: string | undefined;
  alias?: string | undefined;
  /** The request's headers, by which an alias with a canary may choose. */
  headers?: RequestHeaders | undefined;
}

/** A model with its own input and output: made by `handler()`, listed in an app's `handlers`. */
export interface Handler<In = any, Out = any, Piece = any, Name extends string = string> {
  readonly kind: "handler";
  readonly name: Name;
  readonly options: Readonly<HandlerOptions<In, any, any, Out, any, Piece>>;
  /** Answers one item, through the same queue, batches and limits as over HTTP. */
  predict(item: In, options?: PredictOptions): Promise<Out>;
  /** Answers several items, in their order. */
  predictMany(items: readonly In[], options?: PredictOptions): Promise<Out[]>;
  /** Answers one item piece by piece; a model that answers whole gives one piece. Who stops reading ends the work. */
  stream(item: In, options?: PredictOptions): AsyncIterable<Piece>;
}

/**
 * Declares a model that the project serves.
 *
 * ```ts
 * export const digits = handler({
 *   name: "digits",
 *   source: "file:models/digits",
 *   input: z.object({ pixels: z.array(z.number()).length(784) }),
 *   preprocess: ({ pixels }) => ({ image: tensor("float32", pixels) }),
 *   postprocess: ({ scores }) => ({ digit: scores!.numbers().indexOf(Math.max(...scores!.numbers())) }),
 * });
 * const { digit } = await digits.predict({ pixels });
 * ```
 * @throws SERVING_BAD_NAME, SERVING_EMPTY_HANDLER, SERVING_BAD_HANDLER
 */
export function handler<const Name extends string = string>(
  options: LlamaOptions<LlamaItem, LlamaAnswer, LlamaPiece> & { name: Name; task?: WritingTask | readonly WritingTask[] },
): Handler<LlamaItem, LlamaAnswer, LlamaPiece, Name>;
export function handler<const Name extends string = string>(
  options: LlamaOptions<string | number[], LlamaEmbedding, LlamaEmbedding> & { name: Name; task: "embeddings" },
): Handler<string | number[], LlamaEmbedding, LlamaEmbedding, Name>;
export function handler<
  Item = TensorMap,
  In = Item,
  Made = TensorMap,
  Out = Made,
  State = undefined,
  Piece = Out,
  const Name extends string = string,
>(
  options: HandlerOptions<In, Item, Made, Out, State, Piece> & { name: Name },
): Handler<ItemOf<Name, In>, AnswerOf<Name, Out>, Piece, Name>;
export function handler(options: HandlerOptions<any, any, any, any, any, any>): Handler {
  const { name } = options;
  if (!isModelName(name)) throw servingErrors.SERVING_BAD_NAME({ name });
  if (!options.source && !options.inference && !options.stream && !options.train && !options.runtime)
    throw servingErrors.SERVING_EMPTY_HANDLER({ name });
  demandSound(name, options);
  return Object.freeze({
    kind: "handler",
    name,
    options: Object.freeze({ ...options }) as unknown as Handler["options"],
    predict: async (item: unknown, predictOptions?: PredictOptions) => {
      const { outputs } = await currentModelServer(name).predict(name, [item], predictOptions);
      return outputs[0];
    },
    predictMany: async (items: readonly unknown[], predictOptions?: PredictOptions) => {
      const { outputs } = await currentModelServer(name).predict(name, items, predictOptions);
      return outputs;
    },
    stream: (item: unknown, predictOptions?: PredictOptions) => piecesOf(name, item, predictOptions),
  });
}

async function* piecesOf(name: string, item: unknown, options?: PredictOptions): AsyncGenerator<unknown> {
  yield* await currentModelServer(name).stream(name, item, options);
}

/** True for what `handler()` made. */
export function isHandler(value: unknown): value is Handler {
  return typeof value === "object" && value !== null && (value as Handler).kind === "handler" && "options" in value;
}
