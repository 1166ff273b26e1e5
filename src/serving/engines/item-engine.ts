import { type Awaitable, isPending, whenReady } from "#kernel";
import { servingErrors } from "../errors.ts";
import type { Handler } from "../handlers/handler.ts";
import type { Answer } from "../queue/work-queue.ts";
import type { AskOptions, Engine } from "./engine.ts";
import { parseInput, parseOutput, placeOfItem } from "./item-schemas.ts";
import type { Limits } from "./limits.ts";
import { piecesOf } from "./pieces.ts";
import { type Cacheable, QueuedEngine } from "./queued-engine.ts";
import { itemKey } from "./response-cache.ts";
import type { ItemRunner, RunOptions, RunResult, SequenceRun } from "./runtime.ts";
import { stepOptions } from "./sequences.ts";
import type { Statistics } from "./statistics.ts";

interface ItemEngineOptions {
  handler: Handler;
  limits: Limits;
  runner: ItemRunner;
  statistics: Statistics;
}

interface Payload {
  item: unknown;
  sequence?: SequenceRun;
}

/**
 * Answers by a runner that takes items as they are: the handler's own functions, a Python handler, an engine elsewhere. A step
 * of a sequence is run by itself, with the memory of its sequence.
 */
export class ItemEngine extends QueuedEngine<Payload, unknown, ItemRunner> implements Engine {
  readonly stream: Engine["stream"];
  readonly #handler: Handler;

  constructor({ handler, limits, runner, statistics }: ItemEngineOptions) {
    const { batch, sequence } = handler.options;
    const joins = batch !== false && runner.batches;
    super({ model: handler.name, handler, limits, runner, statistics, joins, keepsSequences: sequence !== undefined });
    this.#handler = runner.checks ? withoutSchemas(handler) : handler;
    if (runner.stream) this.stream = (item, ask = {}, waited) => this.#stream(item, ask, waited);
  }

  get signature() {
    return this.runner.signature;
  }

  async answer(items: readonly unknown[], ask: AskOptions = {}): Promise<Answer<unknown>[]> {
    const started = performance.now();
    const checking = this.#checkAll(items);
    const checked = isPending(checking) ? await checking : checking;
    this.statistics.add("computeInput", performance.now() - started);
    ask.trace?.child("preprocess", { since: started }).end();
    const answers = await this.#answers(checked, ask);
    const ran = performance.now();
    if (this.#handler.options.output !== undefined)
      for (const answer of answers) {
        const parsed = parseOutput(this.#handler, answer.result, "inference");
        answer.result = isPending(parsed) ? await parsed : parsed;
      }
    this.statistics.add("computeOutput", performance.now() - ran);
    ask.trace?.child("postprocess", { since: ran }).end();
    return answers;
  }

  /** Steps of sequences are run by themselves. */
  protected joinable(a: Payload, b: Payload): boolean {
    return a.sequence === undefined && b.sequence === undefined;
  }

  protected async run(payloads: Payload[], options: RunOptions): Promise<RunResult<unknown[]>> {
    options.sequence = payloads[0]!.sequence;
    const items = payloads.map((payload) => payload.item);
    const { result, milliseconds } = await this.runner.run(items, options);
    if (!Array.isArray(result) || result.length !== items.length) {
      const given = Array.isArray(result) ? `${result.length} results` : "no array";
      const problem = `gave ${given} for ${items.length} items; it must give one for each, in their order`;
      throw servingErrors.SERVING_BAD_OUTPUT({ model: this.#handler.name, step: "inference", problem });
    }
    this.statistics.ran(items.length, { input: 0, infer: milliseconds, output: 0 });
    return { result, milliseconds };
  }

  #checkAll(items: readonly unknown[]): Awaitable<readonly unknown[]> {
    if (this.#handler.options.input === undefined) return items;
    if (items.length === 1) return whenReady(parseInput(this.#handler, items[0], "input"), (one) => [one]);
    return Promise.all(items.map(async (item, i) => parseInput(this.#handler, item, placeOfItem(i, items.length))));
  }

  async #answers(items: readonly unknown[], ask: AskOptions): Promise<Answer<unknown>[]> {
    if (this.sequences && ask.sequence) {
      const answers: Answer<unknown>[] = [];
      for (const [i, item] of items.entries()) answers.push(await this.#step(item, stepOptions(ask, i, items.length)));
      return answers;
    }
    if (this.cache)
      return this.throughCache(
        items.map((item) => this.#cacheable(item)),
        ask,
      );
    if (items.length === 1) return [await this.batcher.submit({ payload: { item: items[0] }, rows: 1, ask })];
    return Promise.all(this.batcher.submitAll(items.map((item) => ({ payload: { item }, rows: 1, ask }))));
  }

  #step(item: unknown, ask: AskOptions): Promise<Answer<unknown>> {
    return this.sequences!.step(ask, (memory, left) => {
      const sequence = { ...left.sequence!, memory };
      return this.batcher.submit({ payload: { item, sequence }, rows: 1, ask: left });
    });
  }

  #cacheable(item: unknown): Cacheable<Payload, unknown> {
    const started = performance.now();
    const key = itemKey(item);
    const kept = key === undefined ? undefined : this.cache!.item(key);
    this.statistics.add(kept ? "cacheHit" : "cacheMiss", performance.now() - started);
    const keep = (result: unknown) => void (key !== undefined && this.cache!.keepItem(key, result));
    return { payload: { item }, rows: 1, kept, keep };
  }

  async *#stream(given: unknown, ask: AskOptions, waited?: (milliseconds: number) => void): AsyncGenerator<unknown> {
    const item = await parseInput(this.#handler, given, "input");
    const slot = await this.batcher.hold({ payload: { item }, rows: 1, ask });
    const started = performance.now();
    this.statistics.add("queue", slot.queued);
    waited?.(slot.queued);
    const asked = slot.trace ? { ...ask, trace: slot.trace } : ask;
    try {
      yield* piecesOf({ handler: this.#handler, runner: this.runner, item, ask: asked, deadline: this.settings.deadline });
    } catch (error) {
      slot.release(error);
      throw error;
    } finally {
      slot.release();
      const infer = performance.now() - started;
      this.statistics.add("computeInfer", infer);
      this.statistics.ran(1, { input: 0, infer, output: 0 });
    }
  }
}

/** A handler whose items and answers are held against its schemas elsewhere. */
function withoutSchemas(handler: Handler): Handler {
  return { ...handler, options: { ...handler.options, input: undefined, output: undefined } } as unknown as Handler;
}
