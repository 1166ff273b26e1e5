import type { Database } from "../../database/database.ts";
import { quoteName } from "../../names.ts";
import { migrationErrors } from "../errors.ts";

/**
 * Views and triggers that read what is not there. SQLite lets a table change under them and would fail only when
 * they are next used.
 */
export async function brokenDependents(db: Database | undefined): Promise<ReadonlyMap<string, string>> {
  const rows = db ? await db.query("SELECT type, name, tbl_name FROM sqlite_master WHERE type IN ('view', 'trigger')") : [];
  const broken = new Map<string, string>();
  for (const { type, name, tbl_name } of rows) {
    const statements = type === "view" ? [`SELECT * FROM ${quoteName(String(name))}`] : await writes(db!, String(tbl_name));
    const reason = await firstFailure(db!, statements);
    if (reason !== undefined) broken.set(`${String(type)} ${String(name)}`, reason);
  }
  return broken;
}

/** Statements that would run every trigger of a table. */
async function writes(db: Database, table: string): Promise<string[]> {
  const name = quoteName(table);
  const columns = (await db.query(`PRAGMA table_xinfo(${name})`)).filter((column) => column["hidden"] === 0);
  const values = columns.map((column) => quoteName(String(column["name"]))).map((column) => `${column} = ${column}`);
  return [`DELETE FROM ${name}`, `INSERT INTO ${name} DEFAULT VALUES`, `UPDATE ${name} SET ${values.join(", ")}`];
}

/** What SQLite says of the first statement that it cannot even plan. */
async function firstFailure(db: Database, statements: readonly string[]): Promise<string | undefined> {
  for (const sql of statements) {
    try {
      await db.query(`EXPLAIN ${sql}`);
    } catch (error) {
      return ((error as Error).cause as Error | undefined)?.message ?? (error as Error).message;
    }
  }
  return undefined;
}

/** @throws MIGRATIONS_BROKEN_DEPENDENT where something broke that was whole before */
export function refuseBroken(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): void {
  for (const [what, reason] of after) if (!before.has(what)) throw migrationErrors.MIGRATIONS_BROKEN_DEPENDENT({ what, reason });
}
