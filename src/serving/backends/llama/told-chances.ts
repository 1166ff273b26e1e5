import type { TokenChance } from "../../engines/token-chance.ts";

/** Holds the chances of tokens until their text is told; what is never told, as a text that ends the answer, has none. */
export class ToldChances {
  readonly #waiting: { chance: TokenChance; from: number }[] = [];
  #written = 0;
  #told = 0;

  /** Takes what a token wrote, which may be nothing yet. */
  wrote(text: string, chance: TokenChance): void {
    this.#waiting.push({ chance, from: this.#written });
    this.#written += text.length;
  }

  /** The chances of a text that is told. */
  tell(text: string): TokenChance[] {
    this.#told += text.length;
    const later = this.#waiting.findIndex(({ from }) => from >= this.#told);
    return this.#waiting.splice(0, later < 0 ? this.#waiting.length : later).map(({ chance }) => chance);
  }
}
