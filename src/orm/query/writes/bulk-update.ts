import { checkSize } from "../check-size.ts";
import { aliasFor, type Database, database } from "../../database/database.ts";
import { ormErrors } from "../../errors.ts";
import { Expression } from "../../expressions/expression.ts";
import type { Field } from "../../fields/field.ts";
import { writeValue } from "../../fields/write-value.ts";
import { preparedValue } from "../../model/saving/insert-row.ts";
import { stateOf } from "../../model/rows/instance-state.ts";
import type { ModelMeta } from "../../model/meta.ts";
import type { AnyRow } from "../../model/rows/row.ts";
import { quoteName } from "../../names.ts";
import { Compiler } from "../compiler.ts";
import type { QueryState } from "../query-state.ts";
import { Scope } from "../scope.ts";
import { parameterLimit } from "./bulk-create.ts";
import { withSaveHooks } from "./save-hooks.ts";

/** How rows are updated. */
export interface BulkUpdateOptions {
  /** How many rows one statement updates. */
  readonly batchSize?: number;
  /** Sends `preSave` and `postSave` for each row, as `save({ only })` does. */
  readonly hooks?: boolean;
}

interface Update {
  readonly meta: ModelMeta;
  readonly fields: readonly Field[];
  readonly options: BulkUpdateOptions;
}

/** Writes the named fields of rows, a statement for a batch; gives how many rows there were. */
export async function bulkUpdate(
  { meta, alias }: QueryState,
  given: Iterable<object>,
  update: { names: readonly string[]; options: BulkUpdateOptions },
): Promise<number> {
  const rows = [...given] as AnyRow[];
  const { names, options } = update;
  const fields = names.map((name) => writable(meta, name));
  if (fields.length === 0)
    throw ormErrors.ORM_BAD_QUERY({
      reason: `bulkUpdate() of ${meta.label} names no field.`,
      hint: 'Name what to write: bulkUpdate(rows, ["price"]).',
    });
  for (const row of rows) requireKey(row, meta);
  if (rows.length === 0) return 0;
  meta.writes++;
  const target = aliasFor("write", meta, alias);
  const db = database(target);
  let count = 0;
  const write = async () => {
    count = await updateAll(rows, db, { meta, fields, options });
  };
  await db.transaction(() => {
    if (!options.hooks) return write();
    return withSaveHooks(meta, rows, { bulk: { using: target, created: false, only: names }, write });
  });
  return count;
}

function writable(meta: ModelMeta, name: string): Field {
  const field = meta.columnField(name);
  if (!meta.primaryKey.parts.includes(field)) return field;
  throw ormErrors.ORM_BAD_QUERY({
    reason: `bulkUpdate() cannot write ${field.label}, by which it finds the rows.`,
    hint: "Make a new row and delete the old one.",
  });
}

function requireKey(row: AnyRow, { label, primaryKey }: ModelMeta): void {
  if (primaryKey.parts.some((part) => row[part.attname] === null || row[part.attname] === undefined))
    throw ormErrors.ORM_NOT_SAVED({ model: label, use: "it cannot be updated" });
}

async function updateAll(rows: readonly AnyRow[], db: Database, update: Update): Promise<number> {
  const { meta, fields, options } = update;
  if (meta.isJoined) return saveEach(rows, fields);
  if (options.batchSize !== undefined) checkSize(options.batchSize, "batchSize");
  const size = Math.max(1, Math.min(options.batchSize ?? 500, Math.floor(parameterLimit / (2 * fields.length + 1))));
  let count = 0;
  for (let at = 0; at < rows.length; at += size) count += await updateBatch(rows.slice(at, at + size), db, update);
  return count;
}

async function saveEach(rows: readonly AnyRow[], fields: readonly Field[]): Promise<number> {
  const only = fields.map((field) => field.name);
  for (const row of rows) await row["save"]({ only });
  return rows.length;
}

/**
 * One UPDATE for a batch: the new values stand as rows of a VALUES list that is joined by the key. A column in
 * which some row has an expression is written by a CASE, as the expression reads the row itself.
 */
