import { ormErrors } from "../../errors.ts";
import type { Expression } from "../../expressions/expression.ts";
import { shownValue } from "../../fields/shown-value.ts";
import { isRowOf } from "../../model/rows/row-key.ts";
import { aggregateRows, anyRow, countRows } from "../aggregates.ts";
import { explainQuery, type ExplainOptions } from "../explain.ts";
import { estimateCount } from "../estimated-count.ts";
import { fetchRows, loadsMore } from "../fetch.ts";
import { afterRow, type Page, type PageOptions, readPage } from "../keyset.ts";
import { prepare } from "../plan.ts";
import { readInBatches } from "../read-in-batches.ts";
import { runQuery } from "../run.ts";
import { isOrdered, keepsOrder, type QueryState } from "../query-state.ts";
import type { AnnotationValues, AnyRecord, ConditionOf, ValueName } from "../typing.ts";
import { narrowed, type QueryOf, refuseSliced, type RowRefs } from "./narrowing.ts";
import { Shaping } from "./shaping.ts";

const unordered: readonly string[] = [];

/** What asks the database: for rows, for one of them, for what they come to. */
export abstract class Reading<T, Row = T, A = unknown> extends Shaping<T, Row, A> {
  /** The one row. @throws the model's DoesNotExist or MultipleObjectsReturned */
  async get(...conditions: readonly ConditionOf<T, A>[]): Promise<Row> {
    const state = this.#stateFor(conditions);
    const found = loadsMore(state) ? fetchRows<Row>(state) : runQuery<Row>(state);
    const rows = Array.isArray(found) ? found : await found;
    if (rows.length === 1) return rows[0]!;
    const { model, label } = state.meta;
    throw rows.length === 0 ? new model.DoesNotExist(label) : new model.MultipleObjectsReturned(label);
  }
  /** The first row in the query's order (by primary key where it has none), or null. */
  async first(): Promise<Row | null> {
    const { state } = this;
    const end = Math.min(state.start + 1, state.end ?? Number.POSITIVE_INFINITY);
    const order = isOrdered(state) || state.group !== undefined ? state.order : ["pk"];
    const rows = await fetchRows<Row>({ ...state, end, order });
    return rows[0] ?? null;
  }
  /** The last row in the query's order, or null. */
  async last(): Promise<Row | null> {
    const { state } = this;
    refuseSliced(state, "read from its end", "await it and take its last row.");
    const order = isOrdered(state) ? (state.order ?? state.meta.ordering) : ["pk"];
    const rows = await fetchRows<Row>({ ...state, order, reversed: !state.reversed, end: 1 });
    return rows[0] ?? null;
  }
  /** The row with the greatest value of the fields, or of the model's `getLatestBy`. @throws DoesNotExist */
  latest(...names: readonly ValueName<T, A>[]): Promise<Row> {
    return this.#extreme(names, "latest");
  }
  /** The row with the least value of the fields, or of the model's `getLatestBy`. @throws DoesNotExist */
  earliest(...names: readonly ValueName<T, A>[]): Promise<Row> {
    return this.#extreme(names, "earliest");
  }
  /** Rows by their primary key, or by another unique field; all rows of the query where no keys are given. */
  async inBulk(keys?: Iterable<unknown>, options: { field?: ValueName<T, unknown> } = {}): Promise<Map<any, Row>> {
    const { meta, selection } = this.state;
    const name = options.field ?? "pk";
    if (!meta.field(name).unique)
      throw ormErrors.ORM_BAD_QUERY({
        reason: `inBulk() by ${meta.label}.${name} is refused: the field is not unique, so rows would be lost.`,
        hint: "Group the rows instead: Map.groupBy(await query, (row) => …).",
      });
    if (selection) throw notRows(this.state, "inBulk()");
    const filters = keys === undefined ? this.state.filters : narrowed(this.state, false, [{ [name]: { in: [...keys] } }]);
    const rows = await fetchRows<AnyRecord>({ ...this.state, filters });
    const given = meta.field(name).isComposite ? new Map([...(keys ?? [])].map((key) => [String(key), key])) : undefined;
    return new Map(rows.map((row) => [given?.get(String(row[name])) ?? row[name], row as Row]));
  }
  /**
   * The rows one after the other, read in batches and not kept: the memory it takes does not depend on how
   * many there are. Relations of `with()` are loaded for a batch at once.
   */
  async *iterator(options: { batchSize?: number } = {}): AsyncGenerator<Row, void, undefined> {
    for await (const rows of readInBatches<Row>(this.state, options.batchSize ?? 1000)) yield* rows;
  }

