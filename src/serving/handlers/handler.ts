import { currentModelServer } from "../models/current.ts";
import type { AskOptions } from "../engines/engine.ts";
import type { Runtime } from "../engines/runtime.ts";
import { servingErrors } from "../errors.ts";
import { isModelName } from "../repositories/names.ts";
import type { Nested, Tensor, Tensors } from "../tensors/tensor.ts";
import type { StandardSchema } from "#validation";
import type { ItemTrainer, Trainer, VersionContext } from "./trainer.ts";

/** An item of a model without schemas: a value for each of its inputs, without the first dimension where that may vary. */
export type TensorMap = Record<string, Nested | Tensor>;

/** How predictions are run together. `false` turns it off. */
export interface BatchOptions {
  /** The most rows in one run. */
  maxSize?: number;
  /** Milliseconds to wait for more rows before a run that is not full. */
  maxDelay?: number;
}

/** What a handler is made of. */
export interface HandlerOptions<In, Item, Made, Out, State> {
  /** Names the model in addresses: letters, digits, ".", "-" and "_". */
  name: string;
  /** One sentence for people. */
  description?: string;
  /** Where its versions are: `file:models/digits`, relative to the project. */
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
  inference?: (items: Item[], state: State) => Made[] | Promise<Made[]>;
  /** What runs its versions: `python({ module: "churn.py" })`, … Default: what their files are for. */
  runtime?: Runtime;
  /** How it is trained, by one of the registry's trainers. */
  train?: Trainer | ItemTrainer<In, Made>;
  /** Default: on where the model's signature and a trial run prove that rows can be run together, without delay. */
  batch?: BatchOptions | false;
  /** Items that are run when a version is loaded, before it is ready. */
  warmUp?: readonly In[];
  /** `"public"`, or who holds the permission `models.predict_<name>` (the default). */
  access?: "public" | "permission";
  /** Milliseconds in which an answer must come. Default 30,000. */
  deadline?: number;
  /** How many rows may wait. Default 256. */
  queue?: { maxSize?: number };
  /** How many copies of a version run side by side. Default 1. */
  instances?: number;
  /** `tensors: false` closes the protocols that speak tensors, below `preprocess`. */
  expose?: { tensors?: boolean };
}

/** Which version answers, without one the alias `default`, and how. */
export interface PredictOptions extends AskOptions {
  version?: string | undefined;
  alias?: string | undefined;
}

/** A model with its own input and output: made by `handler()`, listed in an app's `handlers`. */
export interface Handler<In = any, Out = any> {
  readonly kind: "handler";
  readonly name: string;
  readonly options: Readonly<HandlerOptions<In, any, any, Out, any>>;
  /** Answers one item, through the same queue, batches and limits as over HTTP. */
  predict(item: In, options?: PredictOptions): Promise<Out>;
  /** Answers several items, in their order. */
  predictMany(items: readonly In[], options?: PredictOptions): Promise<Out[]>;
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
 * @throws SERVING_BAD_NAME, SERVING_EMPTY_HANDLER
 */
export function handler<In = TensorMap, Item = In, Made = TensorMap, Out = Made, State = undefined>(
  options: HandlerOptions<In, Item, Made, Out, State>,
): Handler<In, Out> {
  const { name } = options;
  if (!isModelName(name)) throw servingErrors.SERVING_BAD_NAME({ name });
  if (!options.source && !options.inference && !options.train && !options.runtime)
    throw servingErrors.SERVING_EMPTY_HANDLER({ name });
  return Object.freeze({
    kind: "handler",
    name,
    options: Object.freeze({ ...options }) as Handler<In, Out>["options"],
    predict: async (item: In, predictOptions?: PredictOptions) => {
      const { outputs } = await currentModelServer(name).predict(name, [item], predictOptions);
      return outputs[0] as Out;
    },
    predictMany: async (items: readonly In[], predictOptions?: PredictOptions) => {
      const { outputs } = await currentModelServer(name).predict(name, items, predictOptions);
      return outputs as Out[];
    },
  });
}

/** True for what `handler()` made. */
export function isHandler(value: unknown): value is Handler {
  return typeof value === "object" && value !== null && (value as Handler).kind === "handler" && "options" in value;
}
