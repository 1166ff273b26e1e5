import { ormErrors } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import { reservedNames } from "../model/reserved-names.ts";
import type { ModelMeta } from "../model/meta.ts";
import { quoteName } from "../names.ts";
import type { Compiler } from "./compiler.ts";
import { Expression, OrderExpression } from "../expressions/expression.ts";
import { type JoinedRow, type RowShape } from "./hydration.ts";
import { comparable } from "../lookups/lookups.ts";
import type { QueryState, Selection } from "./query-state.ts";
import { FieldRef, stepInto } from "./refs.ts";
import { type Compiled, Scope } from "./scope.ts";
import { compileFilters } from "./where.ts";

/** What a SELECT gives: its columns, in order, and how to read them. */
export interface Columns {
  readonly sql: string[];
  readonly shape: RowShape | undefined;
  readonly reads: readonly (((value: any) => unknown) | undefined)[];
}

/** The SQL of a query, with the columns that `columnsOf` names. */
export function compileSelect(state: QueryState, compiler: Compiler, columnsOf: (scope: Scope) => string[]): string {
  const scope = new Scope(compiler, state.meta);
  scope.annotations = state.annotations;
  const throughSql = joinThrough(scope, state);
  const columns = columnsOf(scope);
  const { where, having } = compileFilters(scope, state.filters);
  if (throughSql) where.unshift(throughSql);
  if (state.empty) where.push("1 = 0");
  const group = groupBy(scope, state);
  const order = compileOrder(scope, state);
  const clauses = [
    `SELECT ${state.distinct ? "DISTINCT " : ""}${columns.join(", ")}`,
    `FROM ${[scope.from, ...scope.joins].join(" ")}`,
    where.length > 0 && `WHERE ${where.join(" AND ")}`,
    group,
    having.length > 0 && `HAVING ${having.join(" AND ")}`,
    order.length > 0 && `ORDER BY ${order.join(", ")}`,
    limits(state, compiler),
    state.lock && compiler.dialect === "postgres" && `FOR UPDATE OF ${scope.alias}`,
  ];
  return clauses.filter(Boolean).join(" ");
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

/** Aggregates after `values()` group by what was named there. */
function groupBy(scope: Scope, { selection, annotations }: QueryState): string | undefined {
  if (annotations === undefined || !Object.values(annotations).some((annotation) => annotation.isAggregate)) return undefined;
  const names = selection?.names.filter((name) => !annotations[name]?.isAggregate);
  if (names === undefined || names.length === 0) return `GROUP BY ${scope.column(scope.meta.primaryKey)}`;
  return `GROUP BY ${names.map((name) => new FieldRef(name.split(".")).compile(scope).sql).join(", ")}`;
}

/** The ORDER BY terms; without an order of its own the model's. */
export function compileOrder(scope: Scope, state: QueryState): string[] {
  const isGrouped =
    state.selection !== undefined && Object.values(state.annotations ?? {}).some((annotation) => annotation.isAggregate);
  const terms = state.order ?? (isGrouped ? [] : state.meta.ordering);
  return terms.flatMap((term) => orderTerm(scope, term, state.reversed));
}

function orderTerm(scope: Scope, term: string | OrderExpression, reversed: boolean): string[] {
  if (term === "?") return ["RANDOM()"];
  const descending = term instanceof OrderExpression ? term.descending : term.startsWith("-");
  const direction = descending === reversed ? "ASC" : "DESC";
  if (term instanceof OrderExpression) return [orderSql(scope, term.expression.compile(scope), { direction })];
  const path = term.replace(/^-/, "").split(".");
  const target = path.length === 1 ? scope.meta.member(path[0]!) : undefined;
  if (target?.type === "field" && target.field.relation && target.field.name === path[0] && path[0] !== target.field.attname) {
    const { meta } = scope.joinOne(target.field);
    const inner = meta.ordering.length > 0 ? meta.ordering : ["pk"];
    return inner.flatMap((name) => orderTerm(scope, joinedTerm(path[0]!, name), direction === "DESC"));
  }
  return [orderSql(scope, new FieldRef(path).compile(scope), { direction, joined: path.length > 1 })];
}

function joinedTerm(relation: string, term: string): string {
  return term.startsWith("-") ? `-${relation}.${term.slice(1)}` : `${relation}.${term}`;
}

/** NULL is the smallest on SQLite; PostgreSQL is told so. A joined row may be missing, and with it a column that is never null. */
function orderSql(
  scope: Scope,
  { sql, field }: Compiled,
  { direction, joined = false }: { direction: "ASC" | "DESC"; joined?: boolean },
): string {
  const nulls =
    scope.dialect === "postgres" && (joined || field?.null !== false)
      ? direction === "ASC"
        ? " NULLS FIRST"
        : " NULLS LAST"
      : "";
  return `${comparable(sql, field, scope.dialect)} ${direction}${nulls}`;
}

/** The columns of a query that gives instances. */
export function instanceColumns(scope: Scope, state: QueryState): Columns {
  const sql: string[] = [];
  const shape = addModel(scope, sql, { names: loadTree(state.load), keep: keptFields(state) });
  const annotations = Object.entries(state.annotations ?? {}).map(([name, annotation]) => {
    const compiled = annotation.compile(scope);
    return { name, at: sql.push(selectSql(compiled, scope)) - 1, read: readerOf(compiled, scope) };
  });
  if (state.through?.tellsOwner) sql.push(`middle.${quoteName(state.through.owner.column)}`);
  return { sql, shape: { ...shape, annotations }, reads: [] };
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
  if (member === undefined) throw meta.unknownField(name);
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
  return (field) => field.primaryKey || ((kept === undefined || kept.has(field)) && !left?.has(field));
}

/** The columns of `values()` and `valuesList()`; names may lead over relations: `"roaster.country"`. */
export function valueColumns(scope: Scope, { names }: Selection): Columns {
  const compiled = names.map((name) => selectable(scope, name));
  return {
    sql: compiled.map((value) => selectSql(value, scope)),
    shape: undefined,
    reads: compiled.map((value) => readerOf(value, scope)),
  };
}

function selectable(scope: Scope, name: string): Compiled {
  const annotation = scope.annotation(name);
  return annotation ? annotation.compile(scope) : new FieldRef(name.split(".")).compile(scope);
}

function selectSql({ sql, field }: Compiled, scope: Scope): string {
  return field ? field.selectSql(sql, scope.dialect) : sql;
}

export function readerOf({ field, read }: Compiled, scope: Scope): ((value: any) => unknown) | undefined {
  return read ?? field?.reader(scope.dialect);
}

/** An annotation stands beside the fields, not in front of one. */
export function refuseShadow(meta: ModelMeta, name: string): void {
  if (meta.member(name) === undefined && !reservedNames.has(name)) return;
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
