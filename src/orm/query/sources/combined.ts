import { ormErrors } from "../../errors.ts";
import type { Compiler } from "../compiler.ts";
import { keepsOrder, type QueryState } from "../query-state.ts";
import { compileRows, givenColumns, readFrom } from "./compile-rows.ts";
import type { OpenedSource, RowsSource, WriteSelect } from "./rows-source.ts";

type Operator = "UNION" | "INTERSECT" | "EXCEPT";

/** How rows of several queries are put together. */
export interface CombineOptions {
  /** Keeps equal rows. */
  readonly all?: boolean;
}

type Other = { readonly state: QueryState } | CombineOptions;

/** A query over the rows of several queries: it can be filtered, ordered, sliced and counted like any other. */
export function combined(operator: Operator, first: QueryState, given: readonly Other[]): QueryState {
  const others = given.filter((other) => "state" in other).map(({ state }) => state);
  const options = given.find((other): other is CombineOptions => !("state" in other)) ?? {};
  const columns = givenColumns(first).length;
  for (const state of others) {
    if (
      givenColumns(state).length === columns &&
      isRows(state) === isRows(first) &&
      (!isRows(first) || state.meta === first.meta)
    )
      continue;
    throw ormErrors.ORM_BAD_QUERY({
      reason: `A query of ${describe(first)} is put together with one of ${describe(state)}.`,
      hint: "Give both the same values: values(…) or valuesList(…) with as many names.",
    });
  }
  for (const state of [first, ...others])
    if (state.lock !== undefined)
      throw ormErrors.ORM_BAD_QUERY({
        reason: `selectForUpdate() on ${state.meta.label} cannot be part of a union, an intersection or a difference.`,
        hint: "Lock the rows by their keys: filter({ pk: { in: query } }).selectForUpdate().",
      });
  const outer = readFrom(new CombinedSource(operator, [first, ...others], options.all === true), first);
  return { ...outer, empty: false };
}

function isRows({ selection }: QueryState): boolean {
  return selection === undefined;
}

function describe(state: QueryState): string {
  const { meta, selection, annotations = {} } = state;
  if (selection) return `(${selection.names.join(", ")}) of ${meta.label}`;
  const names = Object.keys(annotations);
  return `whole rows of ${meta.label}${names.length > 0 ? ` with ${names.join(", ")}` : ""}`;
}

/** Several queries, put together by rows. */
class CombinedSource implements RowsSource {
  readonly #operator: Operator;
  readonly #states: readonly QueryState[];
  readonly #all: boolean;
  constructor(operator: Operator, states: readonly QueryState[], all: boolean) {
    this.#operator = operator;
    this.#states = states;
    this.#all = all;
  }
  open(compiler: Compiler, select: WriteSelect): OpenedSource {
    const parts = this.#states.map((state) => compileMember(state, { compiler, select }));
    const operator = ` ${this.#operator}${this.#all ? " ALL" : ""} `;
    return { ...parts[0]!, sql: `(${parts.map(({ sql }) => sql).join(operator)})` };
  }
}

/** One of the queries. An order means something to a slice alone, and SQLite takes neither in a member. */
function compileMember(state: QueryState, writer: { compiler: Compiler; select: WriteSelect }): OpenedSource {
  if (!keepsOrder(state)) return compileRows({ ...state, order: [], load: [] }, writer);
  const opened = compileRows({ ...state, load: [] }, writer);
  return { ...opened, sql: `SELECT * FROM (${opened.sql}) part` };
}
