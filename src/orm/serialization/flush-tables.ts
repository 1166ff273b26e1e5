import type { App } from "#kernel";
import { database } from "../database/database.ts";
import type { ModelMeta } from "../model/meta.ts";
import { quoteName, quoteText } from "../names.ts";
import { storedModels } from "./label-selection.ts";

/**
 * Deletes every row of the apps' tables and begins their numbering anew; tables and the record of migrations stay.
 * Gives the SQL; with `dryRun` it does nothing else.
 */
export async function flushTables(
  apps: readonly App[],
  options: { database?: string | undefined; dryRun?: boolean | undefined } = {},
): Promise<string[]> {
  const db = database(options.database);
  const tables = tablesOf(storedModels(apps).map(({ meta }) => meta));
  const statements = db.dialect === "sqlite" ? sqliteFlush(tables) : postgresFlush(tables);
  if (options.dryRun) return statements;
  await db.transaction(async () => {
    if (db.dialect === "sqlite") await db.execute("PRAGMA defer_foreign_keys = ON");
    for (const sql of statements) await db.execute(sql);
  });
  return statements;
}

/** The tables of models, and those between them. */
function tablesOf(metas: readonly ModelMeta[]): string[] {
  const managed = metas.filter(({ options }) => options.managed !== false);
  const middle = managed.flatMap(({ localManyToMany }) => localManyToMany.map((field) => field.relation!.through!.meta.table));
  return [...new Set([...managed.map(({ table }) => table), ...middle])];
}

function sqliteFlush(tables: readonly string[]): string[] {
  const names = tables.map(quoteText).join(", ");
  return [...tables.map((table) => `DELETE FROM ${quoteName(table)}`), `DELETE FROM sqlite_sequence WHERE name IN (${names})`];
}

function postgresFlush(tables: readonly string[]): string[] {
  return tables.length === 0 ? [] : [`TRUNCATE ${tables.map(quoteName).join(", ")} RESTART IDENTITY CASCADE`];
}
