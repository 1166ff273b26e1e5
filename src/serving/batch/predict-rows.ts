import { setTimeout as sleep } from "node:timers/promises";
import { CortadoError } from "#kernel";
import { queueDefaults } from "../engines/engine.ts";
import type { Handler } from "../handlers/handler.ts";
import { currentModelServer } from "../models/current.ts";
import type { ModelServer } from "../models/model-server.ts";

/** Which version answers rows, and how many are under way. */
export interface RowsOptions {
  version?: string | undefined;
  alias?: string | undefined;
  /** How many rows are asked at once. Default: 64, or half of the handler's queue where that is less, so that others find room. */
  concurrency?: number | undefined;
  /** From 1, the highest. Default: the lowest, so that those who wait for an answer go first. */
  priority?: number | undefined;
  /** Milliseconds in which each answer must come. Default: the handler's. */
  deadline?: number | undefined;
  /** Stops asking. */
  signal?: AbortSignal | undefined;
  /** The models. Default: those of the open project. */
  models?: ModelServer | undefined;
}

/** Why a row has no answer. */
export interface RowProblem {
  code: string;
  message: string;
  hint?: string | undefined;
}

/** What a row was answered, by its number from 0. */
export type RowAnswer<Out = unknown> = { row: number; output: Out } | { row: number; error: RowProblem };

/** A row that could not be read, in the place of one. */
export class UnreadableRow {
  readonly problem: RowProblem;

  constructor(problem: RowProblem) {
    this.problem = problem;
  }
}

const AT_ONCE = 64;
/** How many answers may be ready before their turn, for each row under way. */
const AHEAD = 4;
/** Milliseconds after which a model that has no room is asked again. */
const BUSY_PAUSE = 50;
/** The same for one that is left alone because it broke, and how often a row waits for that. */
const BROKEN_PAUSE = 2000;
const BROKEN_TIMES = 5;

const busy = new Set(["SERVING_QUEUE_FULL", "SERVING_WAITED_TOO_LONG"]);
/** What is wrong with the model and not with a row ends the whole. */
const fatal = new Set([
  "SERVING_UNKNOWN_MODEL",
  "SERVING_UNKNOWN_VERSION",
  "SERVING_UNKNOWN_ALIAS",
  "SERVING_NOT_READY",
  "SERVING_NOT_LOADED",
  "SERVING_NOT_STARTED",
  "SERVING_VERSION_FAILED",
]);

/**
 * Answers rows of any iterable, such as a query, in their order, through the model's queue: so many at once that its batches
 * are full. A row that fails has its error in the place of its answer. Rows are taken as answers are read.
 *
 * ```ts
 * for await (const answer of predictRows(drinkPrice, Coffee.objects.all()))
 *   if ("output" in answer) console.log(answer.row, answer.output.price);
 * ```
 * @throws SERVING_UNKNOWN_MODEL, SERVING_UNKNOWN_VERSION, SERVING_NOT_READY, SERVING_VERSION_FAILED, and what the rows' source throws
 */
export async function* predictRows<In = any, Out = any>(
  model: Handler<In, Out> | string,
  rows: AsyncIterable<In> | Iterable<In>,
  options: RowsOptions = {},
): AsyncGenerator<RowAnswer<Out>, void, undefined> {
  const name = typeof model === "string" ? model : model.name;
  const models = options.models ?? currentModelServer(name);
  const queue = models.glance(name).handler?.options.queue ?? {};
  const { levels = queueDefaults.levels, maxSize = queueDefaults.queueSize } = queue;
  const {
    concurrency = Math.max(1, Math.min(AT_ONCE, Math.floor(maxSize / 2))),
    priority = levels,
    version,
    alias,
    deadline,
  } = options;
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  const ask = async (item: unknown) => {
    const { outputs } = await models.predict(name, [item], { version, alias, deadline, priority, signal });
    return outputs[0] as Out;
  };
  const work = new OrderedWork<unknown, RowAnswer<Out>>(concurrency, (item, row) => answerOf(ask, { item, row, signal }));
  void work.take(rows, signal);
  try {
    yield* work.results();
  } finally {
    stop.abort();
  }
}

async function answerOf<Out>(
  ask: (item: unknown) => Promise<Out>,
  { item, row, signal }: { item: unknown; row: number; signal: AbortSignal },
): Promise<RowAnswer<Out>> {
  if (item instanceof UnreadableRow) return { row, error: item.problem };
  for (let broken = 0; ;) {
    try {
      return { row, output: await ask(item) };
    } catch (error) {
      signal.throwIfAborted();
      const { code, message, hint } = error as CortadoError;
      if (busy.has(code)) await sleep(BUSY_PAUSE, undefined, { signal });
      else if (code === "SERVING_MODEL_BROKEN" && ++broken <= BROKEN_TIMES) await sleep(BROKEN_PAUSE, undefined, { signal });
      else if (fatal.has(code)) throw error;
      else return { row, error: error instanceof CortadoError ? { code, message, hint } : { code: "ERROR", message } };
    }
  }
}

/** Does so much at once, and gives what came of it in its order. */
class OrderedWork<In, Out> {
  readonly #atOnce: number;
  readonly #work: (item: In, at: number) => Promise<Out>;
  readonly #begun: Promise<Out>[] = [];
  #running = 0;
  #ended = false;
  #failure: { error: unknown } | undefined;
  #wakeTaker = () => {};
  #wakeReader = () => {};

  constructor(atOnce: number, work: (item: In, at: number) => Promise<Out>) {
    this.#atOnce = atOnce;
    this.#work = work;
  }

  /** Takes items as there is room, until there are no more. */
  async take(items: AsyncIterable<In> | Iterable<In>, signal: AbortSignal): Promise<void> {
    let at = 0;
    signal.addEventListener("abort", () => this.#wakeTaker(), { once: true });
    try {
      for await (const item of items) {
        while (!signal.aborted && (this.#running >= this.#atOnce || this.#begun.length >= this.#atOnce * AHEAD))
          await new Promise<void>((wake) => (this.#wakeTaker = wake));
        signal.throwIfAborted();
        this.#begin(item, at++);
      }
    } catch (error) {
      this.#failure = { error };
    }
    this.#ended = true;
    this.#wakeReader();
  }

  async *results(): AsyncGenerator<Out, void, undefined> {
    for (;;) {
      const next = this.#begun[0];
      if (next !== undefined) {
        const result = await next;
        void this.#begun.shift();
        this.#wakeTaker();
        yield result;
      } else if (this.#failure) throw this.#failure.error;
      else if (this.#ended) return;
      else await new Promise<void>((wake) => (this.#wakeReader = wake));
    }
  }

  #begin(item: In, at: number): void {
    this.#running++;
    const doing = this.#work(item, at).finally(() => {
      this.#running--;
      this.#wakeTaker();
    });
    // Whoever reads is told; nobody may be there to read it.
    doing.catch(() => {});
    this.#begun.push(doing);
    this.#wakeReader();
  }
}
