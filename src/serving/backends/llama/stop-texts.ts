/** What may be told of a text now, and whether one of the texts that end it has come. */
export interface ToldText {
  text: string;
  ended: boolean;
}

/** Watches a text that grows for those at which it ends: what might be the beginning of one is held back. */
export class StopTexts {
  readonly #stops: readonly string[];
  #held = "";

  constructor(stops: readonly string[]) {
    this.#stops = stops;
  }

  /** Takes what is added. */
  take(added: string): ToldText {
    const text = this.#held + added;
    const found = this.#stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
    this.#held = "";
    if (found.length > 0) return { text: text.slice(0, Math.min(...found)), ended: true };
    const kept = Math.max(0, ...this.#stops.map((stop) => sharedLength(text, stop)));
    this.#held = text.slice(text.length - kept);
    return { text: text.slice(0, text.length - kept), ended: false };
  }

  /** What was held back of a text that has come to its end. */
  rest(): string {
    return this.#held;
  }
}

/** How long the end of the text is that is a beginning of `stop`. */
function sharedLength(text: string, stop: string): number {
  for (let length = Math.min(text.length, stop.length - 1); length > 0; length--)
    if (text.endsWith(stop.slice(0, length))) return length;
  return 0;
}
