import { performance } from "node:perf_hooks";
import type { ItemRunner, RunOptions, Runtime } from "../../engines/runtime.ts";
import type { Handler, StreamContext } from "../../handlers/handler.ts";
import { collectPieces } from "../functions/collect-pieces.ts";

/** What a pipeline does. `S` is its steps as functions. */
export interface PipelineCode<S> {
  /** The steps, for one run. */
  steps(options: RunOptions): S;
  run?: ((item: any, steps: S, context: StreamContext) => unknown) | undefined;
  stream?: ((item: any, steps: S, context: StreamContext) => AsyncIterable<unknown>) | undefined;
  /** How many items are under way at once. */
  width: number;
}

/** Runs the code of a pipeline in the web process; its steps are predictions of other models, which go through their own queues. */
export function pipelineRuntime<S>(code: PipelineCode<S>): Runtime {
  return {
    kind: "pipeline",
    needsFiles: false,
    load: async ({ handler }) => new PipelineRunner(handler!, code),
  };
}

class PipelineRunner<S> implements ItemRunner {
  readonly takes = "items";
  readonly batches = false;
  readonly slots: number;
  readonly stream: ItemRunner["stream"];
  readonly #handler: Handler;
  readonly #code: PipelineCode<S>;

  constructor(handler: Handler, code: PipelineCode<S>) {
    this.#handler = handler;
    this.#code = code;
    this.slots = code.width;
    const { stream } = code;
    if (stream) this.stream = (item, options) => stream(item, code.steps(options), contextOf(options));
  }

  async run([item]: unknown[], options: RunOptions) {
    const started = performance.now();
    const { run, steps } = this.#code;
    const result = run ? await run(item, steps(options), contextOf(options)) : await this.#whole(item, options);
    return { result: [result], milliseconds: performance.now() - started };
  }

  close(): void {}

  async #whole(item: unknown, options: RunOptions): Promise<unknown> {
    return collectPieces(this.#handler, item, await Array.fromAsync(this.stream!(item, options)));
  }
}

function contextOf(options: RunOptions): StreamContext {
  return {
    requestId: options.requestId,
    get signal() {
      return options.signal;
    },
  };
}
