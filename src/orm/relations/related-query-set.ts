import { inNameOfCaller } from "../database/caller-line.ts";
import { isWatching } from "../database/query-watch.ts";
import { QuerySet } from "../query/query-set.ts";
import type { QueryState } from "../query/query-state.ts";

/**
 * All rows of a row's to-many relation. Awaited as it is, it loads for every row of the same query; each of its
 * methods gives an ordinary query.
 */
export class RelatedQuerySet<T> extends QuerySet<T> {
  readonly #load: () => Promise<T[]>;

  constructor(state: QueryState, load: () => Promise<T[]>) {
    super(state);
    this.#load = isWatching ? inNameOfCaller(load) : load;
  }
  protected override derive(change: Partial<QueryState>): QuerySet<any, any, any> {
    return new QuerySet({ ...this.state, ...change });
  }
  // oxlint-disable-next-line unicorn/no-thenable -- awaiting a query runs it
  override then<Result = T[], Failure = never>(
    onRows?: ((rows: T[]) => Result | PromiseLike<Result>) | null,
    onError?: ((reason: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<Result | Failure> {
    return this.#load().then(onRows, onError);
  }
  override catch<Failure = never>(
    onError?: ((reason: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<T[] | Failure> {
    return this.#load().catch(onError);
  }
  override finally(onEnd?: (() => void) | null): Promise<T[]> {
    return this.#load().finally(onEnd);
  }
  override async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    yield* await this.#load();
  }
}
