import type { Database } from "../../database/database.ts";
import { ormErrors } from "../../errors.ts";
import type { Converter, Field } from "../../fields/field.ts";
import { writeValue } from "../../fields/write-value.ts";
import { placeholder, quoteName } from "../../names.ts";
import { preparedValue } from "./insert-row.ts";
import { stateOf } from "../rows/instance-state.ts";
import type { ModelMeta } from "../meta.ts";
import { registryVersion } from "../registry.ts";
import type { AnyRow } from "../rows/row.ts";

/** A column of a row and where it stands. */
interface Column {
  readonly index: number;
  readonly field: Field;
  readonly write: Converter;
}

/** What updates of a model's rows need to know, found once for each dialect. */
interface UpdatePlan {
  readonly version: number;
  readonly columns: readonly Column[];
  readonly keys: readonly Column[];
  /** The columns that the database computes anew. */
  readonly generated: readonly Column[];
}

const updatePlans = { sqlite: new WeakMap<ModelMeta, UpdatePlan>(), postgres: new WeakMap<ModelMeta, UpdatePlan>() };

function planOf(meta: ModelMeta, { dialect }: Database): UpdatePlan {
  const known = updatePlans[dialect].get(meta);
  if (known?.version === registryVersion()) return known;
  const all = meta.fields.map((field, index) => ({ field, index, write: field.writer(dialect) }));
  const plan = {
    version: registryVersion(),
    columns: all.filter(({ field }) => field.databaseValue !== "generated"),
    keys: all.filter(({ field }) => meta.primaryKey.parts.includes(field)),
    generated: all.filter(({ field }) => field.databaseValue === "generated"),
  };
  updatePlans[dialect].set(meta, plan);
  return plan;
}

interface Change extends Column {
  readonly param: unknown;
}

interface UpdateInput {
  readonly db: Database;
  readonly options: { readonly only?: readonly string[] | undefined; readonly forceUpdate?: boolean | undefined };
}

/** Updates the columns of a row that changed, or those that were asked for. @throws the model's NotUpdated */
export async function updateRow(row: AnyRow, meta: ModelMeta, { db, options }: UpdateInput): Promise<void> {
  const plan = planOf(meta, db);
  const { only } = options;
  if (only !== undefined) for (const name of only) meta.columnField(name);
  const isNew = row[stateOf].stored === undefined;
  const changes: Change[] = [];
  for (const column of plan.columns) {
    const { field } = column;
    if (only !== undefined && !only.includes(field.name) && !only.includes(field.attname)) continue;
    const change = changeOf(row, column, { db, whole: isNew || options.forceUpdate === true });
    if (change !== undefined) changes.push(change);
  }
  if (isNew) requireKey(row, meta);
  if (changes.length === 0) return;
  if (meta.isJoined) await updateTables(row, meta, { db, plan, changes });
  else await updateTable(row, meta, { db, plan, changes });
  remember(row, meta, changes);
}

function requireKey(row: AnyRow, { label, primaryKey }: ModelMeta): void {
  if (primaryKey.parts.some((part) => row[part.attname] === null || row[part.attname] === undefined))
    throw ormErrors.ORM_NOT_SAVED({ model: label, use: "it cannot be updated" });
}

interface Update {
  readonly db: Database;
  readonly plan: UpdatePlan;
  readonly changes: Change[];
}

async function updateTable(row: AnyRow, meta: ModelMeta, { db, plan, changes }: Update): Promise<void> {
  meta.noteWrite();
  const own = plan.generated.length === 0 ? plan.generated : plan.generated.filter(({ field }) => isIn(meta, field));
  const sets = changes.map(({ field }, i) => `${quoteName(field.column)} = ${placeholder(db.dialect, i + 1)}`);
  const params = changes.map(({ param }) => param);
  const keys = plan.keys.map(({ field, index, write }) => {
    params.push(storedAt(row, index) ?? paramOf(row[field.attname], field, write));
    return `${quoteName(keyIn(meta, field).column)} = ${placeholder(db.dialect, params.length)}`;
  });
  const sql = `UPDATE ${quoteName(meta.table)} SET ${sets.join(", ")} WHERE ${keys.join(" AND ")}`;
  const found =
    own.length === 0 ? (await db.execute(sql, params)).rowCount : await readGenerated(row, sql, { db, params, changes, own });
  if (found === 0) throw new (row.constructor as unknown as ModelMeta["model"]).NotUpdated(meta.label);
}

