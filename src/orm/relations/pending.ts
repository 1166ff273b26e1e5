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