async function updateBatch(rows: readonly AnyRow[], db: Database, { meta, fields }: Update): Promise<number> {
  const compiler = new Compiler(db.dialect);
  const scope = new Scope(compiler, meta, { alias: quoteName(meta.table) });
  const keys = meta.primaryKey.parts;
  const values = rows.map((row) => fields.map((field) => preparedValue(row, field, false)));
  const columns = [...keys, ...fields];
  const params: unknown[][] = [];
  const tuples = rows.map((row, r) => {
    const given = [...keys.map((key) => row[key.attname]), ...values[r]!];
    params.push(columns.map((field, c) => (given[c] instanceof Expression ? null : paramOf(given[c], field, db))));
    return `(${columns.map((field, c) => placeSql(params[r]![c], field, { compiler, cast: r === 0 })).join(", ")})`;
  });
  const sets = fields.map((field, i) => {
    const name = `v.column${keys.length + i + 1}`;
    const expressions = rows.flatMap((_, r) => (values[r]![i] instanceof Expression ? [r] : []));
    if (expressions.length === 0) return `${quoteName(field.column)} = ${name}`;
    const branches = expressions.map(
      (r) => `WHEN ${keySql(scope, rows[r]!)} THEN ${expressionSql(scope, values[r]![i] as Expression, field)}`,
    );
    return `${quoteName(field.column)} = CASE ${branches.join(" ")} ELSE ${name} END`;
  });
  const link = keys.map((key, i) => `${scope.column(key)} = v.column${i + 1}`).join(" AND ");
  const sql = `UPDATE ${quoteName(meta.table)} SET ${sets.join(", ")} FROM (VALUES ${tuples.join(", ")}) AS v WHERE ${link}`;
  const { rowCount } = await db.execute(compiler.statement(sql), compiler.params);
  rows.forEach((row, r) => remember(row, meta, { fields, params: params[r]!.slice(keys.length), values: values[r]! }));
  return rowCount;
}

function placeSql(param: unknown, field: Field, { compiler, cast }: { compiler: Compiler; cast: boolean }): string {
  const place = compiler.param(param);
  return cast && compiler.dialect === "postgres" ? `CAST(${place} AS ${field.columnType("postgres")})` : place;
}

function paramOf(value: unknown, field: Field, { dialect }: Database): unknown {
  if (value === null || value === undefined) return null;
  const write = field.writer(dialect);
  return write ? writeValue(write, value, field) : value;
}

function keySql(scope: Scope, row: AnyRow): string {
  return scope.meta.primaryKey.parts
    .map(
      (key) =>
        `${scope.column(key)} = ${scope.compiler.param(row[key.attname], scope.compiler.converterFor(row[key.attname], key))}`,
    )
    .join(" AND ");
}

function expressionSql(scope: Scope, value: Expression, field: Field): string {
  const { sql } = value.compile(scope);
  if (scope.joins.length > 0)
    throw ormErrors.ORM_BAD_QUERY({
      reason: `bulkUpdate() of ${field.label} reads another table.`,
      hint: "Use update() with an expression, or load the values first.",
    });
  return field.storedSql(sql, scope.dialect);
}

interface Written {
  readonly fields: readonly Field[];
  readonly params: readonly unknown[];
  readonly values: readonly unknown[];
}

/** The row knows what is stored now, so that `save()` does not write it again. */
function remember(row: AnyRow, meta: ModelMeta, { fields, params, values }: Written): void {
  const state = row[stateOf];
  const { stored, layout } = state;
  if (stored === undefined) return;
  const all = meta.fields.map((_, index) => {
    const at = layout === undefined ? index : layout[index]!;
    return at < 0 ? undefined : stored[at];
  });
  fields.forEach((field, i) => {
    if (!(values[i] instanceof Expression)) all[meta.fields.indexOf(field)] = params[i];
  });
  state.stored = all;
  state.layout = undefined;
}
