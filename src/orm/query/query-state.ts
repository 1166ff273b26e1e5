import type { Field } from "../fields/field.ts";
import type { PrefetchPlan } from "../relations/prefetch.ts";
import type { ModelMeta } from "../model/meta.ts";
import type { ConditionInput } from "./conditions.ts";
import type { Expression, OrderExpression } from "../expressions/expression.ts";

export interface Filter {
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

/** Everything that a query says; never changed, only copied. */
export interface QueryState {
  readonly meta: ModelMeta;
  readonly filters: readonly Filter[];
  /** Undefined: the model's own ordering. */
  readonly order: readonly (string | OrderExpression)[] | undefined;
  readonly reversed: boolean;
  readonly start: number;
  readonly end: number | undefined;
  readonly distinct: boolean;
  readonly annotations: Readonly<Record<string, Expression<any>>> | undefined;
  /** How many of the annotations came before `values()`; those after it group. */
  readonly selection: Selection | undefined;
  readonly only: readonly string[] | undefined;
  readonly deferred: readonly string[] | undefined;
  readonly load: readonly string[];
  /** Relations that are loaded by queries of one's own. */
  readonly prefetch: readonly PrefetchPlan[] | undefined;
  readonly empty: boolean;
  readonly lock: boolean;
  readonly through: ThroughJoin | undefined;
  readonly alias: string;
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
    annotations: undefined,
    selection: undefined,
    only: undefined,
    deferred: undefined,
    load: meta.load,
    prefetch: undefined,
    empty: false,
    lock: false,
    through: undefined,
    alias: "default",
  };
}
