import type { LlamaModel, Token } from "./llama-packages.ts";

/** What stands for bytes that are no whole character. */
const BROKEN = "\uFFFD";
/** The most tokens that can be one character. */
const MOST_HELD = 8;
/** How many tokens before decide how one is written. */
const BEFORE = 8;

/** Writes tokens as text; those that are a part of a character wait for the others. */
export class TokenText {
  readonly #model: LlamaModel;
  #before: Token[] = [];
  #held: Token[] = [];

  constructor(model: LlamaModel) {
    this.#model = model;
  }

  take(token: Token): string {
    this.#held.push(token);
    const text = this.#written();
    if (text.endsWith(BROKEN) && this.#held.length < MOST_HELD) return "";
    this.#before = [...this.#before, ...this.#held].slice(-BEFORE);
    this.#held = [];
    return text;
  }

  /** How a token is written that would come next. */
  one(token: Token): string {
    return this.#model.detokenize([token], true, this.#before);
  }

  /** What is left of a text that has come to its end. */
  rest(): string {
    return this.#held.length === 0 ? "" : this.#written();
  }

  #written(): string {
    return this.#model.detokenize(this.#held, false, this.#before);
  }
}
