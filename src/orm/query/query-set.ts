import { rememberCaller } from "../database/caller-line.ts";
import { isWatching } from "../database/query-watch.ts";
import type { ModelClass } from "../model/model-class.ts";
import { fetchRows } from "./fetch.ts";
import { QueryMethods } from "./query-methods.ts";
import { type QueryState, startState } from "./query-state.ts";

/**
 * How it works
 *
 * A query set says which rows, and runs when it is awaited or iterated; each `await` runs it again.
 * It never changes: every method gives a new one. A template that meets it twice in one render asks once.
 */
export class QuerySet<T, Row = T, A = unknown> extends QueryMethods<T, Row, A> implements Promise<Row[]> {
  readonly #state: QueryState;

  constructor(state: QueryState) {
    super();
    this.#state = state;
    if (isWatching) rememberCaller(state);
  }

  override get state(): QueryState {
    return this.#state;
  }
  protected override derive(change: Partial<QueryState>): any {
    return new (this.constructor as new (state: QueryState) => QuerySet<any>)({ ...this.#state, ...change });
  }

  /** This class of query in another state. @internal */
  reading(state: QueryState): any {
    return this.derive(state);
  }

  // oxlint-disable-next-line unicorn/no-thenable -- awaiting a query runs it
  then<Result = Row[], Failure = never>(
    onRows?: ((rows: Row[]) => Result | PromiseLike<Result>) | null,
    onError?: ((reason: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<Result | Failure> {
    return fetchRows<Row>(this.#state).then(onRows, onError);
  }
  catch<Failure = never>(onError?: ((reason: unknown) => Failure | PromiseLike<Failure>) | null): Promise<Row[] | Failure> {
    return fetchRows<Row>(this.#state).catch(onError);
  }
  finally(onEnd?: (() => void) | null): Promise<Row[]> {
    return fetchRows<Row>(this.#state).finally(onEnd);
  }
  get [Symbol.toStringTag](): string {
    return "QuerySet";
  }
  async *[Symbol.asyncIterator](): AsyncGenerator<Row, void, undefined> {
    yield* await fetchRows<Row>(this.#state);
  }
  /** What a dataset made of this query says about where it came from. */
  get description(): string {
    const { meta, filters } = this.#state;
    return `${meta.key}${filters.length > 0 ? ` (${filters.length} filter${filters.length === 1 ? "" : "s"})` : ""}`;
  }
  override toString(): string {
    return `QuerySet of ${this.#state.meta.label}`;
  }
}

/** A query set over all rows of a model. */
export function queryModel<T>(model: ModelClass<T>): QuerySet<T> {
  return new QuerySet<T>(startState(model.meta));
}
