import { performance } from "node:perf_hooks";
import type { ItemRunner, RunOptions, Runtime, RuntimeVersion } from "../../engines/runtime.ts";
import { collectPieces } from "./collect-pieces.ts";

/** Runs the handler's own `initialize` and `inference` or `stream`, in the web process, like a view. */
export const functionsRuntime: Runtime = {
  kind: "functions",
  needsFiles: false,
  async load(version) {
    return new FunctionsRunner(version, await version.handler!.options.initialize?.(version));
  },
};

class FunctionsRunner implements ItemRunner {
  readonly takes = "items";
  readonly batches: boolean;
  readonly slots: number;
  readonly stream: ItemRunner["stream"];
  readonly #handler: NonNullable<RuntimeVersion["handler"]>;
  readonly #state: unknown;

  constructor({ handler, limits }: RuntimeVersion, state: unknown) {
    const { inference, stream } = handler!.options;
    this.#handler = handler!;
    this.#state = state;
    this.batches = inference !== undefined;
    this.slots = limits.instances;
    if (stream) this.stream = (item, { signal, requestId }) => stream(item, this.#state, { signal, requestId });
  }

  async run(items: unknown[], options: RunOptions) {
    const { inference } = this.#handler.options;
    const started = performance.now();
    const result = inference ? await inference(items, this.#state, options) : [await this.#whole(items[0], options)];
    return { result: result as unknown[], milliseconds: performance.now() - started };
  }

  close(): void {}

  /** The answer of a function that only streams. */
  async #whole(item: unknown, options: RunOptions): Promise<unknown> {
    return collectPieces(this.#handler, item, await Array.fromAsync(this.stream!(item, options)));
  }
}
