import type { Database } from "../database/database.ts";
import type { ModelClass } from "../model/model-class.ts";
import { quoteName } from "../names.ts";

/** Has PostgreSQL allot keys above those that were written by hand; SQLite does so by itself. */
export async function raiseIdentityValues(db: Database, models: Iterable<ModelClass>): Promise<void> {
  if (db.dialect === "sqlite") return;
  for (const { meta } of models) {
    if (!meta.primaryKey.autoIncrement) continue;
    const [table, column] = [quoteName(meta.table), quoteName(meta.primaryKey.column)];
    const sequence = "pg_get_serial_sequence($1, $2)";
    await db.query(
      `SELECT setval(${sequence}, COALESCE((SELECT MAX(${column}) FROM ${table}), 1), (SELECT MAX(${column}) FROM ${table}) IS NOT NULL) WHERE ${sequence} IS NOT NULL`,
      [table, meta.primaryKey.column],
    );
  }
}
