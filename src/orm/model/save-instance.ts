import { type Database, database } from "../database/database.ts";
import type { Field } from "../fields/field.ts";
import { writeValue } from "../fields/write-value.ts";
import { placeholder, quoteName } from "../names.ts";
import { queryModel } from "../query/query-set.ts";
import { insertRow, preparedValue } from "./insert-row.ts";
import { stateOf } from "./instance-state.ts";
import type { ModelMeta } from "./meta.ts";
import { type AnyRow, metaOf } from "./row.ts";

export interface SaveOptions {
  /** Write these fields only. */
  only?: readonly string[];
}

/** Inserts a new row; updates the changed columns of one that is stored. */
export function saveInstance(instance: object, options: SaveOptions): Promise<void> {
  const row = instance as AnyRow;
  const meta = metaOf(row);
  return row[stateOf].stored === undefined ? insertRow(row, meta) : updateRow(row, meta, options);
}

async function updateRow(row: AnyRow, meta: ModelMeta, { only }: SaveOptions): Promise<void> {
  const db = database();
  const changes = changedFields(row, meta, db).filter(
    ({ field }) => only === undefined || only.includes(field.name) || only.includes(field.attname),
  );
  if (changes.length === 0) return;
  meta.writes++;
  const sets = changes.map(({ field }, i) => `${quoteName(field.column)} = ${placeholder(db.dialect, i + 1)}`);
  const key = quoteName(meta.primaryKey.column);
  const sql = `UPDATE ${quoteName(meta.table)} SET ${sets.join(", ")} WHERE ${key} = ${placeholder(db.dialect, changes.length + 1)}`;
  const { rowCount } = await db.execute(sql, [...changes.map(({ param }) => param), storedAt(row, 0)]);
  if (rowCount === 0) throw new meta.model.DoesNotExist(meta.label);
  remember(row, meta, changes);
}

interface Change {
  readonly index: number;
  readonly field: Field;
  readonly param: unknown;
}

function storedAt(row: AnyRow, index: number): unknown {
  const { stored, layout } = row[stateOf];
  const at = layout === undefined ? index : layout[index]!;
  return at < 0 ? undefined : stored![at];
}

/** The fields whose values differ from the stored ones, compared as the database would keep them. */
function changedFields(row: AnyRow, meta: ModelMeta, db: Database): Change[] {
  const changes: Change[] = [];
  meta.fields.forEach((field, index) => {
    if (Object.getOwnPropertyDescriptor(row, field.attname)?.get) return;
    const value = preparedValue(row, field, false);
    const write = field.writer(db.dialect);
    const param = value === null || value === undefined ? null : write ? writeValue(write, value, field) : value;
    const before = storedAt(row, index);
    if (param === before || sameValue(field, before, { param, db })) return;
    changes.push({ index, field, param });
  });
  return changes;
}

/** Whether a stored value, read and written again, is the present one: finer stored values survive a save. */
function sameValue(field: Field, before: unknown, { param, db }: { param: unknown; db: Database }): boolean {
  if (before === null || before === undefined || param === null) return false;
  return field.toDatabase(field.fromDatabase(before, db.dialect), db.dialect) === param;
}

function remember(row: AnyRow, meta: ModelMeta, changes: readonly Change[]): void {
  const stored = meta.fields.map((_, index) => storedAt(row, index));
  for (const { index, param } of changes) stored[index] = param;
  row[stateOf].stored = stored;
  row[stateOf].layout = undefined;
}

/** Reads a row again, whatever was changed on it. */
export async function refreshInstance(instance: object): Promise<void> {
  const row = instance as AnyRow;
  const meta = metaOf(row);
  const fresh = (await queryModel(meta.model).get({ pk: row["pk"] })) as AnyRow;
  for (const { attname } of meta.fields) row[attname] = fresh[attname];
  Object.assign(row[stateOf], { stored: fresh[stateOf].stored, layout: fresh[stateOf].layout, related: fresh[stateOf].related });
}
