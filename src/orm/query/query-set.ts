import { inNameOfCaller, rememberCaller } from "../database/caller-line.ts";
import { isWatching } from "../database/query-watch.ts";
import type { ModelClass } from "../model/model-class.ts";
import { fetchRows } from "./fetch.ts";
import { QueryMethods } from "./query-methods.ts";
import { type QueryState, startState } from "./query-state.ts";

/** Where a query's type says what it is made of. */
declare const queryParts: unique symbol;

/** A query of whatever class: of a model's rows `T`, giving rows `Row`, with the annotations `A`. */
export interface AnyQuery<T, Row, A> {
  readonly [queryParts]: readonly [T, Row, A];
  readonly state: QueryState;
}

/**
 * How it works
 *
 * A query set says which rows, and runs when it is awaited or iterated; each `await` runs it again.
 * It never changes: every method gives a new one. A template that meets it twice in one render asks once.
 */
export class QuerySet<T, Row = T, A = unknown> extends QueryMethods<T, Row, A> implements Promise<Row[]> {
  declare readonly [queryParts]: readonly [T, Row, A];
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

/**
 * All rows of a row's to-many relation. Awaited as it is, it loads for every row of the same query; each of its
 * methods gives an ordinary query. It stands beside its base class, because relations and queries import one another.
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
