import type { Field } from "../fields/field.ts";
import type { PrefetchPlan } from "../relations/prefetch.ts";
import type { ModelMeta } from "../model/meta.ts";
import type { ConditionInput } from "./conditions.ts";
import type { Expression, OrderExpression } from "../expressions/expression.ts";
import type { CteJoin } from "./sources/cte.ts";
import type { RowsSource } from "./sources/rows-source.ts";

/** A condition of a query. */
export interface Filter {
  /** Whether it is one of `exclude()`. */
  readonly negated: boolean;
  readonly condition: ConditionInput;
}

/** Rows reached through a middle table, of one owner or of several. */
export interface ThroughJoin {
  readonly table: string;
  /** The middle table's field that refers to the rows of the query. */
  readonly target: Field;
  /** The middle table's field that refers to the owners. */
  readonly owner: Field;
  readonly owners: readonly unknown[];
  /** Whether each row tells its owner, in its last column. */
  readonly tellsOwner: boolean;
}

/** What a query selects when it does not give instances. */
export interface Selection {
  readonly kind: "values" | "list" | "flat";
  readonly names: readonly string[];
}

/** How `selectForUpdate()` locks. */
export interface LockOptions {
  /** Fails at once where a row is locked, instead of waiting. */
  readonly noWait?: boolean;
  /** Leaves out rows that are locked. */
  readonly skipLocked?: boolean;
  /** Whose rows are locked: relations that the query joins, `"self"` for the model's own; all of them by default. */
  readonly of?: readonly string[];
  /** Lets rows be inserted that refer to the locked ones. */
  readonly noKey?: boolean;
}

/** Only some rows of each group: `sliceEach("roaster", 0, 3)`. */
export interface GroupSlice {
  readonly by: readonly string[];
  readonly start: number;
  readonly end: number | undefined;
}

/** Everything that a query says; never changed, only copied. Each has every property, so that copies are cheap. */
export interface QueryState {
  readonly meta: ModelMeta;
  readonly filters: readonly Filter[];
  /** Undefined: the model's own ordering. */
  readonly order: readonly (string | OrderExpression)[] | undefined;
  readonly reversed: boolean;
  readonly start: number;
  readonly end: number | undefined;
  readonly distinct: boolean;
  /** One row for each value of these, the first in the query's order. */
  readonly distinctOn: readonly string[] | undefined;
  readonly annotations: Readonly<Record<string, Expression<any>>> | undefined;
  /** Annotations that are computed for filters and orders alone. */
  readonly hidden: readonly string[] | undefined;
  /** What aggregates of the query are grouped by: names of values, or each row by itself. */
  readonly group: readonly string[] | "row" | undefined;
  readonly selection: Selection | undefined;
  readonly only: readonly string[] | undefined;
  readonly deferred: readonly string[] | undefined;
  readonly load: readonly string[];
  /** Relations that are loaded by queries of one's own. */
  readonly prefetch: readonly PrefetchPlan[] | undefined;
  readonly empty: boolean;
  readonly lock: LockOptions | undefined;
  readonly groupSlice: GroupSlice | undefined;
  /** What the rows are read from in place of the model's table. */
  readonly source: RowsSource | undefined;
  /** Named queries that are joined. */
  readonly joins: readonly CteJoin[] | undefined;
  readonly through: ThroughJoin | undefined;
  /** The database that the query names; undefined leaves it to the routers. */
  readonly alias: string | undefined;
}

/** Whether only the rows at some places are wanted. */
export function isLimited({ start, end }: QueryState): boolean {
  return start > 0 || end !== undefined;
}

/** Whether only a part of the rows is wanted, of all of them or of each group. */
export function isSliced(state: QueryState): boolean {
  return isLimited(state) || state.groupSlice !== undefined;
}

/** Whether the order decides which rows there are, so that a query inside another keeps it. */
export function keepsOrder(state: QueryState): boolean {
  return isSliced(state) || state.distinctOn !== undefined;
}

/** Whether the query is about rows of the table as they are: neither sliced nor grouped nor put together. */
export function isWhole(state: QueryState): boolean {
  return !keepsOrder(state) && !state.distinct && state.group === undefined;
}

/** Whether the query gives every row of the model's table. */
export function readsWholeTable(state: QueryState): boolean {
  const { filters, through, source, joins } = state;
  return isWhole(state) && filters.length === 0 && through === undefined && source === undefined && joins === undefined;
}

/** Whether the query says, or its model does, in which order its rows come. */
export function isOrdered({ order, meta, empty }: QueryState): boolean {
  return empty || (order ?? meta.ordering).length > 0;
}

const starts = new WeakMap<ModelMeta, QueryState>();

/** The query of all rows of a model. */
export function startState(meta: ModelMeta): QueryState {
  let start = starts.get(meta);
  if (start === undefined) starts.set(meta, (start = wholeTable(meta)));
  return start;
}

function wholeTable(meta: ModelMeta): QueryState {
  return {
    meta,
    filters: [],
    order: undefined,
    reversed: false,
    start: 0,
    end: undefined,
    distinct: false,
    distinctOn: undefined,
    annotations: undefined,
    hidden: undefined,
    group: undefined,
    selection: undefined,
    only: undefined,
    deferred: undefined,
    load: meta.load,
    prefetch: undefined,
    empty: false,
    lock: undefined,
    groupSlice: undefined,
    source: undefined,
    joins: undefined,
    through: undefined,
    alias: undefined,
  };
}
