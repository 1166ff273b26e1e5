import { ormErrors } from "../../errors.ts";
import { Expression } from "../../expressions/expression.ts";
import { quoteName } from "../../names.ts";
import type { Compiler } from "../compiler.ts";
import type { AnyQuery, QuerySet } from "../query-set.ts";
import { keepsOrder, type QueryState } from "../query-state.ts";
import { FieldRef } from "../refs.ts";
import type { Compiled, Scope } from "../scope.ts";
import type { AnnotationRefs, ValueAt, ValueName } from "../typing.ts";
import { compileRows, givenColumns, readFrom } from "./compile-rows.ts";
import type { NamedQuery } from "./named-queries.ts";
import { type OpenedSource, type RowsSource, SourceScope, type WriteSelect } from "./rows-source.ts";

/** The columns of a named query, as expressions. */
export type CteColumns<T, Row, A> = Row extends T
  ? { readonly [K in ValueName<T, unknown>]: Expression<ValueAt<T, unknown, K>> } & AnnotationRefs<A>
  : { readonly [K in keyof Row]: Expression<Row[K]> };

/** How a named query is written. */
export interface CteOptions {
  /** True: computed once and kept; false: made part of the query that uses it. Else the database decides. */
  readonly materialized?: boolean;
}

/** How a query that calls itself begins and goes on. */
export interface RecursiveQuery<T, Row, A> {
  readonly start: AnyQuery<T, Row, A>;
  /** What follows from the rows found last; `found` is them. */
  readonly step: (found: Cte<T, Row, A>) => { readonly state: QueryState };
  /** Keeps equal rows, which costs less and never ends on a circle. */
  readonly all?: boolean;
}

/** A named query that another one joins. */
export interface CteJoin {
  readonly cte: Cte<any, any, any>;
  readonly on: Expression<boolean>;
  readonly left: boolean;
}

/** What follows from a base query, again and again. */
interface RecursiveStep {
  readonly state: QueryState;
  readonly all: boolean;
}

/**
 * A query with a name, written once in the statement however often it is used: a common table expression.
 * `cte()` and `recursive()` make them.
 */
export class Cte<T, Row = T, A = unknown> implements RowsSource {
  readonly name: string;
  /** Its columns, for the filters, annotations and orders of a query that joins it. */
  readonly columns: CteColumns<T, Row, A>;
  readonly #query: QuerySet<T, Row, A>;
  readonly #options: CteOptions;
  #step: RecursiveStep | undefined;

  constructor(name: string, query: AnyQuery<T, Row, A>, options: CteOptions = {}) {
    this.name = name;
    this.#query = query as QuerySet<T, Row, A>;
    this.#options = options;
    const find = (_: object, column: string | symbol) => (typeof column === "symbol" ? undefined : new CteColumn(this, column));
    this.columns = new Proxy({}, { get: find }) as CteColumns<T, Row, A>;
  }

  /** @internal */
  get state(): QueryState {
    return this.#query.state;
  }
  /** @internal */
  repeat(step: RecursiveStep): void {
    this.#step = step;
  }
  /** A query of its rows, to filter, order and join further. */
  all(): QuerySet<T, Row, A> {
    return this.#query.reading(readFrom(this, this.state));
  }

