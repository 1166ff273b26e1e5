/** What every page is: some rows, to be iterated, counted and reached by their place. */
export class RowsOfPage<T> {
  /** Its rows. */
  readonly rows: readonly T[];
  readonly [place: number]: T;

  constructor(rows: readonly T[]) {
    this.rows = rows;
    for (let at = 0; at < rows.length; at++) (this as Record<number, T>)[at] = rows[at]!;
  }

  /** Its rows, under the name that templates know. */
  get objectList(): readonly T[] {
    return this.rows;
  }

  get length(): number {
    return this.rows.length;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.rows[Symbol.iterator]();
  }
}
