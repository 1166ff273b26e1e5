import { database } from "../database/database.ts";
import { ormErrors } from "../errors.ts";
import type { ModelClass } from "../model/model-class.ts";
import { Compiler } from "./compiler.ts";
import type { ConditionInput } from "./conditions.ts";
import { Aggregate, type Expression, OrderExpression } from "../expressions/expression.ts";
import type { QuerySet } from "./query-set.ts";
import type { QueryState, Selection } from "./query-state.ts";
import { fetchRows } from "./fetch.ts";
import { refsOf } from "./refs.ts";
import { compileSelect, expressionsOf, readerOf, refuseShadow, valueColumns } from "./select.ts";
import { withRelations } from "../relations/with-relations.ts";
import type {
  AnnotationRefs,
  AnnotationValues,
  AnyRecord,
  ConditionOf,
  CreateValues,
  CheckedPrefetch,
  Loaded,
  OrderTerm,
  Prefetched,
  PrefetchInput,
  Refs,
  RelationName,
  UpdateValues,
  ValueAt,
  ValueName,
} from "./typing.ts";
import * as writing from "./write-queries.ts";

const unordered: readonly string[] = [];

type Defaults<T> = Partial<CreateValues<T>>;

function isSliced({ start, end }: QueryState): boolean {
  return start > 0 || end !== undefined;
}

/** In a sub-query the order matters to a slice alone. */
function unorderedUnlessSliced(state: QueryState): QueryState {
  return isSliced(state) ? state : { ...state, order: unordered };
}

/** Where a manager's type says what its queries are. */
export declare const queryType: unique symbol;

/** The query that a method which narrows gives: a query set one of its own class, a manager one of its queries. */
export type QueryOf<This> = This extends { readonly [queryType]: infer Q } ? Q : This;

/** The query `Next`, with the methods that the class of `This` adds to a query set's own. */
export type Kept<This, Next> = keyof QueryOf<This> extends keyof QuerySet<any, any, any>
  ? Next
  : Next & Pick<QueryOf<This>, Exclude<keyof QueryOf<This>, keyof QuerySet<any, any, any>>>;

/**
 * What managers and query sets share. `T` is the model's row, `Row` what the query gives, `A` the
 * annotations on it. Every method that narrows gives a new query set; nothing is changed in place.
 */
export abstract class QueryMethods<T, Row = T, A = unknown> {
  /** @internal */
  abstract get state(): QueryState;
  /** @internal */
  protected abstract derive(change: Partial<QueryState>): any;

  get model(): ModelClass<T> {
    return this.state.meta.model;
  }

