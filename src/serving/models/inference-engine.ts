import { servingErrors } from "../errors.ts";
import type { Handler } from "../handlers/handler.ts";
import { type Answer, Batcher } from "../queue/batcher.ts";
import { type Engine, queueDefaults } from "./engine.ts";
import { parseInput, parseOutput, placeOfItem } from "./item-schemas.ts";

/** Answers by a handler's own `inference`, which runs in the web process like a view. */
export class InferenceEngine implements Engine {
  readonly #handler: Handler;
  readonly #batcher: Batcher<unknown, unknown>;

  private constructor(handler: Handler, state: unknown) {
    const { batch, queue, deadline, instances } = handler.options;
    const settings = batch || {};
    this.#handler = handler;
    this.#batcher = new Batcher({
      model: handler.name,
      deadline: deadline ?? queueDefaults.deadline,
      slots: instances ?? queueDefaults.instances,
      maxSize: batch === false ? 1 : (settings.maxSize ?? queueDefaults.maxSize),
      maxDelay: settings.maxDelay ?? queueDefaults.maxDelay,
      queueSize: queue?.maxSize ?? queueDefaults.queueSize,
      joinable: () => true,
      run: (items) => this.#run(items, state),
    });
  }

  /** Runs `initialize`, then the warm-up. */
  static async open(handler: Handler, version: { directory: string; version: string }): Promise<InferenceEngine> {
    const engine = new InferenceEngine(handler, await handler.options.initialize?.(version));
    if (handler.options.warmUp?.length) await engine.answer(handler.options.warmUp);
    return engine;
  }

  get retryAfter(): number {
    return this.#batcher.retryAfter;
  }

  get runs(): number {
    return this.#batcher.runs;
  }

  async answer(items: readonly unknown[], signal?: AbortSignal): Promise<Answer<unknown>[]> {
    const checked = await Promise.all(items.map((item, i) => parseInput(this.#handler, item, placeOfItem(i, items.length))));
    const answers = await Promise.all(this.#batcher.submit(checked.map((item) => ({ payload: item, rows: 1, signal }))));
    return Promise.all(
      answers.map(async (answer) => ({ ...answer, result: await parseOutput(this.#handler, answer.result, "inference") })),
    );
  }

  close(): void {}

  async #run(items: unknown[], state: unknown): Promise<{ results: unknown[]; milliseconds: number }> {
    const started = performance.now();
    const results = await this.#handler.options.inference!(items, state);
    if (!Array.isArray(results) || results.length !== items.length) {
      const given = Array.isArray(results) ? `${results.length} results` : "no array";
      const problem = `gave ${given} for ${items.length} items; it must give one for each, in their order`;
      throw servingErrors.SERVING_BAD_OUTPUT({ model: this.#handler.name, step: "inference", problem });
    }
    return { results, milliseconds: performance.now() - started };
  }
}
