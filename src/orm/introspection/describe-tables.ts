import type { Database } from "../database/database.ts";
import { describePostgres } from "./describe-postgres.ts";
import { describeSqlite } from "./describe-sqlite.ts";
import type { TableDescription } from "./table-description.ts";

/**
 * The tables and views of a database, in the order of their names. Those of the database itself are left out.
 *
 * ```ts
 * for (const { name, columns } of await describeTables(db)) console.log(name, columns.length);
 * ```
 */
export function describeTables(db: Database): Promise<TableDescription[]> {
  return db.dialect === "sqlite" ? describeSqlite(db) : describePostgres(db);
}