  /** The same query, as a query set of its own. */
  all(): QueryOf<this> {
    return this.derive({});
  }
  /** Rows for which every condition holds. `filter({ price: { lte: 3000 }, roaster: { country: "KR" } })` */
  filter(...conditions: readonly ConditionOf<T, A>[]): QueryOf<this> {
    return this.derive({ filters: this.#narrowed(false, conditions) });
  }
  /** Rows for which the conditions do not all hold; rows without a value stay. */
  exclude(...conditions: readonly ConditionOf<T, A>[]): QueryOf<this> {
    return this.derive({ filters: this.#narrowed(true, conditions) });
  }
  /** `orderBy("-price", "name")`, `orderBy(r => r.n.desc())`, `orderBy("?")`. */
  orderBy(...terms: readonly OrderTerm<T, A>[]): QueryOf<this> {
    this.#refuseSliced("ordered anew", "Order first, then slice.");
    const order = terms.map((term) => {
      if (typeof term !== "function") return term as string;
      const made = term(this.#refs());
      return made instanceof OrderExpression ? made : new OrderExpression(made as unknown as Expression, false);
    });
    return this.derive({ order });
  }
  reverse(): QueryOf<this> {
    this.#refuseSliced("reversed", "Reverse first, then slice.");
    return this.derive({ reversed: !this.state.reversed });
  }
  distinct(): QueryOf<this> {
    return this.derive({ distinct: true });
  }
  /** No rows, without asking the database. */
  none(): QueryOf<this> {
    return this.derive({ empty: true });
  }
  /** The rows from `start` up to, not including, `end`. */
  slice(start: number, end?: number): QueryOf<this> {
    if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end ?? 0)) {
      throw ormErrors.ORM_BAD_QUERY({
        reason: `slice(${start}, ${end}) is not given whole numbers.`,
        hint: "Give positions as slice(20, 40) does.",
      });
    }
    if (start < 0 || (end !== undefined && end < 0)) {
      throw ormErrors.ORM_BAD_QUERY({
        reason: `slice(${start}, ${end}) counts from the end, which a query cannot.`,
        hint: "Reverse the order and slice from the start.",
      });
    }
    const { start: from, end: to } = this.state;
    const newEnd = end === undefined ? to : Math.min(from + end, to ?? Number.POSITIVE_INFINITY);
    return this.derive({ start: from + start, end: newEnd === undefined ? undefined : newEnd });
  }
  /** Loads these fields only. */
  only(...names: readonly ValueName<T, unknown>[]): QueryOf<this> {
    return this.derive({ only: names });
  }
  /** Leaves these fields out. */
  defer(...names: readonly ValueName<T, unknown>[]): QueryOf<this> {
    return this.derive({ deferred: [...(this.state.deferred ?? []), ...names] });
  }
  /** Joins to-one relations and loads to-many ones: `with("roaster")` makes `row.roaster` a Roaster. */
  with<const N extends RelationName<T>>(...names: readonly N[]): Kept<this, QuerySet<T, Loaded<Row, T, N>, A>>;
  /**
   * Loads relations by queries of your own; a slice holds for each row by itself. `prefetch()` gives a name of
   * its own to what is loaded.
   *
   * ```ts
   * Roaster.objects.with({ coffees: Coffee.objects.filter({ isIce: true }).orderBy("-price").slice(0, 3) })
   * ```
   */
  with<const E extends PrefetchInput>(relations: E & CheckedPrefetch<T, E>): Kept<this, QuerySet<T, Prefetched<Row, T, E>, A>>;
  with(...given: readonly unknown[]): any {
    return this.derive(withRelations(this.state, given));
  }
  /** Locks the rows until the transaction ends; SQLite locks its whole file already. */
  selectForUpdate(): QueryOf<this> {
    return this.derive({ lock: true });
  }
  /** Runs on another database of the project. */
  using(alias: string): QueryOf<this> {
    return this.derive({ alias });
  }
  /** Adds computed values to each row: `annotate(r => ({ n: r.coffees.count() }))`. After `values()` it groups. */
  annotate<const E extends Record<string, Expression<any>>>(
    make: (row: Refs<T> & AnnotationRefs<A>) => E,
  ): Kept<this, QuerySet<T, Row & AnnotationValues<E>, A & AnnotationValues<E>>> {
    const { state } = this;
    const made = expressionsOf(make(this.#refs()), state.meta);
    for (const name in made) refuseShadow(state.meta, name);
    const selection = state.selection && { ...state.selection, names: [...state.selection.names, ...Object.keys(made)] };
    return this.derive({ annotations: { ...state.annotations, ...made }, selection });
  }
  /** Plain objects with the named values; `"roaster.country"` leads over a relation. */
  values<const N extends ValueName<T, A>>(...names: readonly N[]): Kept<this, QuerySet<T, { [K in N]: ValueAt<T, A, K> }, A>> {
    return this.derive({ selection: this.#selection("values", names) });
  }
  /** Arrays of the named values; with `{ flat: true }` the single value itself. */
  valuesList<const N extends ValueName<T, A>>(name: N, options: { flat: true }): Kept<this, QuerySet<T, ValueAt<T, A, N>, A>>;
  valuesList<const N extends readonly ValueName<T, A>[]>(
    ...names: N
  ): Kept<this, QuerySet<T, { -readonly [I in keyof N]: ValueAt<T, A, N[I]> }, A>>;
  valuesList(...given: readonly (string | { flat: true })[]): any {
    const names = given.filter((name) => typeof name === "string");
    return this.derive({ selection: this.#selection(names.length < given.length ? "flat" : "list", names) });
  }

  /** The one row. @throws the model's DoesNotExist or MultipleObjectsReturned */
  async get(...conditions: readonly ConditionOf<T, A>[]): Promise<Row> {
    const state = this.#stateFor(conditions);
    const rows = await fetchRows<Row>(state);
    if (rows.length === 1) return rows[0]!;
    const { model, label } = state.meta;
    throw rows.length === 0 ? new model.DoesNotExist(label) : new model.MultipleObjectsReturned(label);
  }
  /** The first row in the query's order (by primary key where it has none), or null. */
  async first(): Promise<Row | null> {
    const { state } = this;
    const ordered = state.order?.length || (state.order === undefined && state.meta.ordering.length > 0);
    const rows = await this.derive({
      end: Math.min(state.start + 1, state.end ?? Number.POSITIVE_INFINITY),
      ...(ordered ? {} : { order: ["pk"] }),
    });
    return (rows[0] as Row | undefined) ?? null;
  }
  /** The last row in the query's order, or null. */
  async last(): Promise<Row | null> {
    const { state } = this;
    this.#refuseSliced("read from its end", "await it and take its last row.");
    const order = state.order ?? (state.meta.ordering.length > 0 ? state.meta.ordering : ["pk"]);
    return this.derive({ order, reversed: !state.reversed }).first();
  }
  /** The row with the greatest value of the fields. @throws DoesNotExist */
  latest(...names: readonly ValueName<T, A>[]): Promise<Row> {
    return this.#extreme(names, true);
  }
  /** The row with the least value of the fields. @throws DoesNotExist */
  earliest(...names: readonly ValueName<T, A>[]): Promise<Row> {
    return this.#extreme(names, false);
  }
  /** How many rows. */
  async count(): Promise<number> {
    const { state } = this;
    if (state.empty) return 0;
    if (this.#isWhole) return (await this.#aggregated({ n: new Aggregate("COUNT") }))["n"] as number;
    const compiler = new Compiler(database(state.alias).dialect);
    const inner = compileSelect(unorderedUnlessSliced(state), compiler, (scope) =>
      state.selection ? valueColumns(scope, state.selection).sql : [scope.column(state.meta.primaryKey)],
    );
    const rows = await database(state.alias).rows(`SELECT COUNT(*) FROM (${inner}) counted`, compiler.params);
    return Number(rows[0]![0]);
  }
  /** Whether there is a row. */
  async exists(): Promise<boolean> {
    const { state } = this;
    if (state.empty) return false;
    const db = database(state.alias);
    const compiler = new Compiler(db.dialect);
    const sql = compileSelect(
      { ...state, order: [], end: Math.min(state.start + 1, state.end ?? Number.POSITIVE_INFINITY) },
      compiler,
      () => ["1"],
    );
    return (await db.rows(sql, compiler.params)).length > 0;
  }
  /** Whether a row is among those of the query. */
  contains(row: T): Promise<boolean> {
    return this.filter({ pk: (row as AnyRecord)["pk"] } as ConditionOf<T, A>).exists();
  }
  /** Values over all rows: `aggregate(c => ({ total: c.price.sum(), n: count() }))`. */
  aggregate<const E extends Record<string, Expression<any>>>(
    make: (row: Refs<T> & AnnotationRefs<A>) => E,
  ): Promise<AnnotationValues<E>> {
    const { distinct, selection, meta } = this.state;
    const made = expressionsOf(make(this.#refs()), meta);
    if (distinct && selection)
      throw ormErrors.ORM_BAD_QUERY({
        reason: `aggregate() on ${meta.label} cannot follow values() and distinct().`,
        hint: "Aggregate the rows themselves, or count({ distinct: true }).",
      });
    const query = this.#isWhole
      ? this
      : this.derive({
          selection: undefined,
          filters: [{ negated: false, condition: { pk: { in: this.derive({ selection: undefined }) } } as ConditionInput }],
          start: 0,
          end: undefined,
          distinct: false,
        });
    return query.#aggregated(made) as Promise<AnnotationValues<E>>;
  }
  /** Rows by their primary key, or by another unique field. */
  async inBulk(keys: readonly unknown[], options: { field?: ValueName<T, unknown> } = {}): Promise<Map<any, Row>> {
    const field = options.field ?? "pk";
    const found = this.filter({ [field]: { in: keys } } as unknown as ConditionOf<T, A>) as unknown as PromiseLike<AnyRecord[]>;
    const rows = await found;
    return new Map(rows.map((row) => [row[field], row as Row]));
  }
  /** The rows one after the other, read in batches and not kept. */
  async *iterator(options: { batchSize?: number } = {}): AsyncGenerator<Row, void, undefined> {
    yield* writing.readInBatches<Row>(this.state, options.batchSize ?? 1000);
  }

  /** Makes a row and saves it. */
  create(values: CreateValues<T>): Promise<T> {
    this.#refuseOtherDatabase();
    return writing.create(this.model, values as AnyRecord);
  }
  /** The row with these values, made with `defaults` when there is none; and whether it was made. */
  getOrCreate(values: Defaults<T>, defaults: Defaults<T> = {} as Defaults<T>): Promise<[T, boolean]> {
    this.#refuseOtherDatabase();
    return writing.getOrCreate(this as unknown as QueryMethods<T>, values as AnyRecord, defaults as AnyRecord);
  }
  /** The row with these values, changed to `defaults`, or made with both. */
  updateOrCreate(values: Defaults<T>, defaults: Defaults<T> = {} as Defaults<T>): Promise<[T, boolean]> {
    this.#refuseOtherDatabase();
    return writing.updateOrCreate(this as unknown as QueryMethods<T>, values as AnyRecord, defaults as AnyRecord);
  }
  /** Inserts many rows with few statements. */
  bulkCreate(rows: readonly (T | CreateValues<T>)[], options: writing.BulkCreateOptions = {}): Promise<T[]> {
    this.#refuseOtherDatabase();
    return writing.bulkCreate(this.model, rows as readonly AnyRecord[], options) as Promise<T[]>;
  }
  /** Writes the named fields of many rows, in one transaction; gives how many there were. */
  bulkUpdate(rows: readonly T[], names: readonly ValueName<T, unknown>[]): Promise<number> {
    this.#refuseOtherDatabase();
    return writing.bulkUpdate(this.model, rows as readonly AnyRecord[], names);
  }
  /** Changes every row of the query: `update(c => ({ price: c.price.add(100) }))`; gives how many. */
  update(values: UpdateValues<T> | ((row: Refs<T>) => UpdateValues<T>)): Promise<number> {
    return writing.updateQuery(
      this.state,
      (typeof values === "function" ? values(this.#refs() as Refs<T>) : values) as AnyRecord,
    );
  }
  /** Deletes every row of the query and what depends on them; gives how many rows went. @throws ORM_PROTECTED */
  delete(): Promise<number> {
    this.#refuseOtherDatabase();
    return writing.deleteQuery(this as unknown as QueryMethods<object>);
  }
  /** Instances from SQL of your own; its columns must include the model's. */
  raw(sql: string, params: readonly unknown[] = []): Promise<T[]> {
    return writing.rawQuery(this.state, sql, params) as Promise<T[]>;
  }

  /** This query in parentheses, for `in` and counts: its primary keys, or the values it selects. @internal */
  compileSubQuery(compiler: Compiler): string {
    const { state } = this;
    const [name, second] = state.selection?.names ?? [];
    if (second !== undefined)
      throw ormErrors.ORM_BAD_QUERY({
        reason: `A query of several values of ${state.meta.label} (${state.selection!.names.join(", ")}) stands where one is compared.`,
        hint: `Select one: values("${name}").`,
      });
    return compileSelect(unorderedUnlessSliced(state), compiler, (scope) => {
      if (name === undefined) return [scope.column(state.meta.primaryKey)];
      return [(scope.annotation(name) ?? (refsOf(state.meta)[name] as Expression)).compile(scope).sql];
    });
  }

  /** Two rows at most are enough to know whether there is one. */
  #stateFor(conditions: readonly unknown[]): QueryState {
    const { state } = this;
    const filters = conditions.length === 0 ? state.filters : this.#narrowed(false, conditions);
    return state.end === undefined ? { ...state, filters, end: state.start + 2, order: unordered } : { ...state, filters };
  }
  get #isWhole(): boolean {
    const { start, end, distinct, annotations, selection } = this.state;
    return start === 0 && end === undefined && !distinct && annotations === undefined && selection === undefined;
  }
  #refs(): Refs<T> & AnnotationRefs<A> {
    return refsOf(this.state.meta, this.state.annotations) as Refs<T> & AnnotationRefs<A>;
  }
  /** Rows know no database: `save()` and what follows relations go to the default one, so nothing that uses them may name another. */
  #refuseOtherDatabase(): void {
    const { alias, meta } = this.state;
    if (alias !== "default")
      throw ormErrors.ORM_BAD_QUERY({
        reason: `Rows of ${meta.label} are made and deleted in the default database only, not in "${alias}".`,
        hint: "using() reads, and update() changes, another database; for the rest use its own SQL: database(alias).execute(…).",
      });
  }
  #refuseSliced(doing: string, hint: string): void {
    if (isSliced(this.state)) throw ormErrors.ORM_BAD_QUERY({ reason: `A query that was sliced cannot be ${doing}.`, hint });
  }
  #narrowed(negated: boolean, conditions: readonly unknown[]): QueryState["filters"] {
    this.#refuseSliced("filtered", "Filter first, then slice.");
    return [...this.state.filters, ...conditions.map((condition) => ({ negated, condition: condition as ConditionInput }))];
  }
  #selection(kind: Selection["kind"], names: readonly string[]): Selection {
    const { meta, annotations } = this.state;
    return {
      kind,
      names: names.length > 0 ? names : [...meta.fields.map((field) => field.attname), ...Object.keys(annotations ?? {})],
    };
  }
  async #extreme(names: readonly string[], descending: boolean): Promise<Row> {
    this.#refuseSliced("ordered anew", "Order first, then slice.");
    const terms = names.map((name) => (descending ? `-${name}` : name));
    const row = await this.derive({ order: terms }).first();
    if (row === null) throw new this.model.DoesNotExist(this.state.meta.label);
    return row as Row;
  }
  async #aggregated(made: Record<string, Expression<any>>): Promise<Record<string, unknown>> {
    const { state } = this;
    const db = database(state.alias);
    const compiler = new Compiler(db.dialect);
    let reads: (((value: any) => unknown) | undefined)[] = [];
    const sql = compileSelect({ ...state, order: [], annotations: undefined, selection: undefined }, compiler, (scope) => {
      scope.annotations = state.annotations;
      const compiled = Object.values(made).map((expression) => expression.compile(scope));
      reads = compiled.map((value) => readerOf(value, scope));
      return compiled.map((value) => value.sql);
    });
    const [row] = await db.rows(sql, compiler.params);
    return Object.fromEntries(
      Object.keys(made).map((name, i) => [name, row![i] === null || !reads[i] ? row![i] : reads[i](row![i])]),
    );
  }
}