/** Whether a column is in a model's own table. */
function isIn(meta: ModelMeta, field: Field): boolean {
  return field.model === meta.concrete;
}

/** The column of a table that has the key of a row; a parent's has a name of its own. */
function keyIn(meta: ModelMeta, key: Field): Field {
  return isIn(meta, key) ? key : meta.primaryKey;
}

async function readGenerated(
  row: AnyRow,
  sql: string,
  { db, params, changes, own }: { db: Database; params: unknown[]; changes: Change[]; own: readonly Column[] },
): Promise<number> {
  const returning = own.map(({ field }) => field.selectSql(quoteName(field.column), db.dialect));
  const rows = await db.rows(`${sql} RETURNING ${returning.join(", ")}`, params);
  own.forEach((column, i) => {
    const param = rows[0]?.[i];
    row[column.field.attname] = param === null ? null : column.field.fromDatabase(param, db.dialect);
    changes.push({ ...column, param });
  });
  return rows.length;
}

/** A child's columns are in several tables: each that has a change is updated, the parents' first. */
function updateTables(row: AnyRow, meta: ModelMeta, { db, plan, changes }: Update): Promise<void> {
  const byModel = Map.groupBy([...changes], ({ field }) => field.model);
  return db.transaction(async () => {
    for (const table of [...tablesOf(meta)].reverse()) {
      const own = byModel.get(table.model);
      if (own === undefined) continue;
      const known = own.length;
      await updateTable(row, table, { db, plan, changes: own });
      changes.push(...own.slice(known));
    }
  });
}

/** The models whose tables have a row's columns: its own, then its parents'. */
export function tablesOf(meta: ModelMeta): ModelMeta[] {
  const own = meta.concrete.meta;
  return [own, ...own.parents.flatMap(({ model }) => tablesOf(model.meta))];
}

function storedAt(row: AnyRow, index: number): unknown {
  const { stored, layout } = row[stateOf];
  if (stored === undefined) return undefined;
  const at = layout === undefined ? index : layout[index]!;
  return at < 0 ? undefined : stored[at];
}

function paramOf(value: unknown, field: Field, write: Converter): unknown {
  return value === null || value === undefined ? null : write ? writeValue(write, value, field) : value;
}

/** A field whose value differs from the stored one, compared as the database would keep it, or any that is there. */
function changeOf(row: AnyRow, column: Column, { db, whole }: { db: Database; whole: boolean }): Change | undefined {
  const { index, field, write } = column;
  if (Object.getOwnPropertyDescriptor(row, field.attname)?.get) return undefined;
  const param = paramOf(preparedValue(row, field, false), field, write);
  if (whole) return field.primaryKey ? undefined : { ...column, param };
  const before = storedAt(row, index);
  return param === before || sameValue(field, before, { param, db }) ? undefined : { ...column, param };
}

/** Whether a stored value, read and written again, is the present one: finer stored values survive a save. */
function sameValue(field: Field, before: unknown, { param, db }: { param: unknown; db: Database }): boolean {
  if (before === null || before === undefined || param === null) return false;
  return field.isSameParam(field.toDatabase(field.fromDatabase(before, db.dialect), db.dialect), param);
}

function remember(row: AnyRow, meta: ModelMeta, changes: readonly Change[]): void {
  const stored = meta.fields.map((field, index) =>
    row[stateOf].stored === undefined && field.primaryKey ? row[field.attname] : storedAt(row, index),
  );
  for (const { index, param } of changes) stored[index] = param;
  row[stateOf].stored = stored;
  row[stateOf].layout = undefined;
}
