import { setTimeout as sleep } from "node:timers/promises";
import { CortadoError } from "#kernel";
import { queueDefaults } from "../engines/engine.ts";
import type { Handler } from "../handlers/handler.ts";
import { currentModelServer } from "../models/current.ts";
import type { ModelServer } from "../models/model-server.ts";
import { OwnAnswerer, type RowAnswerer, type RowWish } from "./row-answerer.ts";
import { type RowServer, ServerAnswerer, ServerRefusal } from "./server-answerer.ts";

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
  /** A running server that answers in their place. */
  server?: RowServer | undefined;
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
/** How often a row is asked again where that is worth a few attempts. */
const ATTEMPTS = 5;

/**
 * Answers rows of any iterable, such as a query, in their order, through the model's queue: so many at once that its batches
 * are full. A row that fails has its error in the place of its answer. Rows are taken as answers are read.
 *
 * ```ts
 * for await (const answer of predictRows(drinkPrice, Coffee.objects.all()))
 *   if ("output" in answer) console.log(answer.row, answer.output.price);
 * ```
 * @throws SERVING_UNKNOWN_MODEL, SERVING_UNKNOWN_VERSION, SERVING_NOT_READY, SERVING_VERSION_FAILED, SERVING_SERVER_FAILED, and what the rows'
 * source throws
 */
export async function* predictRows<In = any, Out = any>(
  model: Handler<In, Out> | string,
  rows: AsyncIterable<In> | Iterable<In>,
  options: RowsOptions = {},
): AsyncGenerator<RowAnswer<Out>, void, undefined> {
  const name = typeof model === "string" ? model : model.name;
  const { answerer, concurrency, wish } = plan(name, options);
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  const answer = (item: unknown, row: number) => answerOf<Out>(answerer, { item, row, wish, signal });
  const work = new OrderedWork<unknown, RowAnswer<Out>>(concurrency, answer);
  void work.take(rows, signal);
  try {
    yield* work.results();
  } finally {
    stop.abort();
  }
}

/** What answers, how many rows at once, and behind whom. */
function plan(name: string, options: RowsOptions): { answerer: RowAnswerer; concurrency: number; wish: RowWish } {
  const { version, alias, deadline, priority, concurrency } = options;
  if (options.server) {
    const wish = { version, alias, deadline, priority };
    return { answerer: new ServerAnswerer(name, options.server), concurrency: concurrency ?? AT_ONCE, wish };
  }
  const models = options.models ?? currentModelServer(name);
  const { levels = queueDefaults.levels, maxSize = queueDefaults.queueSize } = models.glance(name).limits.queue;
  return {
    answerer: new OwnAnswerer(name, models),
    concurrency: concurrency ?? Math.max(1, Math.min(AT_ONCE, Math.floor(maxSize / 2))),
    wish: { version, alias, deadline, priority: priority ?? levels },
  };
}

async function answerOf<Out>(
  answerer: RowAnswerer,
  { item, row, wish, signal }: { item: unknown; row: number; wish: RowWish; signal: AbortSignal },
): Promise<RowAnswer<Out>> {
  if (item instanceof UnreadableRow) return { row, error: item.problem };
  for (let attempts = 1; ;) {
    try {
      return { row, output: (await answerer.ask(item, wish, signal)) as Out };
    } catch (error) {
      signal.throwIfAborted();
      const { pause, patient = false, endsAll = false } = answerer.troubleOf(error);
      if (pause !== undefined && (patient || attempts++ <= ATTEMPTS)) await sleep(pause, undefined, { signal });
      else if (endsAll) throw answerer.shown(error);
      else return { row, error: problemOf(error as Error) };
    }
  }
}

/** Faults of a model have no code, and what a hint says is for who can do something about it. */
function problemOf(error: Error & { code?: string; hint?: string | undefined }): RowProblem {
  const { code, message, hint } = error;
  return error instanceof CortadoError || error instanceof ServerRefusal
    ? { code: code!, message, hint }
    : { code: "ERROR", message };
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