  /** How many rows; with `upTo` no more than that are counted, which costs little on a large table. */
  count(options: { upTo?: number } = {}): Promise<number> {
    return countRows(this.state, options.upTo);
  }
  /**
   * About how many rows, without reading them: what the database's planner expects. PostgreSQL knows since
   * the table was last analysed; SQLite guesses for a whole table and counts where there are filters.
   */
  estimatedCount(): Promise<number> {
    return estimateCount(this.state);
  }
  /** Whether there is a row. */
  exists(): Promise<boolean> {
    return anyRow(this.state);
  }
  /** Whether a row is among those of the query. @throws ORM_NOT_SAVED, ORM_BAD_QUERY after `values()` */
  async contains(row: T): Promise<boolean> {
    const { state } = this;
    const { meta } = state;
    if (state.selection) throw notRows(state, "contains()");
    const given = row as AnyRecord;
    if (!isRowOf(meta.model, given))
      throw ormErrors.ORM_BAD_QUERY({
        reason: `contains() on ${meta.label} takes a row of it, not ${shownValue(row)}.`,
        hint: "Of a key ask: filter({ pk: key }).exists().",
      });
    if (given["pk"] === null || given["pk"] === undefined)
      throw ormErrors.ORM_NOT_SAVED({ model: meta.label, use: "no query contains it" });
    const source = { ...state, order: unordered, load: [] };
    // A filter of a query that is cut or grouped would be asked before that, not after.
    if (!keepsOrder(state) && state.group === undefined)
      return anyRow({ ...source, filters: narrowed(state, false, [{ pk: given["pk"] }]) });
    const parts = meta.primaryKey.parts.map((part) => part.attname);
    const keys = await fetchRows<unknown[]>({ ...state, load: [], selection: { kind: "list", names: parts } });
    return keys.some((key) => key.every((value, i) => String(value) === String(given[parts[i]!])));
  }
  /**
   * Values over all rows: `aggregate(c => ({ total: c.price.sum(), n: count() }))`. Of a query that was sliced,
   * grouped, made distinct or put together, the rows that it gives are what is aggregated.
   */
  aggregate<const E extends Record<string, Expression<any>>>(make: (row: RowRefs<T, A>) => E): Promise<AnnotationValues<E>> {
    return aggregateRows(this.state, make) as Promise<AnnotationValues<E>>;
  }

  /** The rows that come after this one in the query's order, ties broken by the primary key: a page without counting those before it. */
  after(row: Partial<Row> | string): QueryOf<this> {
    return this.derive(afterRow(this.state, row, false));
  }
  /** The rows that come before this one in the query's order, the nearest first when read in reverse. */
  before(row: Partial<Row> | string): QueryOf<this> {
    return this.derive(afterRow(this.state, row, true));
  }
  /**
   * One page by keyset: `page({ size: 20 })`, then `page({ size: 20, after: page.next })`. However deep, a page
   * costs the same, and rows that are added meanwhile neither repeat nor hide others.
   * @throws ORM_BAD_CURSOR
   */
  page(options: PageOptions = {}): Promise<Page<Row>> {
    return readPage<Row>(this.state, options);
  }

  /** What the database would do: its plan as text, or with `{ format: "json" }` as PostgreSQL's JSON. */
  explain(options: ExplainOptions = {}): Promise<string> {
    return explainQuery(this.state, options);
  }
  /** The SQL of the query and the values it sends along. */
  toSql(): { sql: string; params: unknown[] } {
    const { sql, params } = prepare({ ...this.state, lock: undefined });
    return { sql, params };
  }

  /** Two rows at most are enough to know whether there is one. */
  #stateFor(conditions: readonly unknown[]): QueryState {
    const { state } = this;
    const filters = conditions.length === 0 ? state.filters : narrowed(state, false, conditions);
    return !keepsOrder(state) ? { ...state, filters, end: 2, order: unordered } : { ...state, filters };
  }
  async #extreme(given: readonly string[], method: "latest" | "earliest"): Promise<Row> {
    const { state, model } = this;
    refuseSliced(state, "ordered anew", "Order first, then slice.");
    const names = given.length > 0 ? given : latestBy(state, method);
    const rows = await fetchRows<Row>({ ...state, order: names, reversed: method === "latest", end: 1 });
    if (rows.length === 0) throw new model.DoesNotExist(state.meta.label);
    return rows[0]!;
  }
}

function latestBy({ meta }: QueryState, method: string): readonly string[] {
  const declared = meta.options.getLatestBy;
  if (declared !== undefined) return typeof declared === "string" ? [declared] : declared;
  throw ormErrors.ORM_BAD_QUERY({
    reason: `${method}() on ${meta.label} is not told by which field, and the model has no getLatestBy.`,
    hint: `Name it: ${method}("${meta.primaryKey.name}"), or declare getLatestBy in the model's options.`,
  });
}

function notRows({ meta, selection }: QueryState, method: string): Error {
  return ormErrors.ORM_BAD_QUERY({
    reason: `${method} on ${meta.label} cannot follow ${selection!.kind === "values" ? "values" : "valuesList"}().`,
    hint: "Call it on the rows: leave the values out.",
  });
}
