import type { Handler } from "../handlers/handler.ts";
import type { ItemTrainer, Trainer, VersionContext } from "../handlers/trainer.ts";
import { type Answer, Batcher } from "../queue/batcher.ts";
import { hasRows, type Signature } from "../tensors/signature.ts";
import { itemToTensors, preprocessedToTensors, tensorsToItem, tensorsToNested } from "../tensors/items.ts";
import { sameRowShape, splitTensors, stackTensors } from "../tensors/stack.ts";
import type { Tensors } from "../tensors/tensor.ts";
import { type AskOptions, type Batching, type Engine, queueDefaults } from "./engine.ts";
import { parseInput, parseOutput, placeOfItem } from "./item-schemas.ts";
import type { RunResult, TensorRunner } from "./runtime.ts";
import type { Statistics } from "./statistics.ts";

interface TensorEngineOptions {
  handler: Handler | undefined;
  context: VersionContext;
  runner: TensorRunner;
  statistics: Statistics;
}

type Rows = { tensors: Tensors; rows: number };

/**
 * How it works: an item is checked by the handler's schema, turned into one row of the model's inputs by `preprocess`
 * (or by the signature), queued, run together with other rows by the version's runner, cut out of the outputs again and
 * turned into an answer by `postprocess`. The handler's code runs here; only tensors go to the runner.
 */
export class TensorEngine implements Engine {
  readonly signature: Signature;
  readonly batching: Batching;
  readonly #handler: Handler | undefined;
  readonly #context: VersionContext;
  readonly #runner: TensorRunner;
  readonly #statistics: Statistics;
  readonly #batcher: Batcher<Rows, Tensors>;
  readonly #joins: boolean;

  constructor({ handler, context, runner, statistics }: TensorEngineOptions) {
    const settings = handler?.options;
    const batch = settings?.batch || {};
    this.#handler = handler;
    this.#context = context;
    this.#runner = runner;
    this.#statistics = statistics;
    this.signature = runner.signature;
    this.#joins = joinsRows(handler, runner);
    this.batching = {
      enabled: this.#joins,
      maxSize: this.#joins ? (batch.maxSize ?? queueDefaults.maxSize) : 1,
      maxDelay: this.#joins ? (batch.maxDelay ?? queueDefaults.maxDelay) : 0,
    };
    this.#batcher = new Batcher({
      model: context.model,
      deadline: settings?.deadline ?? queueDefaults.deadline,
      slots: runner.slots,
      maxSize: this.batching.maxSize,
      maxDelay: this.batching.maxDelay,
      queueSize: settings?.queue?.maxSize ?? queueDefaults.queueSize,
      joinable: (a, b) => sameRowShape(a.tensors, b.tensors),
      run: (payloads) => this.#run(payloads),
    });
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
    const prepared = await Promise.all(items.map((item, i) => this.#prepare(item, placeOfItem(i, items.length))));
    const answers = this.#batcher.submit(prepared.map(({ tensors }) => ({ payload: { tensors, rows: 1 }, rows: 1, signal })));
    return Promise.all(
      answers.map(async (answer, i) => {
        const { result, ...rest } = await answer;
        return { result: await this.#finish(result, prepared[i]!.item), ...rest };
      }),
    );
  }

  infer(tensors: Tensors, { signal }: AskOptions = {}): Promise<Answer<Tensors>> {
    const rows = this.#joins ? (tensors[this.signature.inputs[0]!.name]!.shape[0] ?? 1) : 1;
    return this.#batcher.submit([{ payload: { tensors, rows }, rows, signal }])[0]!;
  }

  close(): void | Promise<void> {
    return this.#runner.close();
  }

  async #run(payloads: Rows[]): Promise<RunResult<Tensors[]>> {
    const { result, milliseconds } = await this.#runner.run(stackTensors(payloads.map((payload) => payload.tensors)));
    const rows = payloads.map((payload) => payload.rows);
    const infer = milliseconds;
    this.#statistics.ran(
      rows.reduce((sum, each) => sum + each, 0),
      { input: 0, infer, output: 0 },
    );
    return { result: splitTensors(result, rows), milliseconds };
  }

  async #prepare(given: unknown, where: string): Promise<{ item: unknown; tensors: Tensors }> {
    const item = await parseInput(this.#handler, given, where);
    return { item, tensors: await itemInputs(this.#handler, item, { ...this.#context, where }) };
  }

  async #finish(outputs: Tensors, item: unknown): Promise<unknown> {
    const own = tensorsToItem(outputs, this.signature);
    const { postprocess, train } = this.#handler?.options ?? {};
    if (postprocess) return parseOutput(this.#handler, await postprocess(own, item, this.#context), "postprocess");
    if (isItemTrainer(train)) return parseOutput(this.#handler, train.postprocess(own, item, this.#context), "trainer");
    return parseOutput(this.#handler, tensorsToNested(own), "model");
  }
}

/** Rows are run together where the handler says so, or where the trial proved it; never where a size is fixed. */
function joinsRows(handler: Handler | undefined, { signature, batches }: TensorRunner): boolean {
  const wish = handler?.options.batch;
  if (wish === false || !hasRows(signature)) return false;
  return wish?.maxSize !== undefined || batches;
}

/** A checked item as the model's inputs. */
export async function itemInputs(
  handler: Handler | undefined,
  item: unknown,
  context: VersionContext & { where: string },
): Promise<Tensors> {
  const { preprocess, train } = handler?.options ?? {};
  const { signature, model, where } = context;
  if (preprocess) return preprocessedToTensors(await preprocess(item, context), signature, model);
  if (isItemTrainer(train)) return preprocessedToTensors(train.preprocess(item, context), signature, model);
  return itemToTensors(item, signature, where);
}

function isItemTrainer(train: Trainer | undefined): train is ItemTrainer<unknown, unknown> {
  return train !== undefined && "preprocess" in train;
}
