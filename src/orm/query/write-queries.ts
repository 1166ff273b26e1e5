import { type Database, database } from "../database/database.ts";
import { collectDeletion, runDeletion } from "../deletion/collector.ts";
import { ormErrors } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import { writeValue } from "../fields/write-value.ts";
import { stateOf } from "../model/instance-state.ts";
import type { ModelClass } from "../model/model-class.ts";
import type { AnyRow } from "../model/row.ts";
import { insertParams } from "../model/insert-row.ts";
import { keyFor } from "../model/row-key.ts";
import { placeholder, quoteName } from "../names.ts";
import { Compiler } from "./compiler.ts";
import { Expression } from "../expressions/expression.ts";
import { compileHydrator } from "./hydration.ts";
import type { QueryMethods } from "./query-methods.ts";
import { type QueryState, startState } from "./query-state.ts";
import { type Compiled, Scope } from "./scope.ts";
import { compileSelect } from "./select.ts";
import { compileFilters } from "./where.ts";

type Values = Record<string, any>;

export async function create<T>(model: ModelClass<T>, values: Values): Promise<T> {
  const row = new model(values);
  await (row as unknown as AnyRow)["save"]();
  return row;
}

export async function getOrCreate<T>(query: QueryMethods<T>, values: Values, defaults: Values): Promise<[T, boolean]> {
  const found = await query.filter(values as never).first();
  if (found !== null) return [found, false];
  try {
    // In a savepoint, so that losing a race leaves an outer transaction usable.
    return [await database().transaction(() => query.create({ ...values, ...defaults } as never)), true];
  } catch (error) {
    const winner = (error as { code?: string }).code === "ORM_INTEGRITY" ? await query.filter(values as never).first() : null;
    if (winner === null) throw error;
    return [winner, false];
  }
}

export function updateOrCreate<T>(query: QueryMethods<T>, values: Values, defaults: Values): Promise<[T, boolean]> {
  return database().transaction(async () => {
    const [row, created] = await getOrCreate(query, values, defaults);
    if (!created) {
      Object.assign(row as Values, defaults);
      await (row as unknown as AnyRow)["save"]();
    }
    return [row, created];
  });
}

export interface BulkCreateOptions {
  /** How many rows one statement inserts. */
  batchSize?: number;
  /** Leaves out rows that break a unique rule; the others get no key. */
  ignoreConflicts?: boolean;
}

/** SQLite takes 32,766 parameters in a statement, PostgreSQL 65,535. */
const parameterLimit = 32_000;

export async function bulkCreate(model: ModelClass, given: readonly Values[], options: BulkCreateOptions): Promise<object[]> {
  const rows = given.map((values) => (stateOf in values ? values : new model(values)) as AnyRow);
  const db = database();
  const key = model.meta.primaryKey;
  const isAllotted = (row: AnyRow) => key.autoIncrement && (row[key.attname] === null || row[key.attname] === undefined);
  const size = Math.max(1, Math.min(options.batchSize ?? 500, Math.floor(parameterLimit / model.meta.fields.length)));
  await db.transaction(async () => {
    for (const withKey of [true, false]) {
      const group = rows.filter((row) => isAllotted(row) !== withKey);
      for (let at = 0; at < group.length; at += size)
        await insertBatch(db, group.slice(at, at + size), { key, withKey, options });
    }
  });
  return rows;
}

interface Batch {
  readonly key: Field;
  readonly withKey: boolean;
  readonly options: BulkCreateOptions;
}

async function insertBatch(db: Database, rows: readonly AnyRow[], { key, withKey, options }: Batch): Promise<void> {
  const inserts = rows.map((row) => insertParams(row, db, withKey));
  key.model.meta.writes++;
  const { fields } = inserts[0]!;
  const params = inserts.flatMap((insert) => insert.params);
  const tuples = inserts.map(
    (_, row) => `(${fields.map((__, i) => placeholder(db.dialect, row * fields.length + i + 1)).join(", ")})`,
  );
  const table = quoteName(key.model.meta.table);
  const conflict = options.ignoreConflicts ? " ON CONFLICT DO NOTHING" : "";
  const sql = `INSERT INTO ${table} (${fields.map((field) => quoteName(field.column)).join(", ")}) VALUES ${tuples.join(", ")}${conflict}`;
  if (withKey || options.ignoreConflicts) await db.execute(sql, params);
  const keys =
    withKey || options.ignoreConflicts ? undefined : await db.rows(`${sql} RETURNING ${quoteName(key.column)}`, params);
  rows.forEach((row, i) => {
    if (keys) row[key.attname] = key.fromDatabase(keys[i]![0], db.dialect);
    if (keys || withKey) row[stateOf].stored = keys ? [keys[i]![0], ...inserts[i]!.params] : inserts[i]!.params;
  });
}

export async function bulkUpdate(model: ModelClass, rows: readonly Values[], names: readonly string[]): Promise<number> {
  for (const name of names) model.meta.field(name);
  await database().transaction(async () => {
    for (const row of rows) await row["save"]({ only: names });
  });
  return rows.length;
}

