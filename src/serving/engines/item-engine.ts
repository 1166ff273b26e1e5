import { servingErrors } from "../errors.ts";
import type { Handler } from "../handlers/handler.ts";
import { type Answer, Batcher } from "../queue/batcher.ts";
import { type AskOptions, type Batching, type Engine, queueDefaults } from "./engine.ts";
import { parseInput, parseOutput, placeOfItem } from "./item-schemas.ts";
import type { ItemRunner, RunResult } from "./runtime.ts";
import type { Statistics } from "./statistics.ts";

interface ItemEngineOptions {
  handler: Handler;
  runner: ItemRunner;
  statistics: Statistics;
}

/** Answers by a runner that takes items as they are: the handler's own functions, a Python handler, an engine elsewhere. */
export class ItemEngine implements Engine {
  readonly #handler: Handler;
  readonly batching: Batching;
  readonly #runner: ItemRunner;
  readonly #statistics: Statistics;
  readonly #batcher: Batcher<unknown, unknown>;

  constructor({ handler, runner, statistics }: ItemEngineOptions) {
    const { batch, queue, deadline } = handler.options;
    const settings = batch || {};
    this.#handler = handler;
    this.#runner = runner;
    this.#statistics = statistics;
    const maxSize = batch === false || !runner.batches ? 1 : (settings.maxSize ?? queueDefaults.maxSize);
    this.batching = { enabled: maxSize > 1, maxSize, maxDelay: settings.maxDelay ?? queueDefaults.maxDelay };
    this.#batcher = new Batcher({
      model: handler.name,
      deadline: deadline ?? queueDefaults.deadline,
      slots: runner.slots,
      maxSize,
      maxDelay: this.batching.maxDelay,
      queueSize: queue?.maxSize ?? queueDefaults.queueSize,
      joinable: () => true,
      run: (items) => this.#run(items),
    });
  }

  get signature() {
    return this.#runner.signature;
  }

  get retryAfter(): number {
    return this.#batcher.retryAfter;
  }

  get memory(): number | undefined {
    return this.#runner.memory?.();
  }

  get problem(): string | undefined {
    return this.#runner.problem?.();
  }

  async answer(items: readonly unknown[], { signal }: AskOptions = {}): Promise<Answer<unknown>[]> {
    const checked = await Promise.all(items.map((item, i) => parseInput(this.#handler, item, placeOfItem(i, items.length))));
    const answers = await Promise.all(this.#batcher.submit(checked.map((item) => ({ payload: item, rows: 1, signal }))));
    return Promise.all(
      answers.map(async (answer) => ({ ...answer, result: await parseOutput(this.#handler, answer.result, "inference") })),
    );
  }

  close(): void | Promise<void> {
    return this.#runner.close();
  }

  async #run(items: unknown[]): Promise<RunResult<unknown[]>> {
    const { result, milliseconds } = await this.#runner.run(items);
    if (!Array.isArray(result) || result.length !== items.length) {
      const given = Array.isArray(result) ? `${result.length} results` : "no array";
      const problem = `gave ${given} for ${items.length} items; it must give one for each, in their order`;
      throw servingErrors.SERVING_BAD_OUTPUT({ model: this.#handler.name, step: "inference", problem });
    }
    this.#statistics.ran(items.length, { input: 0, infer: milliseconds, output: 0 });
    return { result, milliseconds };
  }
}
