import { type Awaitable, isPending, whenReady } from "#kernel";
import type { Handler } from "../handlers/handler.ts";
import type { ItemTrainer, Trainer, VersionContext } from "../handlers/trainer.ts";
import type { Answer } from "../queue/work-queue.ts";
import { hasRows, type Signature } from "../tensors/signature.ts";
import { itemToTensors, preprocessedToTensors, tensorsToItem, tensorsToNested } from "../tensors/items.ts";
import { sameRowShape, splitTensors, stackTensors } from "../tensors/stack.ts";
import { noTensors, type Tensors } from "../tensors/tensor.ts";
import type { AskOptions, Engine } from "./engine.ts";
import { type ImplicitState, implicitState } from "./implicit-state.ts";
import { parseInput, parseOutput, placeOfItem } from "./item-schemas.ts";
import type { Limits } from "./limits.ts";
import { type Cacheable, QueuedEngine } from "./queued-engine.ts";
import { tensorsKey } from "./response-cache.ts";
import type { RunOptions, RunResult, TensorRunner } from "./runtime.ts";
import {
  type BodyForm,
  hasOneRowShape,
  LARGE_BODY,
  likelyRows,
  UNREAD_FROM,
  type UnreadBody,
  unseenForms,
  type WrittenBody,
} from "./unread-body.ts";
import { stepOptions } from "./sequences.ts";
import type { Statistics } from "./statistics.ts";

interface TensorEngineOptions {
  handler: Handler | undefined;
  limits: Limits;
  context: VersionContext;
  runner: TensorRunner;
  statistics: Statistics;
}

type Rows = { tensors: Tensors; rows: number; letter?: Letter };

/** A body that is queued in the place of its rows, and what came of it. */
interface Letter {
  readonly body: UnreadBody;
  answer?: WrittenBody | Error;
}

/** An item as its handler's schema made it, and as rows of the model's inputs. */
type Prepared = Rows & { item: unknown };

/**
 * How it works: an item is checked by the handler's schema, turned into one row of the model's inputs by `preprocess`
 * (or by the signature), queued, run together with other rows by the version's runner, cut out of the outputs again and
 * turned into an answer by `postprocess`. The handler's code runs here; only tensors go to the runner. Answers that are
 * kept are looked for between `preprocess` and the queue; a step of a sequence waits there for the one before it.
 */
export class TensorEngine extends QueuedEngine<Rows, Tensors, TensorRunner> implements Engine {
  readonly signature: Signature;
  readonly #handler: Handler | undefined;
  readonly #context: VersionContext;
  readonly #joins: boolean;
  readonly #state: ImplicitState | undefined;

  /** @throws SERVING_BAD_HANDLER */
  constructor({ handler, limits, context, runner, statistics }: TensorEngineOptions) {
    const joins = joinsRows(handler, runner);
    const state = implicitState(handler, runner.signature);
    super({ model: context.model, handler, limits, runner, statistics, joins, keepsSequences: state !== undefined });
    this.#handler = handler;
    this.#joins = joins;
    this.#state = state;
    this.signature = state?.signature ?? runner.signature;
    this.#context = { ...context, signature: this.signature };
  }