export async function updateQuery(state: QueryState, values: Values): Promise<number> {
  if (state.empty) return 0;
  const { meta } = state;
  meta.writes++;
  const db = database(state.alias);
  const compiler = new Compiler(db.dialect);
  const scope = new Scope(compiler, meta, { alias: quoteName(meta.table) });
  const sets = Object.entries(values).map(([name, value]) => assignment(scope, name, value));
  if (sets.length === 0) return 0;
  const { where } = isSimple(state) ? compileFilters(scope, state.filters) : { where: [keyIn(state, compiler)] };
  if (scope.joins.length > 0) return updateByKeys(state, values);
  const sql = `UPDATE ${quoteName(meta.table)} SET ${sets.join(", ")}${where.length > 0 ? ` WHERE ${where.join(" AND ")}` : ""}`;
  return (await db.execute(sql, compiler.params)).rowCount;
}

/** The primary keys of a query, as a sub-query. */
class KeyQuery {
  readonly #state: QueryState;
  constructor(state: QueryState) {
    this.#state = state;
  }
  compileSubQuery(compiler: Compiler): Compiled {
    return { sql: keySelect(this.#state, compiler), field: this.#state.meta.primaryKey };
  }
}

/** Filters that join other tables go into a sub-query. */
function updateByKeys(state: QueryState, values: Values): Promise<number> {
  const condition = { pk: { in: new KeyQuery(state) } };
  return updateQuery({ ...startState(state.meta), filters: [{ negated: false, condition }], alias: state.alias }, values);
}

function isSimple({ start, end, through, annotations }: QueryState): boolean {
  return start === 0 && end === undefined && through === undefined && annotations === undefined;
}

function keySelect(state: QueryState, compiler: Compiler): string {
  const order = state.start > 0 || state.end !== undefined ? state.order : [];
  return compileSelect({ ...state, order }, compiler, (scope) => [scope.column(state.meta.primaryKey)]);
}

function keyIn(state: QueryState, compiler: Compiler): string {
  return `${quoteName(state.meta.primaryKey.column)} IN (${keySelect(state, compiler)})`;
}

function assignment(scope: Scope, name: string, value: unknown): string {
  const { meta } = scope;
  if (value === undefined) throw ormErrors.ORM_UNDEFINED_VALUE({ model: meta.label, field: name });
  const field = meta.columnField(name);
  if (value instanceof Expression) {
    const { sql } = value.compile(scope);
    if (scope.joins.length > 0)
      throw ormErrors.ORM_BAD_QUERY({
        reason: `update() of ${meta.label}.${name} reads another table.`,
        hint: "Use an aggregate of a to-many relation, or update in a loop.",
      });
    // A decimal column keeps all its places, so that equal numbers are equal texts.
    const isText = field.kind === "decimal" && scope.dialect === "sqlite";
    return `${quoteName(field.column)} = ${isText ? `decimal_fixed(${sql}, ${field.decimalPlaces})` : sql}`;
  }
  const plain = typeof value === "object" && value !== null && stateOf in value ? keyFor(field, value) : value;
  const write = field.writer(scope.dialect);
  const param = write === undefined || plain === null ? plain : writeValue(write, plain, field);
  return `${quoteName(field.column)} = ${scope.compiler.param(param)}`;
}

export async function deleteQuery(query: QueryMethods<object>): Promise<number> {
  const { state } = query;
  const { meta } = state;
  if (state.selection)
    throw ormErrors.ORM_BAD_QUERY({
      reason: `delete() on ${meta.label} cannot follow values() or valuesList().`,
      hint: "Delete the rows: leave the values() out.",
    });
  if (state.empty) return 0;
  meta.writes++;
  const db = database(state.alias);
  if (meta.incoming.every(({ field }) => field.kind === "manyToMany" || field.relation!.onDelete === "doNothing")) {
    const compiler = new Compiler(db.dialect);
    const condition = keyIn(state, compiler);
    return (await db.execute(`DELETE FROM ${quoteName(meta.table)} WHERE ${condition}`, compiler.params)).rowCount;
  }
  return db.transaction(async () => runDeletion(await collectDeletion(await (query.all() as unknown as PromiseLike<object[]>))));
}

/** Instances of the rows that SQL of the caller's gives, matched by column name. */
export async function rawQuery({ meta, alias }: QueryState, sql: string, params: readonly unknown[]): Promise<object[]> {
  const db = database(alias);
  const records = await db.query(sql, params);
  const columns = Object.keys(records[0] ?? {});
  const layout = meta.fields.map((field) => columns.indexOf(field.column));
  if (records.length > 0 && layout[0]! < 0) {
    throw ormErrors.ORM_BAD_QUERY({
      reason: `raw() on ${meta.label} needs the column "${meta.primaryKey.column}". The query gave: ${columns.join(", ")}.`,
    });
  }
  const extra = columns.map((name, at) => ({ name, at, read: undefined })).filter(({ at }) => !layout.includes(at));
  return compileHydrator(
    { meta, layout, joined: [], annotations: extra },
    db.dialect,
  )(records.map((record) => Object.values(record)));
}
