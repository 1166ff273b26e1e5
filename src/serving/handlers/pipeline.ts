import { pipelineRuntime } from "../backends/pipelines/pipeline-runtime.ts";
import type { RunOptions } from "../engines/runtime.ts";
import { servingErrors } from "../errors.ts";
import { type Handler, handler, type HandlerOptions, type StepFunctions, type Steps, type StreamContext } from "./handler.ts";
import { stepFunctions } from "./step-functions.ts";

/** How many items of a pipeline are under way at once, where it does not say. */
const WIDTH = 64;

type Kept =
  | "name"
  | "description"
  | "input"
  | "output"
  | "piece"
  | "collect"
  | "warmUp"
  | "golden"
  | "access"
  | "deadline"
  | "queue"
  | "cache"
  | "instances";

/** What a pipeline is made of. */
export interface PipelineOptions<In, Item, Made, Out, Piece, S extends Steps> extends Pick<
  HandlerOptions<In, Item, Made, Out, undefined, Piece>,
  Kept
> {
  /** The models that it asks, by the names that its code calls them: handlers, models' names, or a certain version or alias. */
  steps: S;
  /** Answers one item by asking its steps: one after the other, side by side, or only where they are needed. */
  run?: (item: Item, steps: StepFunctions<S>, context: StreamContext) => Made | Promise<Made>;
  /** Answers one item piece by piece. */
  stream?: (item: Item, steps: StepFunctions<S>, context: StreamContext) => AsyncIterable<Piece>;
}

/**
 * Declares a model that answers by asking other models. It is a handler as any other, with an address, a queue, a deadline and
 * statistics of its own. Its code runs in the web process; each step is a prediction that goes through its own model's queue
 * and batches, with the request's priority, within what is left of the deadline, and is given up when the caller leaves.
 * `instances` says how many items are under way at once. Default 64.
 *
 * ```ts
 * export const receipt = pipeline({
 *   name: "receipt",
 *   steps: { find, read, translate },
 *   run: async (photo: { file: string }, { find, read, translate }) => {
 *     const { boxes, language } = await find(photo);                        // one after the other
 *     const lines = await Promise.all(boxes.map((box) => read(box)));       // side by side
 *     return language === "en" ? { lines } : translate({ lines, language }); // only where it is needed
 *   },
 * });
 * ```
 * @throws SERVING_BAD_NAME, SERVING_EMPTY_HANDLER
 */
export function pipeline<
  const S extends Steps,
  In = any,
  Item = In,
  Made = unknown,
  Out = Made,
  Piece = Out,
  const Name extends string = string,
>(options: PipelineOptions<In, Item, Made, Out, Piece, S> & { name: Name }): Handler<In, Out, Piece, Name> {
  const { steps, run, stream, instances = WIDTH, name, ...rest } = options;
  if (!run && !stream) throw servingErrors.SERVING_EMPTY_HANDLER({ name });
  const functions = (of: RunOptions): StepFunctions<S> => stepFunctions(steps, of) as StepFunctions<S>;
  const runtime = pipelineRuntime({ steps: functions, run, stream, width: instances });
  return handler<any, any, any, any, undefined, Piece, Name>({ ...rest, name, instances, runtime, steps } as never) as never;
}