  async answer(items: readonly unknown[], ask: AskOptions = {}): Promise<Answer<unknown>[]> {
    const started = performance.now();
    const preparing = this.#prepareAll(items);
    const prepared = isPending(preparing) ? await preparing : preparing;
    this.statistics.add("computeInput", performance.now() - started);
    ask.trace?.child("preprocess", { since: started }).end();
    const answers = prepared.length === 1 ? [await this.#outputs(prepared[0]!, ask)] : await this.#outputsOf(prepared, ask);
    const ran = performance.now();
    for (let i = 0; i < answers.length; i++) {
      const answer: Answer<unknown> = answers[i]!;
      const finished = this.#finish(answers[i]!.result, prepared[i]!.item);
      answer.result = isPending(finished) ? await finished : finished;
    }
    this.statistics.add("computeOutput", performance.now() - ran);
    ask.trace?.child("postprocess", { since: ran }).end();
    return answers;
  }

  infer(tensors: Tensors, ask: AskOptions = {}): Promise<Answer<Tensors>> {
    const rows = this.#joins ? (tensors[this.signature.inputs[0]!.name]!.shape[0] ?? 1) : 1;
    return this.#outputs({ tensors, rows }, ask);
  }

  get reads(): readonly BodyForm[] {
    return this.runner.runBodies === undefined ? [] : unseenForms(this.#handler);
  }

  get readsFrom(): number {
    return this.#joins && !hasOneRowShape(this.signature) ? LARGE_BODY : UNREAD_FROM;
  }

  /** How many rows a body has is not known before it is read: its length says how many it counts for in the queue. */
  async answerBody(body: UnreadBody, ask: AskOptions = {}): Promise<Answer<WrittenBody>> {
    const letter: Letter = { body };
    const rows = this.#joins ? likelyRows(body, this.signature) : 1;
    const answered = await this.batcher.submit({ payload: { tensors: noTensors(), rows, letter }, rows, ask });
    if (letter.answer instanceof Error) throw letter.answer;
    return { ...answered, result: letter.answer! };
  }

  /** A large body has many rows or large ones, and is run by itself. */
  protected joinable(a: Rows, b: Rows): boolean {
    if (a.letter && b.letter) return isSmall(a.letter) && isSmall(b.letter);
    return a.letter === b.letter && sameRowShape(a.tensors, b.tensors);
  }

  protected run(payloads: Rows[], options: RunOptions): Promise<RunResult<Tensors[]>> {
    const letters = payloads.flatMap(({ letter }) => letter ?? []);
    return letters.length > 0 ? this.#runLetters(letters, options) : this.#runRows(payloads, options);
  }

  async #runLetters(letters: readonly Letter[], options: RunOptions): Promise<RunResult<Tensors[]>> {
    const { version } = this.#context;
    const bodies = letters.map(({ body }) => body);
    const task = { version, mostItems: this.settings.queueSize, mostRows: this.#joins ? this.batcher.limit : 1 };
    const { result, milliseconds } = await this.runner.runBodies!(bodies, task, options);
    const { answers, rows, input, output } = result;
    for (const [i, letter] of letters.entries()) letter.answer = answers[i]!;
    if (rows > 0) this.statistics.ran(rows, { input, infer: milliseconds, output });
    return { result: letters.map(noTensors), milliseconds, rows };
  }

  async #runRows(payloads: Rows[], options: RunOptions): Promise<RunResult<Tensors[]>> {
    const started = performance.now();
    const stacked = stackTensors(payloads.map((payload) => payload.tensors));
    const input = performance.now() - started;
    const { result, milliseconds } = await this.runner.run(stacked, options);
    const ran = performance.now();
    const rows = payloads.map((payload) => payload.rows);
    const sets = splitTensors(result, rows);
    let count = 0;
    for (const each of rows) count += each;
    this.statistics.ran(count, { input, infer: milliseconds, output: performance.now() - ran });
    return { result: sets, milliseconds };
  }

  #prepareAll(items: readonly unknown[]): Awaitable<Prepared[]> {
    if (items.length === 1) return whenReady(this.#prepare(items[0], "input"), (one) => [one]);
    return Promise.all(items.map(async (item, i) => this.#prepare(item, placeOfItem(i, items.length))));
  }

  /** Items of one request are queued together or not at all, and in a sequence one after the other. */
  async #outputsOf(prepared: readonly Rows[], ask: AskOptions): Promise<Answer<Tensors>[]> {
    if (this.sequences && ask.sequence) {
      const answers: Answer<Tensors>[] = [];
      for (const [i, each] of prepared.entries()) answers.push(await this.#outputs(each, stepOptions(ask, i, prepared.length)));
      return answers;
    }
    if (this.#state) return Promise.all(prepared.map((each) => this.#outputs(each, ask)));
    if (this.cache)
      return this.throughCache(
        prepared.map((each) => this.#cacheable(each)),
        ask,
      );
    return Promise.all(this.batcher.submitAll(prepared.map(({ tensors }) => ({ payload: { tensors, rows: 1 }, rows: 1, ask }))));
  }

  #outputs(payload: Rows, ask: AskOptions): Promise<Answer<Tensors>> {
    if (this.#state) return this.#withState(payload, ask);
    if (this.cache) return this.throughCache([this.#cacheable(payload)], ask).then(([answer]) => answer!);
    return this.batcher.submit({ payload, rows: payload.rows, ask });
  }

  async #withState(given: Rows, ask: AskOptions): Promise<Answer<Tensors>> {
    if (!ask.sequence) return this.#step(given, ask, {});
    return this.sequences!.step(ask, (memory, left) => this.#step(given, left, memory));
  }

  async #step({ tensors, rows }: Rows, ask: AskOptions, memory: Record<string, unknown>): Promise<Answer<Tensors>> {
    const payload = { tensors: this.#state!.inputs(tensors, memory, rows), rows };
    const answer = await this.batcher.submit({ payload, rows, ask });
    return { ...answer, result: this.#state!.keep(answer.result, memory) };
  }

  #cacheable({ tensors, rows }: Rows): Cacheable<Rows, Tensors> {
    const started = performance.now();
    const key = tensorsKey(tensors);
    const kept = this.cache!.tensors(key);
    this.statistics.add(kept ? "cacheHit" : "cacheMiss", performance.now() - started);
    const keep = (outputs: Tensors) => this.cache!.keepTensors(key, outputs);
    return { payload: { tensors, rows }, rows, kept: kept && { value: kept }, keep };
  }

  #prepare(given: unknown, where: string): Awaitable<Prepared> {
    return whenReady(parseInput(this.#handler, given, where), (item) =>
      whenReady(itemInputs(this.#handler, item, { ...this.#context, where }), (tensors) => ({ item, tensors, rows: 1 })),
    );
  }

  #finish(outputs: Tensors, item: unknown): Awaitable<unknown> {
    const own = tensorsToItem(outputs, this.signature);
    const { postprocess, train } = this.#handler?.options ?? {};
    if (postprocess)
      return whenReady(postprocess(own, item, this.#context), (made) => parseOutput(this.#handler, made, "postprocess"));
    if (isItemTrainer(train)) return parseOutput(this.#handler, train.postprocess(own, item, this.#context), "trainer");
    return parseOutput(this.#handler, tensorsToNested(own), "model");
  }
}

function isSmall({ body }: Letter): boolean {
  return body.bytes.byteLength < LARGE_BODY;
}

/** Rows are run together where the handler says so, or where the trial proved it; never where a size is fixed. */
function joinsRows(handler: Handler | undefined, { signature, batches }: TensorRunner): boolean {
  const wish = handler?.options.batch;
  if (wish === false || !hasRows(signature)) return false;
  return wish?.maxSize !== undefined || batches;
}

/** A checked item as the model's inputs. */
export function itemInputs(
  handler: Handler | undefined,
  item: unknown,
  context: VersionContext & { where: string },
): Awaitable<Tensors> {
  const { preprocess, train } = handler?.options ?? {};
  const { signature, model, where } = context;
  if (preprocess) return whenReady(preprocess(item, context), (given) => preprocessedToTensors(given, signature, model));
  if (isItemTrainer(train)) return preprocessedToTensors(train.preprocess(item, context), signature, model);
  return itemToTensors(item, signature, where);
}

function isItemTrainer(train: Trainer | undefined): train is ItemTrainer<unknown, unknown> {
  return train !== undefined && "preprocess" in train;
}
