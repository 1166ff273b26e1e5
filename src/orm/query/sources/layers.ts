import type { Dialect } from "../../names.ts";
import { Condition, Expression, truth } from "../../expressions/expression.ts";
import { type ConditionInput, Q } from "../conditions.ts";
import type { GroupSlice, QueryState } from "../query-state.ts";
import { refsOf } from "../refs.ts";
import type { Compiled, Scope } from "../scope.ts";
import { compileOrder, orderClause } from "../order-by.ts";
import { QuerySource, readFrom } from "./compile-rows.ts";

/** The place of a row in its group. */
const place = "cortado_place";

/** Whether a query is written as one that reads from another. */
export function isLayered(state: QueryState, dialect: Dialect): boolean {
  if (state.groupSlice !== undefined || (state.distinctOn !== undefined && !isNative(state, dialect))) return true;
  if (ordersByOthers(state)) return true;
  return hasWindow(state) && state.filters.some(({ condition }) => usesWindow(state, condition));
}

/**
 * Whether distinct values are ordered by what is not among them. Databases order them by whatever row they like, or count
 * what they are ordered by as one of the values: here each stands where the first of its rows would.
 */
function ordersByOthers({ distinct, selection, order, group, meta }: QueryState): boolean {
  if (!distinct || selection === undefined || (group !== undefined && group !== "row")) return false;
  return (order ?? meta.ordering).some((term) => {
    if (typeof term !== "string") return true;
    const name = term.replace(/^-/, "");
    const member = meta.member(name);
    const isRelation = member?.type === "field" ? member.field.relation !== undefined && member.field.attname !== name : false;
    return isRelation || !selection.names.includes(name);
  });
}

/** PostgreSQL's DISTINCT ON wants the order to begin with what is distinct. */
function isNative({ distinctOn, order, meta }: QueryState, dialect: Dialect): boolean {
  const terms = order ?? meta.ordering;
  const isValue = (name: string) => {
    const member = meta.member(name);
    return member?.type === "field" && (member.field.relation === undefined || member.field.attname === name);
  };
  const isFirst = (name: string, i: number) => typeof terms[i] === "string" && terms[i].replace(/^-/, "") === name;
  return dialect === "postgres" && distinctOn!.every((name, i) => terms.length === 0 || (isFirst(name, i) && isValue(name)));
}

function hasWindow({ annotations }: QueryState): boolean {
  if (annotations === undefined) return false;
  for (const name in annotations) if (annotations[name]!.isWindow) return true;
  return false;
}

/** Whether a condition is about what a window computes, which is known only when all rows are. */
function usesWindow(state: QueryState, condition: ConditionInput): boolean {
  if (condition instanceof Q) return condition.parts.some((part) => usesWindow(state, part));
  if (typeof condition === "function") return usesWindow(state, condition(refsOf(state.meta, state.annotations)));
  if (condition instanceof Expression) return condition.isWindow;
  return Object.keys(condition).some((name) => Object.hasOwn(state.annotations!, name) && state.annotations![name]!.isWindow);
}

/**
 * The query as two: an inner one that finds the rows and numbers them, and an outer one that keeps those whose
 * number, or whose value of a window, is wanted, and puts the whole in order.
 */
export function layered(state: QueryState): QueryState {
  const { order, reversed, start, end, selection, group, distinct } = state;
  const isValues = group !== undefined && group !== "row";
  const late = hasWindow(state) ? state.filters.filter(({ condition }) => usesWindow(state, condition)) : [];
  const isOneOfEach = ordersByOthers(state);
  const first = isOneOfEach ? selection!.names : state.distinctOn;
  const slice = state.groupSlice ?? (first && { by: first, start: 0, end: 1 });
  const inner: QueryState = {
    ...state,
    filters: late.length === 0 ? state.filters : state.filters.filter((filter) => !late.includes(filter)),
    groupSlice: undefined,
    distinctOn: undefined,
    distinct: false,
    selection: isValues ? selection : undefined,
    load: [],
    prefetch: undefined,
    order: [],
    start: 0,
    end: undefined,
    lock: undefined,
  };
  const number = (scope: Scope) => ({ [place]: rowNumber(scope, { ...inner, order, reversed }, slice!) });
  const source = new QuerySource(inner, slice === undefined ? { hidden: true } : { hidden: true, extra: number });
  return {
    ...readFrom(source, { ...state, selection: inner.selection }, true),
    order: order ?? (isValues ? [] : state.meta.ordering),
    reversed,
    start,
    end,
    selection,
    distinct: distinct && !isOneOfEach,
    filters: slice === undefined ? late : [...late, { negated: false, condition: new PlaceCondition(slice) }],
  };
}

function rowNumber(scope: Scope, state: QueryState, { by }: GroupSlice): string {
  const groups = by.map((name) => scope.compileName(name).sql).join(", ");
  return `ROW_NUMBER() OVER (PARTITION BY ${groups} ${orderClause(compileOrder(scope, state))})`;
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
