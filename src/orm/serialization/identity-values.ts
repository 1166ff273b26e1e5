import type { Database } from "../database/database.ts";
import { raiseIdentitySql } from "../database/raise-identity.ts";
import type { ModelClass } from "../model/model-class.ts";

/** Has PostgreSQL allot keys above those that were written by hand; SQLite does so by itself. */
export async function raiseIdentityValues(db: Database, models: Iterable<ModelClass>): Promise<void> {
  if (db.dialect === "sqlite") return;
  for (const { meta } of models) {
    if (meta.primaryKey.autoIncrement) await db.query(raiseIdentitySql(meta.table, meta.primaryKey.column));
  }
}