  /** @internal */
  open(compiler: Compiler, select: WriteSelect): OpenedSource {
    return compiler.within(undefined, () => compiler.named(this, () => this.#write({ compiler, select })));
  }

  #write(writer: { compiler: Compiler; select: WriteSelect }): NamedQuery {
    const { state } = this;
    const step = this.#step;
    const base = compileRows({ ...state, order: keepsOrder(state) ? state.order : [], load: [], lock: undefined }, writer);
    const opened = { ...base, sql: quoteName(this.name) };
    const { materialized } = this.#options;
    const hint = materialized === undefined ? "" : materialized ? "MATERIALIZED " : "NOT MATERIALIZED ";
    const body = () => {
      if (step === undefined) return `${hint}(${base.sql})`;
      const columns = givenColumns(state);
      const start = keepsOrder(state) ? `SELECT * FROM (${base.sql}) start` : base.sql;
      const { sql } = compileRows(step.state, { ...writer, columns });
      return `${hint}(${start} ${step.all ? "UNION ALL" : "UNION"} ${sql})`;
    };
    return { opened, body, recursive: step !== undefined };
  }
}

/** A column of a named query. */
class CteColumn<V> extends Expression<V> {
  readonly #cte: Cte<any, any, any>;
  readonly #column: string;
  constructor(cte: Cte<any, any, any>, column: string) {
    super();
    this.#cte = cte;
    this.#column = column;
  }
  override compile(scope: Scope): Compiled {
    const joined = joinedCtes.get(scope)?.get(this.#cte) ?? this.#notJoined(scope);
    return joined.compileAnnotation(this.#column) ?? new FieldRef<V>(this.#column.split(".")).compile(joined);
  }
  #notJoined({ meta }: Scope): never {
    const { name } = this.#cte;
    throw ormErrors.ORM_BAD_QUERY({
      reason: `A query of ${meta.label} uses ${name}.${this.#column}, but does not join "${name}".`,
      hint: `Join it first: .join(${name}, (row, ${name}) => …).`,
    });
  }
}

const joinedCtes = new WeakMap<Scope, Map<Cte<any, any, any>, Scope>>();

/** Writes the joins of a query's named queries. */
export function joinCtes(scope: Scope, joins: readonly CteJoin[], select: WriteSelect): void {
  const joined = new Map<Cte<any, any, any>, Scope>();
  joinedCtes.set(scope, joined);
  for (const { cte, on, left } of joins) {
    const { state } = cte;
    const inner = new SourceScope(scope.compiler, state.meta, cte.open(scope.compiler, select));
    inner.annotations = readFrom(cte, state).annotations;
    joined.set(cte, inner);
    const { sql } = on.compile(scope);
    scope.joins.push(`${left ? "LEFT" : "INNER"} JOIN ${inner.from} ON ${sql}`);
  }
}

/**
 * Gives a query a name, so that others can read from it, join it and use its columns.
 *
 * ```ts
 * const totals = cte("totals", Coffee.objects.values("roasterId").annotate((c) => ({ total: c.price.sum() })));
 * await Roaster.objects
 *   .join(totals, (roaster, t) => t.roasterId.eq(roaster.id))
 *   .annotate(() => ({ total: totals.columns.total }))
 *   .filter((r) => r.total.gt(10_000));
 * ```
 */
export function cte<T, Row, A>(name: string, query: AnyQuery<T, Row, A>, options: CteOptions = {}): Cte<T, Row, A> {
  return new Cte(name, query, options);
}

/**
 * A query that follows from itself: `start`, then what `step` finds from the rows found last, until there are
 * no more. Equal rows are kept once, so that a circle ends, unless a column (a depth, a path) tells them apart.
 *
 * ```ts
 * const dearer = recursive("dearer", {
 *   start: Coffee.objects.filter({ name: "Latte" }).annotate(() => ({ step: value(0) })),
 *   step: (found) =>
 *     Coffee.objects
 *       .join(found, (coffee, last) => coffee.price.gt(last.price))
 *       .annotate(() => ({ step: found.columns.step.add(1) })),
 * });
 * await dearer.all().orderBy("step", "name");
 * ```
 */
export function recursive<T, Row, A>(name: string, { start, step, all }: RecursiveQuery<T, Row, A>): Cte<T, Row, A> {
  const made = new Cte(name, start);
  const { state } = step(made);
  const missing = givenColumns(start.state).filter(
    ({ name: column }) => !givenColumns(state).some((given) => given.name === column),
  );
  if (missing.length > 0)
    throw ormErrors.ORM_BAD_QUERY({
      reason: `The step of recursive("${name}") does not give ${missing.map((column) => column.name).join(", ")}, which its start gives.`,
      hint: "Annotate both queries alike.",
    });
  made.repeat({ state: { ...state, order: [], load: [] }, all: all === true });
  return made;
}
