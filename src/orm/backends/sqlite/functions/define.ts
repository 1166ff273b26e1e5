import type { DatabaseSync } from "node:sqlite";

/** A value as SQLite gives it to a function. */
export type SqlValue = string | number | bigint | Uint8Array | null;

/** Registers a function that gives the same for the same values, which indexes need; null in gives null out. */
export function define(connection: DatabaseSync, name: string, fn: (...values: any[]) => unknown): void {
  connection.function(name, { deterministic: true, varargs: true }, (...values: SqlValue[]) =>
    values.includes(null) ? null : (fn(...values) as string),
  );
}

/** Registers a function that gives something new each time. */
export function defineRandom(connection: DatabaseSync, name: string, fn: () => string | number): void {
  connection.function(name, { deterministic: false }, fn);
}

/** An aggregate that a window can use: values leave in the order in which they came. */
export interface Folding<S> {
  readonly start: () => S;
  readonly add: (state: S, value: any) => void;
  readonly remove: (state: S, value: any) => void;
  readonly result: (state: S) => string | number | bigint | null;
  readonly bigints?: boolean;
}

/** Registers an aggregate; nulls do not count. */
export function defineAggregate<S>(
  connection: DatabaseSync,
  name: string,
  { start, add, remove, result, bigints = false }: Folding<S>,
): void {
  const changing = (change: (state: S, value: unknown) => void) => (state: S, value: unknown) => {
    if (value !== null) change(state, value);
    return state;
  };
  connection.aggregate(name, {
    start: start as never,
    step: changing(add) as never,
    inverse: changing(remove) as never,
    result: result as never,
    useBigIntArguments: bigints,
  });
}
