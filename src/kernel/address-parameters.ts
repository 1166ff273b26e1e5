/** How a refusal of an address is worded: `refuse("it names no host")` */
export type RefuseAddress = (problem: string) => Error;

/**
 * What stands behind the `?` of an address in the settings, `?tls=required&timeout=5`. What nobody reads is refused: it would be a
 * slip of the pen that changes nothing.
 */
export class AddressParameters {
  readonly #given: URLSearchParams;
  readonly #refuse: RefuseAddress;

  /** @throws what `refuse` makes, where there is a parameter besides the known ones */
  constructor(given: URLSearchParams, known: readonly string[], refuse: RefuseAddress) {
    const unknown = [...given.keys()].find((name) => !known.includes(name));
    if (unknown !== undefined) throw refuse(`it has the parameter "${unknown}", and can have ${known.join(", ")}`);
    this.#given = given;
    this.#refuse = refuse;
  }

  text(name: string): string | undefined {
    return this.#given.get(name) ?? undefined;
  }

  /** One of some words. */
  oneOf<Word extends string>(name: string, words: readonly Word[], usual: Word): Word {
    const given = (this.text(name) ?? usual) as Word;
    if (!words.includes(given)) throw this.#refuse(`\`${name}\` is "${given}", and must be ${words.join(" or ")}`);
    return given;
  }

  flag(name: string, usual = false): boolean {
    return this.oneOf(name, ["true", "false"], usual ? "true" : "false") === "true";
  }

  /** A number above nothing, up to `most`. */
  number(name: string, usual: number, most = Number.POSITIVE_INFINITY): number {
    const text = this.text(name);
    const given = text === undefined ? usual : Number(text);
    const limit = most === Number.POSITIVE_INFINITY ? "" : `, and at most ${most}`;
    if (!(given > 0 && given <= most)) throw this.#refuse(`\`${name}\` is "${text}", and must be a number above 0${limit}`);
    return given;
  }
}
