import type { Handler } from "../handlers/handler.ts";
import type { ItemTrainer, Trainer, VersionContext } from "../handlers/trainer.ts";
import type { HostPool } from "../hosts/host-pool.ts";
import type { HostedModel } from "../hosts/hosted-model.ts";
import { Batcher, type Answer } from "../queue/batcher.ts";
import { hasRows, type Signature } from "../tensors/signature.ts";
import { itemToTensors, preprocessedToTensors, tensorsToItem, tensorsToNested } from "../tensors/items.ts";
import { sameRowShape, splitTensors, stackTensors } from "../tensors/stack.ts";
import type { Tensors } from "../tensors/tensor.ts";
import { type Engine, queueDefaults } from "./engine.ts";
import { parseInput, parseOutput, placeOfItem } from "./item-schemas.ts";

interface OnnxEngineOptions {
  pool: HostPool;
  handler: Handler | undefined;
  context: VersionContext;
  /** The path of the model's file. */
  file: string;
  /** What the trial said about running rows together. */
  batches: boolean;
}

type Rows = { tensors: Tensors; rows: number };

/**
 * How it works: an item is checked by the handler's schema, turned into one row of the model's inputs by `preprocess`
 * (or by the signature), queued, run together with other rows in a model host, cut out of the outputs again and turned
 * into an answer by `postprocess`. The handler's code runs here; only tensors cross to the host.
 */
export class OnnxEngine implements Engine {
  readonly signature: Signature;
  readonly #handler: Handler | undefined;
  readonly #context: VersionContext;
  readonly #hosted: HostedModel;
  readonly #batcher: Batcher<Rows, Tensors>;
  readonly #joins: boolean;

  private constructor(options: OnnxEngineOptions) {
    const { handler, context } = options;
    const settings = handler?.options;
    this.#handler = handler;
    this.#context = context;
    this.signature = context.signature;
    this.#joins = joinsRows(options);
    const model = context.model;
    const deadline = settings?.deadline ?? queueDefaults.deadline;
    const instances = settings?.instances ?? queueDefaults.instances;
    const batch = settings?.batch || {};
    this.#hosted = options.pool.hold({ model, file: options.file, instances, deadline });
    this.#batcher = new Batcher({
      model,
      deadline,
      slots: instances,
      maxSize: this.#joins ? (batch.maxSize ?? queueDefaults.maxSize) : 1,
      maxDelay: this.#joins ? (batch.maxDelay ?? queueDefaults.maxDelay) : 0,
      queueSize: settings?.queue?.maxSize ?? queueDefaults.queueSize,
      joinable: (a, b) => sameRowShape(a.tensors, b.tensors),
      run: (payloads) => this.#run(payloads),
    });
  }

  /** Loads the model into its host. */
  static async open(options: OnnxEngineOptions): Promise<OnnxEngine> {
    const engine = new OnnxEngine(options);
    try {
      await engine.#hosted.open();
    } catch (error) {
      engine.close();
      throw error;
    }
    return engine;
  }

  get retryAfter(): number {
    return this.#batcher.retryAfter;
  }

  get runs(): number {
    return this.#batcher.runs;
  }

  async answer(items: readonly unknown[], signal?: AbortSignal): Promise<Answer<unknown>[]> {
    const prepared = await Promise.all(items.map((item, i) => this.#prepare(item, placeOfItem(i, items.length))));
    const answers = this.#batcher.submit(prepared.map(({ tensors }) => ({ payload: { tensors, rows: 1 }, rows: 1, signal })));
    return Promise.all(
      answers.map(async (answer, i) => {
        const { result, queued, ran } = await answer;
        return { result: await this.#finish(result, prepared[i]!.item), queued, ran };
      }),
    );
  }

  infer(tensors: Tensors, signal?: AbortSignal): Promise<Answer<Tensors>> {
    const rows = this.#joins ? (tensors[this.signature.inputs[0]!.name]!.shape[0] ?? 1) : 1;
    return this.#batcher.submit([{ payload: { tensors, rows }, rows, signal }])[0]!;
  }

  close(): void {
    this.#hosted.close();
  }

  async #run(payloads: Rows[]): Promise<{ results: Tensors[]; milliseconds: number }> {
    const { tensors, milliseconds } = await this.#hosted.run(stackTensors(payloads.map((payload) => payload.tensors)));
    return {
      results: splitTensors(
        tensors,
        payloads.map((payload) => payload.rows),
      ),
      milliseconds,
    };
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
function joinsRows({ handler, context, batches }: OnnxEngineOptions): boolean {
  const wish = handler?.options.batch;
  if (wish === false || !hasRows(context.signature)) return false;
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
