import { databaseFor } from "../database/database.ts";
import type { Expression } from "../expressions/expression.ts";
import { expressionsOf } from "./annotations.ts";
import { instanceColumns, readerOf, valueColumns } from "./columns.ts";
import { checkSize } from "./check-size.ts";
import { Compiler } from "./compiler.ts";
import { isWhole, keepsOrder, type QueryState } from "./query-state.ts";
import { type Read, readValue } from "./read-values.ts";
import { refsOf } from "./refs.ts";
import type { Scope } from "./scope.ts";
import { compileSelect } from "./select.ts";
import { QuerySource, readFrom } from "./sources/compile-rows.ts";

const unordered: readonly string[] = [];

/** In a sub-query the order matters to a slice alone. */
export function unorderedUnlessSliced(state: QueryState): QueryState {
  return keepsOrder(state) ? state : { ...state, order: unordered };
}

/** The query as one whose rows are those of a table: what was sliced, grouped or made distinct is read from. */
function asRows(state: QueryState): QueryState {
  if (isWhole(state)) return state.selection === undefined ? state : { ...state, selection: undefined };
  const source = new QuerySource({ ...unorderedUnlessSliced(state), load: [], lock: undefined });
  return { ...readFrom(source, state), selection: undefined, empty: false };
}

/** How many rows; with `upTo`, the count stops there. */
export async function countRows(state: QueryState, upTo?: number): Promise<number> {
  if (upTo !== undefined) checkSize(upTo, "upTo");
  if (state.empty) return 0;
  const db = databaseFor("read", state.meta, state.alias);
  const compiler = new Compiler(db.dialect);
  const sql = compiler.statement(
    upTo === undefined && isWhole(state) ? countSql(state, compiler) : countOf(state, compiler, upTo),
  );
  const rows = await db.rows(sql, compiler.params);
  return Number(rows[0]![0]);
}

function countSql(state: QueryState, compiler: Compiler): string {
  return compileSelect({ ...state, order: unordered, load: [], selection: undefined }, compiler, () => ["COUNT(*)"]);
}

function countOf(state: QueryState, compiler: Compiler, upTo: number | undefined): string {
  const { start, end = Number.POSITIVE_INFINITY } = state;
  const limited = upTo === undefined ? state : { ...state, end: Math.min(end, start + upTo) };
  const inner = compileSelect({ ...unorderedUnlessSliced(limited), lock: undefined }, compiler, (scope) =>
    toldApart(scope, state),
  );
  return `SELECT COUNT(*) FROM (${inner}) counted`;
}

/** Columns that are as distinct as the rows. */
function toldApart(scope: Scope, state: QueryState): string[] {
  if (state.selection) return valueColumns(scope, state.selection).sql;
  return state.distinct && state.joins
    ? instanceColumns(scope, state).sql
    : state.meta.primaryKey.parts.map((key) => scope.column(key));
}

/** Whether there is a row. */
export async function anyRow(state: QueryState): Promise<boolean> {
  if (state.empty) return false;
  const db = databaseFor("read", state.meta, state.alias);
  const compiler = new Compiler(db.dialect);
  const { start, end = Number.POSITIVE_INFINITY } = state;
  const one = { ...unorderedUnlessSliced(state), end: Math.min(start + 1, end), load: [] };
  const sql = compileSelect(one, compiler, (scope) => (state.distinct ? toldApart(scope, state) : ["1"]));
  return (await db.rows(compiler.statement(sql), compiler.params)).length > 0;
}

/** Values over all rows of the query. */
export async function aggregateRows(
  given: QueryState,
  make: (refs: any) => Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const state = asRows(given);
  const made = expressionsOf(make(refsOf(state.meta, state.annotations)), state.meta);
  const db = databaseFor("read", state.meta, state.alias);
  const compiler = new Compiler(db.dialect);
  let reads: Read[] = [];
  const sql = compileSelect({ ...state, order: unordered, load: [] }, compiler, (scope) => {
    const compiled = Object.values(made).map((expression: Expression<any>) => expression.compile(scope));
    reads = compiled.map((value) => readerOf(value, scope));
    return compiled.map((value) => value.sql);
  });
  const [row] = await db.rows(compiler.statement(sql), compiler.params);
  return Object.fromEntries(Object.keys(made).map((name, i) => [name, readValue(reads[i], row![i])]));
}
