import { availableParallelism } from "node:os";
import { basename, dirname } from "node:path";
import type { Examination, ExamineOptions } from "../../engines/examination.ts";
import { limitsOf } from "../../engines/limits.ts";
import type { ItemRunner, Runner, RunOptions, Runtime, RuntimeVersion } from "../../engines/runtime.ts";
import { withinSpan } from "../../engines/within-span.ts";
import { listedTasks, type Task } from "../../engines/task.ts";
import { Breaker } from "../../processes/breaker.ts";
import { openCopies } from "../../processes/open-copies.ts";
import { examineGguf } from "./examine-gguf.ts";
import { LlamaInstance } from "./llama-instance.ts";
import type { LlamaEmbedding, LlamaPiece } from "./llama-messages.ts";
import { checkOptions, type LlamaOptions } from "./llama-options.ts";
import { type LlamaQuestion, llamaQuestion } from "./llama-question.ts";

/** Milliseconds that loading may take, where nothing else is said. */
const LOAD_WITHIN = 300_000;

/** Runs GGUF models. A handler that names it has their items and answers. */
export interface LlamaRuntime extends Runtime {
  readonly kind: "llama";
}

/**
 * Runs GGUF models by llama.cpp, each in a process of its own, one for each of the handler's `instances`. A version with a
 * `.gguf` file and no `model.onnx` is run so without being told; the function is for those that want other settings. It needs
 * `node-llama-cpp`, which is looked for in the project first.
 *
 * An item is a text, `{ prompt }` or `{ messages }`, with `maxTokens`, `temperature`, `topP`, `topK`, `minP`, `seed`, `stop`,
 * `repeatPenalty`, `frequencyPenalty`, `presencePenalty` and `responseFormat` as wanted. The answer is
 * `{ content, finishReason, usage }`; a stream's pieces are texts, and at last `{ finishReason, usage }`. With
 * `task: "embeddings"` texts are answered by `{ embedding, tokens }`.
 *
 * ```ts
 * export const assistant = handler({
 *   name: "assistant",
 *   source: "file:models/assistant",
 *   runtime: llama({ context: 8192, sequences: 4 }),
 * });
 * const { content } = await assistant.predict({ prompt: "Once upon a time", maxTokens: 40, temperature: 0 });
 * ```
 * @throws SERVING_BAD_RUNTIME
 */
export function llama(options: LlamaOptions = {}): LlamaRuntime {
  checkOptions(options);
  return Object.freeze({
    kind: "llama",
    needsFiles: true,
    load: (version: RuntimeVersion): Promise<Runner> => load(version, options),
    examine: (version: RuntimeVersion, { shapes }: ExamineOptions) =>
      examineGguf({ directory: version.directory, shapes }, () => load(version, options)),
  } satisfies LlamaRuntime);
}

/** Measures the GGUF file at a path, which nothing serves yet. */
export function examineGgufFile(path: string, { shapes }: ExamineOptions = {}): Promise<Examination> {
  const directory = dirname(path);
  const file = basename(path);
  const limits = limitsOf(undefined);
  const place = { model: file, directory, file, root: directory, handler: undefined, limits, log() {} };
  return examineGguf({ ...place, shapes }, () => load(place, {}));
}

/** What is loaded: a version, or a file of a folder that is none. */
type LlamaPlace = Pick<RuntimeVersion, "model" | "directory" | "root" | "handler" | "limits" | "log"> &
  Partial<Pick<RuntimeVersion, "pool">> & { file?: string };

async function load(version: LlamaPlace, options: LlamaOptions): Promise<LlamaRunner> {
  const { model, directory, file, root, handler, limits, log, pool } = version;
  const {
    context,
    sequences = 1,
    threads = Math.max(1, availableParallelism() - 1),
    gpu = false,
    gpuLayers,
    memory,
    loadWithin = LOAD_WITHIN,
  } = options;
  const breaker = new Breaker();
  const settings = { directory, file, root, context, sequences, threads, gpu, gpuLayers };
  const shared = { model, settings, memory, loadWithin, log: (line: string) => log(`${model}: ${line}`) };
  const { instances } = limits;
  const all = Array.from({ length: instances }, () => new LlamaInstance(shared, breaker));
  const [first] = await openCopies(all, pool?.closing);
  const tasks = listedTasks(handler?.options.task) ?? (first!.embeds ? ["embeddings"] : ["chat", "completion"]);
  return new LlamaRunner(all, { breaker, tasks, slots: instances * sequences });
}

class LlamaRunner implements ItemRunner {
  readonly takes = "items";
  readonly batches = false;
  readonly slots: number;
  readonly tasks: readonly Task[];
  readonly #all: readonly LlamaInstance[];
  readonly #breaker: Breaker;

  constructor(all: readonly LlamaInstance[], made: { breaker: Breaker; tasks: readonly Task[]; slots: number }) {
    this.#all = all;
    this.#breaker = made.breaker;
    this.tasks = made.tasks;
    this.slots = made.slots;
  }

  async run(items: unknown[], options: RunOptions) {
    const started = performance.now();
    const result: unknown[] = [];
    for (const item of items)
      result.push(
        await withinSpan(options.trace, { name: "llama" }, () => this.#idlest.answer(this.#read(item), options.signal)),
      );
    return { result, milliseconds: performance.now() - started };
  }

  async *stream(item: unknown, { signal }: RunOptions): AsyncGenerator<LlamaPiece | LlamaEmbedding, void> {
    yield* this.#idlest.stream(this.#read(item), signal);
  }

  memory(): number | undefined {
    const told = this.#all.map((instance) => instance.memory).filter((bytes) => bytes !== undefined);
    return told.length === 0 ? undefined : told.reduce((a, b) => a + b, 0);
  }

  problem(): string | undefined {
    return this.#breaker.broken?.reason;
  }

  close(): void {
    for (const instance of this.#all) instance.close();
  }

  get #idlest(): LlamaInstance {
    return this.#all.reduce((least, each) => (each.busy < least.busy ? each : least));
  }

  #read(item: unknown): LlamaQuestion {
    return llamaQuestion(item, this.tasks.includes("embeddings"));
  }
}
