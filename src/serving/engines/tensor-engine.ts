import type { Handler } from "../handlers/handler.ts";
import type { ItemTrainer, Trainer, VersionContext } from "../handlers/trainer.ts";
import { Batcher } from "../queue/batcher.ts";
import type { Answer } from "../queue/work-queue.ts";
import { hasRows, type Signature } from "../tensors/signature.ts";
import { itemToTensors, preprocessedToTensors, tensorsToItem, tensorsToNested } from "../tensors/items.ts";
import { sameRowShape, splitTensors, stackTensors } from "../tensors/stack.ts";
import type { Tensors } from "../tensors/tensor.ts";
import { type AskOptions, type Batching, type Engine } from "./engine.ts";
import { type ImplicitState, implicitState } from "./implicit-state.ts";
import { parseInput, parseOutput, placeOfItem } from "./item-schemas.ts";
import { queueSettings } from "./queue-settings.ts";
import { ResponseCache, tensorsKey } from "./response-cache.ts";
import type { RunOptions, RunResult, TensorRunner } from "./runtime.ts";
import { type BodyForm, type UnreadBody, unseenForms, type WrittenBody } from "./unread-body.ts";
import { openSequences, type Sequences, stepOptions } from "./sequences.ts";
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
 * turned into an answer by `postprocess`. The handler's code runs here; only tensors go to the runner. Answers that are
 * kept are looked for between `preprocess` and the queue; a step of a sequence waits there for the one before it.
 */
export class TensorEngine implements Engine {
  readonly signature: Signature;
  readonly #handler: Handler | undefined;
  readonly #context: VersionContext;
  readonly #runner: TensorRunner;
  readonly #statistics: Statistics;
  readonly #batcher: Batcher<Rows, Tensors>;
  readonly #joins: boolean;
  readonly #settings: ReturnType<typeof queueSettings>;
  readonly #cache: ResponseCache | undefined;
  readonly #state: ImplicitState | undefined;
  readonly #sequences: Sequences | undefined;

