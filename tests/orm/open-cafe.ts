import { defineApp } from "cortado";
import {
  clearModels,
  columnDefinition,
  type Database,
  openDatabase,
  quoteName,
  registeredModels,
  registerModels,
  useDatabases,
} from "cortado/orm";
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

/** Opens a database with the café's tables, empty. */
export async function openCafe(url: string): Promise<Database> {
  clearModels();
  registerModels(defineApp({ name: "cafe", models }));
  const db = await openDatabase(url);
  useDatabases({ default: db });
  const metas = registeredModels().map((model) => model.meta);
  if (db.dialect === "postgres")
    await db.script(metas.map(({ table }) => `DROP TABLE IF EXISTS ${quoteName(table)} CASCADE`).join("; "));
  const made = new Set<unknown>();
  while (made.size < metas.length) {
    const next = metas.find(
      (meta) =>
        !made.has(meta) &&
        meta.fields.every(({ relation }) => !relation || relation.to === meta.model || made.has(relation.to.meta)),
    )!;
    await createTable(db, next);
    made.add(next);
  }
  return db;
}

async function createTable(db: Database, meta: ReturnType<typeof registeredModels>[number]["meta"]): Promise<void> {
  const columns = meta.fields.map((field) => {
    const target = field.relation?.to.meta;
    const references = target
      ? ` REFERENCES ${quoteName(target.table)} (${quoteName(target.primaryKey.column)}) DEFERRABLE INITIALLY DEFERRED`
      : "";
    return columnDefinition(field, db.dialect) + references;
  });
  for (const constraint of meta.options.constraints ?? []) {
    if (constraint.type === "unique")
      columns.push(`UNIQUE (${constraint.fields.map((name) => quoteName(meta.field(name).column)).join(", ")})`);
  }
  await db.script(`CREATE TABLE ${quoteName(meta.table)} (${columns.join(", ")})`);
}
