import type { HttpRequest } from "#http";
import type { PredictionStream } from "../../models/prediction-stream.ts";
import type { TokenChance } from "../../engines/token-chance.ts";
import { checkedChances, refuseChances } from "./chances.ts";
import {
  addPiece,
  answerOf,
  type ChatDelta,
  type ChatSoFar,
  type FinishReason,
  finishReasonOf,
  nothingYet,
  usageOf,
} from "./chat-piece.ts";
import type { SamplingItem } from "./sampling-item.ts";
import type { AskedModel } from "./task-model.ts";

/** What one of the answers is gone on with, and why it has ended, when it has. */
export interface ChoiceEvent {
  index: number;
  delta: ChatDelta;
  /** The chances of its tokens, where they are told. */
  chances: readonly TokenChance[] | undefined;
  /** Where its text begins in the whole. */
  at: number;
  finish: FinishReason | null;
}

export interface ChoicesWanted {
  /** What the model is asked: every question as often as answers to it are wanted. */
  items: readonly SamplingItem[];
  /** How many answers to one question follow each other. */
  each: number;
}

interface Read {
  index: number;
  result: IteratorResult<unknown>;
}

/** The answers to one request. They are written side by side by one version, and fail together. */
export class Choices {
  /** Where they have come to. */
  readonly sofar: readonly ChatSoFar[];
  readonly #each: number;
  readonly #answers: readonly AsyncGenerator<unknown>[];
  readonly #controller = new AbortController();
  /** What is read next of each that goes on. */
  readonly #reading = new Map<number, Promise<Read>>();
  #first: PredictionStream | undefined;

  private constructor(open: (item: unknown, signal: AbortSignal) => Promise<PredictionStream>, { items, each }: ChoicesWanted) {
    this.sofar = items.map(nothingYet);
    this.#each = each;
    this.#answers = items.map((item) => this.#answer(item, () => open(item, this.#controller.signal)));
    for (const index of items.keys()) this.#read(index);
  }

  /** Asks for them; fulfilled when the first of them has begun. @throws what the model throws */
  static async open(request: HttpRequest, { name, options }: AskedModel, wanted: ChoicesWanted): Promise<Choices> {
    const { models } = request.services;
    // An alias may choose anew for every question.
    const version = wanted.items.length > 1 ? (await models.signature(name, options)).version : options.version;
    const open = (item: unknown, signal: AbortSignal) =>
      models.stream(name, item, { ...options, version, signal: () => AbortSignal.any([request.signal, signal]) });
    const choices = new Choices(open, wanted);
    try {
      await Promise.race(choices.#reading.values());
    } catch (error) {
      choices.#giveUp();
      throw error;
    }
    // Who has gone may never begin to read.
    request.signal.addEventListener("abort", () => choices.#giveUp(), { once: true });
    return choices;
  }

  /** The one that began first, which says who answers. */
  get first(): PredictionStream {
    return this.#first!;
  }

  /** How they go on, as it comes. A reader that stops gives them up. */
  async *events(): AsyncGenerator<ChoiceEvent> {
    try {
      while (this.#reading.size > 0) {
        const { index, result } = await Promise.race(this.#reading.values());
        // Read again, it is the last in turn.
        this.#reading.delete(index);
        const sofar = this.sofar[index]!;
        const at = sofar.content?.length ?? 0;
        if (result.done) yield { index, delta: {}, chances: undefined, at, finish: finishReasonOf(sofar) };
        else {
          const chances = answerOf(result.value).logprobs;
          const delta = addPiece(sofar, result.value);
          if (Object.keys(delta).length > 0 || chances) yield { index, delta, chances, at, finish: null };
          this.#read(index);
        }
      }
    } finally {
      this.#giveUp();
    }
  }

  /** The whole answers, in their order. */
  async whole(): Promise<readonly ChatSoFar[]> {
    for await (const _ of this.events());
    return this.sofar;
  }

  /** The tokens of all in the protocol's names, those of a question once; nothing where the handler does not count them. */
  usage(): object | undefined {
    const counted = this.sofar.filter(({ usage }) => usage !== undefined);
    if (counted.length === 0) return undefined;
    const asked = this.sofar.filter((_, index) => index % this.#each === 0);
    return usageOf({
      promptTokens: asked.reduce((sum, { usage }) => sum + (usage?.promptTokens ?? 0), 0),
      completionTokens: counted.reduce((sum, { usage }) => sum + (usage!.completionTokens ?? 0), 0),
    });
  }

  async *#answer({ logprobs }: SamplingItem, open: () => Promise<PredictionStream>): AsyncGenerator<unknown> {
    const pieces = await open();
    this.#first ??= pieces;
    let told = false;
    for await (const piece of pieces) {
      const { logprobs: given, ...answer } = answerOf(piece);
      const chances = logprobs === undefined ? undefined : checkedChances(given, { model: pieces.model, most: logprobs });
      told ||= chances !== undefined;
      if (logprobs !== undefined && !told && answer.content) refuseChances(pieces.model);
      yield { ...answer, ...(chances && { logprobs: chances }) };
    }
  }

  #read(index: number): void {
    const reading = this.#answers[index]!.next().then((result) => ({ index, result }));
    // It is told when it is its turn, or not at all.
    reading.catch(() => {});
    this.#reading.set(index, reading);
  }

  #giveUp(): void {
    this.#controller.abort();
    for (const answer of this.#answers) answer.return(undefined).catch(() => {});
  }
}
