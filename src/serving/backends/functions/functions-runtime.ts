import { performance } from "node:perf_hooks";
import { queueDefaults } from "../../engines/engine.ts";
import type { ItemRunner, Runtime, RuntimeVersion } from "../../engines/runtime.ts";

/** Runs the handler's own `initialize` and `inference`, in the web process, like a view. */
export const functionsRuntime: Runtime = {
  kind: "functions",
  needsFiles: false,
  async load(version) {
    return new FunctionsRunner(version, await version.handler!.options.initialize?.(version));
  },
};

class FunctionsRunner implements ItemRunner {
  readonly takes = "items";
  readonly batches = true;
  readonly slots: number;
  readonly #inference: (items: unknown[], state: unknown) => unknown;
  readonly #state: unknown;

  constructor({ handler }: RuntimeVersion, state: unknown) {
    this.slots = handler!.options.instances ?? queueDefaults.instances;
    this.#inference = handler!.options.inference!;
    this.#state = state;
  }

  async run(items: unknown[]) {
    const started = performance.now();
    const result = (await this.#inference(items, this.#state)) as unknown[];
    return { result, milliseconds: performance.now() - started };
  }

  close(): void {}
}
