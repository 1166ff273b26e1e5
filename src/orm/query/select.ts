import { quoteName } from "../names.ts";
import { visibleAnnotations } from "./annotations.ts";
import { isToMany, type LoadTree, loadTree } from "./columns.ts";
import type { Compiler } from "./compiler.ts";
import { lockSql } from "./locking.ts";
import { compileOrder, orderClause, type OrderTermSql } from "./order-by.ts";
import type { QueryState } from "./query-state.ts";
import { stepInto } from "./refs.ts";
import { Scope } from "./scope.ts";
import { joinCtes } from "./sources/cte.ts";
import { isLayered, layered } from "./sources/layers.ts";
import { SourceScope } from "./sources/rows-source.ts";
import { compileFilters } from "./where.ts";

/** The SQL of a query, with the columns that `columnsOf` names. */
export function compileSelect(given: QueryState, compiler: Compiler, columnsOf: (scope: Scope) => string[]): string {
  const state = isLayered(given, compiler.dialect) ? layered(given) : given;
  const scope = openScope(state, compiler);
  const throughSql = joinThrough(scope, state);
  const columns = columnsOf(scope);
  const { where, having } = compileFilters(scope, state.filters);
  if (throughSql) where.unshift(throughSql);
  if (state.empty) where.push("1 = 0");
  // Once: what is grouped or made distinct by is the same SQL, with the same parameters, as what is ordered by.
  const order = compileOrder(scope, state);
  const group = state.group === undefined ? undefined : groupBy(scope, state, order);
  const distinct = distinctSql(scope, state, { columns, order });
  const clauses = [
    `SELECT ${distinct}${columns.join(", ")}`,
    `FROM ${[scope.from, ...scope.joins].join(" ")}`,
    where.length > 0 && `WHERE ${where.join(" AND ")}`,
    group,
    having.length > 0 && `HAVING ${having.join(" AND ")}`,
    orderClause(order),
    limits(state, compiler),
    state.lock && lockSql(scope, state.lock),
  ];
  return clauses.filter(Boolean).join(" ");
}

/** The table, or the other query, that the rows come from, and the named queries that are joined. */
function openScope({ meta, source, joins, annotations }: QueryState, compiler: Compiler): Scope {
  const scope =
    source === undefined ? new Scope(compiler, meta) : new SourceScope(compiler, meta, source.open(compiler, compileSelect));
  scope.annotations = annotations;
  if (joins !== undefined) joinCtes(scope, joins, compileSelect);
  return scope;
}

/** PostgreSQL orders distinct rows by what is selected, so what they are ordered by is selected too. */
function distinctSql(
  scope: Scope,
  state: QueryState,
  { columns, order }: { columns: string[]; order: readonly OrderTermSql[] },
): string {
  if (!state.distinct && state.distinctOn === undefined) return "";
  if (state.distinct && scope.dialect === "postgres")
    for (const { value } of order) if (value !== "RANDOM()" && !columns.includes(value)) columns.push(value);
  if (state.distinctOn === undefined) return "DISTINCT ";
  return `DISTINCT ON (${state.distinctOn.map((name) => scope.compileName(name).sql).join(", ")}) `;
}

/** The limit is part of the SQL: as a parameter it makes SQLite plan the statement anew each time (3 µs). */
function limits({ start, end }: QueryState, compiler: Compiler): string {
  const limit = end === undefined ? "" : `LIMIT ${Math.max(0, end - start)}`;
  if (start === 0) return limit;
  const offset = `OFFSET ${compiler.param(start)}`;
  return limit === "" && compiler.dialect === "sqlite" ? `LIMIT -1 ${offset}` : `${limit} ${offset}`;
}

function joinThrough(scope: Scope, { through }: QueryState): string | undefined {
  if (through === undefined) return undefined;
  scope.joins.push(
    `INNER JOIN ${quoteName(through.table)} middle ON middle.${quoteName(through.target.column)} = ${scope.column(through.target.relation!.targetField!)}`,
  );
  return scope.compileLookup({ sql: `middle.${quoteName(through.owner.column)}`, field: through.owner }, "in", through.owners);
}

/**
 * What aggregates are grouped by: the values named when they were added, and whatever else is selected or
 * ordered by that is not an aggregate. Rows by themselves are grouped by their key, and those joined to them.
 */
function groupBy(scope: Scope, state: QueryState, order: readonly OrderTermSql[]): string {
  const { group, selection, load } = state;
  const plain = (name: string) => !scope.annotation(name)?.isAggregate;
  const terms = new Set<string>();
  if (group === "row") {
    const fields = state.source ? scope.meta.fields : scope.meta.primaryKey.parts;
    for (const field of fields) terms.add(scope.column(field));
    if (scope.dialect === "postgres" && selection === undefined) addJoinedKeys(scope, loadTree(load), terms);
  } else for (const name of group!.filter(plain)) terms.add(scope.compileName(name).sql);
  const names = selection?.names ?? (group === "row" && state.source ? visibleAnnotations(state) : []);
  for (const name of names.filter(plain)) terms.add(scope.compileName(name).sql);
  for (const { value, isAggregate } of order) if (!isAggregate) terms.add(value);
  return terms.size === 0 ? "" : `GROUP BY ${[...terms].join(", ")}`;
}

function addJoinedKeys(scope: Scope, tree: LoadTree, terms: Set<string>): void {
  for (const [name, inner] of Object.entries(tree)) {
    if (isToMany(scope.meta, name)) continue;
    const joined = stepInto(scope, name, [name]);
    for (const key of joined.meta.primaryKey.parts) terms.add(joined.column(key));
    addJoinedKeys(joined, inner, terms);
  }
}
