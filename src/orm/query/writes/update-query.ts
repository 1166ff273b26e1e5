import { databaseFor } from "../../database/database.ts";
import { ormErrors } from "../../errors.ts";
import { Expression } from "../../expressions/expression.ts";
import type { Field } from "../../fields/field.ts";
import { writeValue } from "../../fields/write-value.ts";
import { keyFor } from "../../model/rows/row-key.ts";
import { type Dialect, quoteName } from "../../names.ts";
import { Compiler } from "../compiler.ts";
import { type QueryState, startState } from "../query-state.ts";
import { Scope } from "../scope.ts";
import { compileFilters } from "../where.ts";
import { keyIn, refusePart, StateKeys } from "./key-query.ts";
import { updateJoined, writesParents } from "./update-joined.ts";
import { isRow } from "../../model/rows/row.ts";

type Values = Record<string, any>;

/** Changes every row of a query with one statement; gives how many. */
export async function updateQuery(state: QueryState, values: Values): Promise<number> {
  refusePart(state, "update()");
  if (state.empty) return 0;
  const { meta } = state;
  if (writesParents(meta, values)) return updateJoined(state, values, updateQuery);
  meta.writes++;
  const db = databaseFor("write", meta, state.alias);
  const compiler = new Compiler(db.dialect);
  const scope = new Scope(compiler, meta, { alias: quoteName(meta.table) });
  scope.annotations = state.annotations;
  const sets = Object.entries(values).map(([name, value]) => assignment(scope, name, value));
  if (sets.length === 0) return 0;
  const { where } = isSimple(state) ? compileFilters(scope, state.filters) : { where: [keyIn(state, compiler)] };
  if (scope.joins.length > 0) return updateByKeys(state, values);
  const condition = where.length > 0 ? ` WHERE ${where.join(" AND ")}` : "";
  const sql = `UPDATE ${quoteName(meta.table)} SET ${sets.join(", ")}${readFirst(sets, db.dialect)}${condition}`;
  return (await db.execute(compiler.statement(sql), compiler.params)).rowCount;
}

/**
 * SQLite computes each row's values just before it writes them, so that a query among them would read rows that are
 * changed already; with a FROM it computes the values of all rows first.
 */
function readFirst(sets: readonly string[], dialect: Dialect): string {
  return dialect === "sqlite" && sets.some((set) => set.includes("SELECT ")) ? " FROM (SELECT 1) AS once" : "";
}

/** Filters that join other tables go into a sub-query. */
function updateByKeys(state: QueryState, values: Values): Promise<number> {
  const condition = { pk: { in: new StateKeys(state) } };
  const { annotations, hidden, alias, meta } = state;
  return updateQuery({ ...startState(meta), annotations, hidden, filters: [{ negated: false, condition }], alias }, values);
}

function isSimple({ through, group, source, joins, distinct }: QueryState): boolean {
  return through === undefined && group === undefined && source === undefined && joins === undefined && !distinct;
}

function assignment(scope: Scope, name: string, value: unknown): string {
  const { meta } = scope;
  if (value === undefined) throw ormErrors.ORM_UNDEFINED_VALUE({ model: meta.label, field: name });
  const field = meta.columnField(name);
  if (value instanceof Expression)
    return `${quoteName(field.column)} = ${field.storedSql(expressionSql(scope, field, value), scope.dialect)}`;
  const plain = isRow(value) ? keyFor(field, value) : value;
  const write = field.writer(scope.dialect);
  const param = write === undefined || plain === null ? plain : writeValue(write, plain, field);
  return `${quoteName(field.column)} = ${scope.compiler.param(param)}`;
}

/** A value computed from the row; what reads related rows is a SELECT of its own. */
function expressionSql(scope: Scope, field: Field, value: Expression): string {
  const { compiler, meta, annotations } = scope;
  if (value.isAggregate)
    throw ormErrors.ORM_BAD_QUERY({
      reason: `update() of ${field.label} is given an aggregate of the query's own rows.`,
      hint: "Compute it first with aggregate(), or aggregate a relation: r.coffees.price.sum().",
    });
  const known = compiler.values.length;
  const own = new Scope(compiler, meta, { alias: quoteName(meta.table) });
  own.annotations = annotations;
  const { sql } = value.compile(own);
  if (own.joins.length === 0) return sql;
  compiler.values.length = compiler.converters.length = known;
  const inner = new Scope(compiler, meta);
  inner.annotations = annotations;
  const selected = value.compile(inner).sql;
  const link = meta.primaryKey.parts.map((key) => `${inner.column(key)} = ${own.column(key)}`).join(" AND ");
  return `(SELECT ${selected} FROM ${[inner.from, ...inner.joins].join(" ")} WHERE ${link})`;
}
