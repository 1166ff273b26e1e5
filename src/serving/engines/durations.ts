/** The bounds of the table, in milliseconds; the last column is what took longer. */
export const durationBounds: readonly number[] = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000];

/** How many durations lay up to each bound, as a table of fixed size: what percentiles are estimated from. */
export class Durations {
  readonly #counts = Array.from({ length: durationBounds.length + 1 }, () => 0);

  add(milliseconds: number): void {
    let at = 0;
    while (at < durationBounds.length && milliseconds > durationBounds[at]!) at++;
    this.#counts[at]!++;
  }

  /** How many lay between each bound and the one before it. */
  snapshot(): number[] {
    return [...this.#counts];
  }
}
