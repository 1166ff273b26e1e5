import { shuffledIndices } from "./random.ts";

/** Which rows teach, which decide when to stop, and which are kept for the final score. Row numbers, ascending. */
export interface RowSplit {
  train: Uint32Array;
  validation: Uint32Array;
  test: Uint32Array;
}

export interface SplitOptions {
  /** Share of all rows kept for the final score. */
  test: number;
  /** Share of the other rows that decides when to stop; 0 for none. */
  validation: number;
  seed: number;
  /** The class of every row: each part then gets its share of every class. */
  classes?: Float64Array | undefined;
}

/** Divides rows by seed. The shares are exact to one row for each class. */
export function splitRows(rows: number, options: SplitOptions): RowSplit {
  const order = shuffledIndices(rows, options.seed);
  const [test, rest] = takeShare(order, options.test, options.classes);
  const [validation, train] = takeShare(rest, options.validation, options.classes);
  return { train: train.sort(), validation: validation.sort(), test: test.sort() };
}

/** Every class pays into the share in turn, so no class is missing from a part that can hold it. */
function takeShare(order: Uint32Array, share: number, classes: Float64Array | undefined): [Uint32Array, Uint32Array] {
  const owed = new Map<number, number>();
  const taken: number[] = [];
  const left: number[] = [];
  for (const row of order) {
    const group = classes?.[row] ?? 0;
    const debt = (owed.get(group) ?? 0) + share;
    const pays = debt >= 1;
    owed.set(group, pays ? debt - 1 : debt);
    (pays ? taken : left).push(row);
  }
  return [Uint32Array.from(taken), Uint32Array.from(left)];
}
