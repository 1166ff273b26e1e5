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
    const reason = await firstFailure(db!, type === "view" ? [`SELECT * FROM ${quoteName(String(name))}`] : writes(String(tbl_name)));
    if (reason !== undefined) broken.set(`${String(type)} ${String(name)}`, reason);
  }
  return broken;
}

/** Statements that run every trigger of a table, were they run. */
function writes(table: string): string[] {
  const name = quoteName(table);
  return [`DELETE FROM ${name}`, `INSERT INTO ${name} SELECT * FROM ${name}`, `UPDATE ${name} SET rowid = rowid`];
}

async function firstFailure(db: Database, statements: readonly string[]): Promise<string | undefined> {
  for (const sql of statements) {
    const failure = await db.query(`EXPLAIN ${sql}`).then(
      () => undefined,
      (error: Error) => error.message,
    );
    if (failure !== undefined && /no such|no column|has no/.test(failure)) return failure.split("\n")[0];
  }
  return undefined;
}

/** @throws MIGRATIONS_BROKEN_DEPENDENT where something broke that was whole before */
export function refuseBroken(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): void {
  for (const [what, reason] of after) if (!before.has(what)) throw migrationErrors.MIGRATIONS_BROKEN_DEPENDENT({ what, reason });
}
