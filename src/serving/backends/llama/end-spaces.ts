/** Keeps back the spaces at which a text may end: a grammar lets a model write them after JSON without end. */
export class EndSpaces {
  readonly #active: boolean;
  #held = "";

  constructor(active: boolean) {
    this.#active = active;
  }

  /** What may be told of what is added. */
  take(added: string): string {
    if (!this.#active) return added;
    const text = this.#held + added;
    const told = text.trimEnd();
    this.#held = text.slice(told.length);
    return told;
  }
}