  /** @throws SERVING_BAD_HANDLER */
  constructor({ handler, context, runner, statistics }: TensorEngineOptions) {
    const { cache } = handler?.options ?? {};
    this.#handler = handler;
    this.#runner = runner;
    this.#statistics = statistics;
    this.#joins = joinsRows(handler, runner);
    this.#settings = queueSettings(handler, this.#joins);
    this.#batcher = new Batcher({
      ...this.#settings,
      model: context.model,
      slots: runner.slots,
      joinable: (a, b) => sameRowShape(a.tensors, b.tensors),
      run: (payloads, options) => this.#run(payloads, options),
    });
    if (cache) this.#cache = new ResponseCache(cache);
    this.#state = implicitState(handler, runner.signature);
    if (this.#state) this.#sequences = openSequences(handler!, this.#settings);
    this.signature = this.#state?.signature ?? runner.signature;
    this.#context = { ...context, signature: this.signature };
  }

  get batching(): Batching {
    const { maxSize, maxDelay } = this.#settings;
    return { enabled: this.#joins, maxSize, maxDelay, limit: this.#batcher.limit };
  }

  get retryAfter(): number {
    return this.#batcher.retryAfter;
  }

  get waiting(): number {
    return this.#batcher.waiting;
  }

  get memory(): number | undefined {
    return this.#runner.memory?.();
  }

  get problem(): string | undefined {
    return this.#runner.problem?.();
  }

  sequenceUsed(id: string): number | undefined {
    return this.#sequences?.lastUse(id);
  }

  async answer(items: readonly unknown[], ask: AskOptions = {}): Promise<Answer<unknown>[]> {
    const started = performance.now();
    const prepared = await this.#prepareAll(items);
    this.#statistics.add("computeInput", performance.now() - started);
    ask.trace?.child("preprocess", { since: started }).end();
    const answers = await this.#outputsOf(prepared, ask);
    const ran = performance.now();
    for (let i = 0; i < answers.length; i++) {
      const answer: Answer<unknown> = answers[i]!;
      answer.result = await this.#finish(answers[i]!.result, prepared[i]!.item);
    }
    this.#statistics.add("computeOutput", performance.now() - ran);
    ask.trace?.child("postprocess", { since: ran }).end();
    return answers;
  }

  infer(tensors: Tensors, ask: AskOptions = {}): Promise<Answer<Tensors>> {
    const rows = this.#joins ? (tensors[this.signature.inputs[0]!.name]!.shape[0] ?? 1) : 1;
    return this.#outputs({ tensors, rows }, ask);
  }

  get reads(): readonly BodyForm[] {
    return this.#runner.runBody === undefined ? [] : unseenForms(this.#handler);
  }

  /** A large body has many rows or large ones: it waits for a slot like any work, and is run by itself. */
  async answerBody(body: UnreadBody, ask: AskOptions = {}): Promise<Answer<WrittenBody>> {
    const slot = await this.#batcher.hold({ payload: { tensors: {}, rows: 1 }, rows: 1, ask });
    const { version } = this.#context;
    const mostRows = this.#joins ? this.#batcher.limit : 1;
    try {
      const task = { version, mostItems: this.#settings.queueSize, mostRows };
      const { result, milliseconds } = await this.#runner.runBody!(body, task);
      this.#statistics.ran(result.rows, { input: 0, infer: milliseconds, output: 0 });
      return { result, queued: slot.queued, ran: milliseconds, batch: result.rows, cached: false };
    } finally {
      slot.release();
    }
  }

  close(): void | Promise<void> {
    this.#sequences?.close();
    return this.#runner.close();
  }

  async #prepareAll(items: readonly unknown[]): Promise<(Rows & { item: unknown })[]> {
    if (items.length === 1) return [await this.#prepare(items[0], "input")];
    return Promise.all(items.map((item, i) => this.#prepare(item, placeOfItem(i, items.length))));
  }

  /** Items of one request are queued together or not at all, and in a sequence one after the other. */
  async #outputsOf(prepared: readonly Rows[], ask: AskOptions): Promise<Answer<Tensors>[]> {
    const [first] = prepared;
    if (prepared.length === 1) return [await this.#outputs(first!, ask)];
    if (this.#sequences && ask.sequence) {
      const answers: Answer<Tensors>[] = [];
      for (const [i, each] of prepared.entries()) answers.push(await this.#outputs(each, stepOptions(ask, i, prepared.length)));
      return answers;
    }
    if (this.#state || this.#cache) return Promise.all(prepared.map((each) => this.#outputs(each, ask)));
    return Promise.all(this.#batcher.submitAll(prepared.map(({ tensors }) => ({ payload: { tensors, rows: 1 }, rows: 1, ask }))));
  }

  #outputs(payload: Rows, ask: AskOptions): Promise<Answer<Tensors>> {
    if (this.#state) return this.#withState(payload, ask);
    if (this.#cache) return this.#throughCache(payload, ask);
    return this.#batcher.submit({ payload, rows: payload.rows, ask });
  }

  async #withState(given: Rows, ask: AskOptions): Promise<Answer<Tensors>> {
    if (!ask.sequence) return this.#step(given, ask, {});
    return this.#sequences!.step(ask, (memory, left) => this.#step(given, left, memory));
  }

  async #step({ tensors, rows }: Rows, ask: AskOptions, memory: Record<string, unknown>): Promise<Answer<Tensors>> {
    const payload = { tensors: this.#state!.inputs(tensors, memory, rows), rows };
    const answer = await this.#batcher.submit({ payload, rows, ask });
    return { ...answer, result: this.#state!.keep(answer.result, memory) };
  }

  async #throughCache(payload: Rows, ask: AskOptions): Promise<Answer<Tensors>> {
    const started = performance.now();
    const key = tensorsKey(payload.tensors);
    const kept = this.#cache!.tensors(key);
    this.#statistics.add(kept ? "cacheHit" : "cacheMiss", performance.now() - started);
    if (kept) return { result: kept, queued: 0, ran: 0, batch: 0, cached: true };
    const answer = await this.#batcher.submit({ payload, rows: payload.rows, ask });
    this.#cache!.keepTensors(key, answer.result);
    return answer;
  }

  async #run(payloads: Rows[], options: RunOptions): Promise<RunResult<Tensors[]>> {
    const started = performance.now();
    const stacked = stackTensors(payloads.map((payload) => payload.tensors));
    const input = performance.now() - started;
    const { result, milliseconds } = await this.#runner.run(stacked, options);
    const ran = performance.now();
    const rows = payloads.map((payload) => payload.rows);
    const sets = splitTensors(result, rows);
    let count = 0;
    for (const each of rows) count += each;
    this.#statistics.ran(count, { input, infer: milliseconds, output: performance.now() - ran });
    return { result: sets, milliseconds };
  }

  async #prepare(given: unknown, where: string): Promise<Rows & { item: unknown }> {
    const item = this.#handler?.options.input === undefined ? given : await parseInput(this.#handler, given, where);
    return { item, tensors: await itemInputs(this.#handler, item, { ...this.#context, where }), rows: 1 };
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
