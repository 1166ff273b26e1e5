import { inNameOfCaller } from "../database/caller-line.ts";
import { isWatching } from "../database/query-watch.ts";
import type { rowMark } from "../query/typing.ts";

/**
 * A related row that is not loaded: `await` gives it, and loads it for every row of the same query.
 * To have it at once, load it with the query: `.with("roaster")`.
 */
export class Pending<T> implements PromiseLike<T> {
  declare readonly [rowMark]: false;
  readonly #load: () => Promise<T>;

  constructor(load: () => Promise<T>) {
    this.#load = load;
  }
  // oxlint-disable-next-line unicorn/no-thenable -- awaiting it loads it
  then<Result = T, Failure = never>(
    onRow?: ((row: T) => Result | PromiseLike<Result>) | null,
    onError?: ((reason: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<Result | Failure> {
    return this.#load().then(onRow, onError);
  }
  toString(): string {
    return "(a related row that is not loaded: await it)";
  }
}

/** A related row that `load` gives; while somebody watches, its query is told by the line that reads it now. */
export function pending<T>(load: () => Promise<T>): Pending<T> {
  return new Pending(isWatching ? inNameOfCaller(load) : load);
}
