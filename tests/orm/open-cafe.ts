import { defineApp } from "#kernel";
import { clearModels, type Database, openDatabase, quoteName, registeredModels, registerModels, useDatabases } from "cortado/orm";
import { createTables } from "cortado/orm/migrations";
import * as models from "./cafe-models.ts";

/** The databases that a suite runs on: SQLite in memory, and PostgreSQL where `CORTADO_TEST_POSTGRES` names one. */
export const targets: readonly { name: string; url: string | undefined; skip: string | false }[] = [
  { name: "SQLite", url: "sqlite::memory:", skip: false },
  {
    name: "PostgreSQL",
    url: process.env["CORTADO_TEST_POSTGRES"],
    skip: process.env["CORTADO_TEST_POSTGRES"] ? false : "no PostgreSQL: run through node scripts/start-postgres.ts -- …",
  },
];

/** Opens a database with the tables of these models, empty, whatever an earlier test left there. */
export async function openModels(url: string, declared: Readonly<Record<string, unknown>>): Promise<Database> {
  const app = defineApp({ name: "cafe", models: declared });
  clearModels();
  registerModels(app);
  const db = await openDatabase(url);
  useDatabases({ default: db });
  if (db.dialect === "postgres") await db.script(registeredModels().map(dropTable).join("; "));
  await createTables([app], db);
  return db;
}

function dropTable({ meta }: ReturnType<typeof registeredModels>[number]): string {
  return `DROP TABLE IF EXISTS ${quoteName(meta.table)} CASCADE`;
}

/** Opens a database with the café's tables, empty. */
export function openCafe(url: string): Promise<Database> {
  return openModels(url, models);
}
