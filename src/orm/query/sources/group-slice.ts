import type { Dialect } from "../../names.ts";
import { compileOrder, selectable } from "../select.ts";
import { Condition, truth } from "../../expressions/expression.ts";
import type { GroupSlice, QueryState } from "../query-state.ts";
import type { Compiled, Scope } from "../scope.ts";
import { QuerySource, readFrom } from "./compile-rows.ts";

/** The place of a row in its group. */
const place = "cortado_place";

/** Whether a query is written as one that reads from another. */
export function isLayered({ groupSlice, distinctOn }: QueryState, dialect: Dialect): boolean {
  return groupSlice !== undefined || (distinctOn !== undefined && dialect === "sqlite");
}

/**
 * The first rows of each group: an inner query numbers the rows of a group in the query's order, an
 * outer one keeps those whose number is wanted and puts the whole in order.
 */
export function layered(state: QueryState): QueryState {
  const { groupSlice = { by: state.distinctOn!, start: 0, end: 1 }, order, reversed, start, end, selection } = state;
  const inner: QueryState = {
    ...state,
    groupSlice: undefined,
    distinctOn: undefined,
    distinct: false,
    selection: undefined,
    load: [],
    order: [],
    start: 0,
    end: undefined,
    lock: undefined,
  };
  const source = new QuerySource(inner, {
    hidden: true,
    extra: (scope) => ({ [place]: rowNumber(scope, { ...inner, order, reversed }, groupSlice) }),
  });
  const outer = readFrom(source, { ...state, selection: undefined }, true);
  return {
    ...outer,
    order: order ?? state.meta.ordering,
    reversed,
    start,
    end,
    selection,
    distinct: state.distinct,
    filters: [{ negated: false, condition: new PlaceCondition(groupSlice) }],
  };
}

function rowNumber(scope: Scope, state: QueryState, { by }: GroupSlice): string {
  const groups = by.map((name) => selectable(scope, name).sql).join(", ");
  const order = compileOrder(scope, state);
  return `ROW_NUMBER() OVER (PARTITION BY ${groups}${order.length > 0 ? ` ORDER BY ${order.join(", ")}` : ""})`;
}

/** Keeps the rows whose place in their group is wanted. */
class PlaceCondition extends Condition {
  readonly #slice: GroupSlice;
  constructor(slice: GroupSlice) {
    super();
    this.#slice = slice;
  }
  override compile(scope: Scope): Compiled {
    const { start, end } = this.#slice;
    const column = `${scope.alias}.${place}`;
    const from = `${column} > ${scope.compiler.param(start)}`;
    return truth(end === undefined ? from : `${from} AND ${column} <= ${scope.compiler.param(end)}`);
  }
}
