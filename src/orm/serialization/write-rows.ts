import type { Database } from "../database/database.ts";
import type { Field } from "../fields/field.ts";
import type { ModelMeta } from "../model/meta.ts";
import type { AnyRow } from "../model/rows/row.ts";
import { placeholder, quoteName } from "../names.ts";

/** A statement takes so many parameters on either database. */
const parameterLimit = 30_000;

/** Rows, and the columns that all of them have. */
interface RowsToWrite {
  readonly rows: readonly AnyRow[];
  readonly fields: readonly Field[];
}

/** Writes rows as they are into their model's own table, over those with the same key. */
export async function writeRows(db: Database, meta: ModelMeta, { rows, fields }: RowsToWrite): Promise<void> {
  const size = Math.max(1, Math.floor(parameterLimit / Math.max(1, fields.length)));
  for (let at = 0; at < rows.length; at += size) await writeBatch(db, meta, { rows: rows.slice(at, at + size), fields });
  meta.noteWrite();
}

async function writeBatch(db: Database, meta: ModelMeta, { rows, fields }: RowsToWrite): Promise<void> {
  const params = rows.flatMap((row) => fields.map((field) => field.toDatabase(row[field.attname] ?? null, db.dialect)));
  const tuples = rows.map(
    (_, row) => `(${fields.map((__, i) => placeholder(db.dialect, row * fields.length + i + 1)).join(", ")})`,
  );
  const columns = fields.map((field) => quoteName(field.column)).join(", ");
  const values = fields.length === 0 ? "DEFAULT VALUES" : `(${columns}) VALUES ${tuples.join(", ")}`;
  await db.execute(`INSERT INTO ${quoteName(meta.table)} ${values} ${overwriting(meta, fields)}`, params);
}

/** A row with the same key is written over. */
function overwriting({ primaryKey }: ModelMeta, fields: readonly Field[]): string {
  const { parts } = primaryKey;
  const sets = fields
    .filter((field) => !parts.includes(field))
    .map(({ column }) => `${quoteName(column)} = excluded.${quoteName(column)}`);
  const target = parts.map(({ column }) => quoteName(column)).join(", ");
  return `ON CONFLICT (${target}) DO ${sets.length === 0 ? "NOTHING" : `UPDATE SET ${sets.join(", ")}`}`;
}

/** Inserts a row whose key the database allots. */
export async function insertUnkeyed(
  db: Database,
  meta: ModelMeta,
  { row, fields }: { row: AnyRow; fields: readonly Field[] },
): Promise<void> {
  const { primaryKey } = meta;
  const places = fields.map((_, i) => placeholder(db.dialect, i + 1)).join(", ");
  const columns = fields.map((field) => quoteName(field.column)).join(", ");
  const values = fields.length === 0 ? "DEFAULT VALUES" : `(${columns}) VALUES (${places})`;
  const params = fields.map((field) => field.toDatabase(row[field.attname] ?? null, db.dialect));
  const given = await db.insert(`INSERT INTO ${quoteName(meta.table)} ${values}`, params, primaryKey.column);
  row[primaryKey.attname] = primaryKey.fromDatabase(given, db.dialect);
  meta.noteWrite();
}
