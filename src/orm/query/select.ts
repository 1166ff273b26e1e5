import { ormErrors } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import { isReservedName } from "../model/reserved-names.ts";
import type { ModelMeta } from "../model/meta.ts";
import { quoteName } from "../names.ts";
import type { Compiler } from "./compiler.ts";
import { Expression } from "../expressions/expression.ts";
import { type JoinedRow, type RowShape } from "./hydration.ts";
import type { QueryState, Selection } from "./query-state.ts";
import type { Read } from "./read-values.ts";
import { stepInto } from "./refs.ts";
import { type Compiled, Scope } from "./scope.ts";
import { compileOrder, orderClause, type OrderTermSql } from "./order-by.ts";
import { joinCtes } from "./sources/cte.ts";
import { isLayered, layered } from "./sources/layers.ts";
import { SourceScope } from "./sources/rows-source.ts";
import { lockSql } from "./locking.ts";
import { compileFilters } from "./where.ts";

/** What a SELECT gives: its columns, in order, and how to read them. */
export interface Columns {
  readonly sql: string[];
  readonly shape: RowShape | undefined;
  readonly reads: readonly Read[];
}

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

/** The columns of a query that gives instances. */
export function instanceColumns(scope: Scope, state: QueryState): Columns {
  const sql: string[] = [];
  const shape = addModel(scope, sql, { names: loadTree(state.load), keep: keptFields(state) });
  const annotations = visibleAnnotations(state).map((name) => {
    const compiled = scope.compileAnnotation(name)!;
    return { name, at: sql.push(selectSql(compiled, scope)) - 1, read: readerOf(compiled, scope) };
  });
  if (state.through?.tellsOwner) sql.push(`middle.${quoteName(state.through.owner.column)}`);
  return { sql, shape: { ...shape, annotations }, reads: [] };
}

/** The annotations that rows have: all but those of `alias()`. */
function visibleAnnotations({ annotations, hidden }: QueryState): string[] {
  if (annotations === undefined) return [];
  const names = Object.keys(annotations);
  return hidden === undefined ? names : names.filter((name) => !hidden.includes(name));
}

interface LoadTree {
  [name: string]: LoadTree;
}

/** `["roaster", "roaster.owner"]` as a tree. */
function loadTree(paths: readonly string[]): LoadTree {
  const tree: LoadTree = {};
  for (const path of paths) path.split(".").reduce<LoadTree>((at, name) => (at[name] ??= {}), tree);
  return tree;
}

function addModel(scope: Scope, sql: string[], { names, keep }: { names: LoadTree; keep: (field: Field) => boolean }): RowShape {
  const { meta, dialect } = scope;
  const layout = meta.fields.map((field) => (keep(field) ? sql.push(field.selectSql(scope.column(field), dialect)) - 1 : -1));
  const joined: JoinedRow[] = [];
  for (const [name, inner] of Object.entries(names)) {
    if (isToMany(meta, name)) continue;
    joined.push({ name, shape: addModel(stepInto(scope, name, [name]), sql, { names: inner, keep: () => true }) });
  }
  return { meta, layout, joined, annotations: [] };
}

/** Whether a name leads to many rows, which are loaded by a query of their own. */
export function isToMany(meta: ModelMeta, name: string): boolean {
  const member = meta.member(name);
  if (member === undefined) {
    if (meta.generics.has(name)) return true;
    throw meta.unknownField(name);
  }
  if (member.type === "field" && member.field.relation === undefined) {
    throw ormErrors.ORM_BAD_QUERY({
      reason: `${meta.label}.${name} is not a relation, so with("${name}") cannot load it.`,
      hint: "with() takes relations.",
    });
  }
  return member.type === "manyToMany" || (member.type === "reverse" && !member.relation.one);
}

function keptFields({ meta, only, deferred }: QueryState): (field: Field) => boolean {
  const resolve = (names: readonly string[]) => new Set(names.map((name) => meta.field(name)));
  const kept = only && resolve(only);
  const left = deferred && resolve(deferred);
  const keys = meta.primaryKey.parts;
  return (field) => keys.includes(field) || ((kept === undefined || kept.has(field)) && !left?.has(field));
}

/** The columns of `values()` and `valuesList()`; names may lead over relations: `"roaster.country"`. */
export function valueColumns(scope: Scope, { names }: Selection): Columns {
  const compiled = names.map((name) => scope.compileName(name));
  return {
    sql: compiled.map((value) => selectSql(value, scope)),
    shape: undefined,
    reads: compiled.map((value) => readerOf(value, scope)),
  };
}

function selectSql({ sql, field }: Compiled, scope: Scope): string {
  return field ? field.selectSql(sql, scope.dialect) : sql;
}

/** How a compiled value is read. */
export function readerOf({ field, read }: Compiled, scope: Scope): Read {
  return read ?? field?.reader(scope.dialect);
}

/** An annotation stands beside the fields, not in front of one. */
export function refuseShadow(meta: ModelMeta, name: string): void {
  if (meta.member(name) === undefined && !isReservedName(name)) return;
  throw ormErrors.ORM_BAD_QUERY({
    reason: `The annotation "${name}" has the name of something that every ${meta.label} has.`,
    hint: `Give it another name: r => ({ ${name}2: … }).`,
  });
}

/** An aggregate or annotation function's result, checked. */
export function expressionsOf(made: Record<string, unknown>, meta: ModelMeta): Record<string, Expression<any>> {
  for (const [name, value] of Object.entries(made)) {
    if (!(value instanceof Expression)) {
      throw ormErrors.ORM_BAD_QUERY({
        reason: `"${name}" of an annotation on ${meta.label} is ${String(value)}, not an expression.`,
        hint: "Return an object of expressions: r => ({ n: r.coffees.count() }).",
      });
    }
  }
  return made as Record<string, Expression<any>>;
}
