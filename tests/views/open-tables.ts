import { tmpdir } from "node:os";
import { after, before, type TestContext } from "node:test";
import type { App } from "#kernel";
import { clearModels, type Database, openDatabase, registerModels, useDatabases } from "cortado/orm";
import { migrateProject } from "cortado/orm/migrations";
import { temporaryFolder } from "../temporary-folder.ts";

/** A database in a file, with the tables of these apps. */
export async function openTables(t: TestContext, apps: readonly App[]) {
  const root = temporaryFolder();
  const database = await openDatabase("sqlite:db.sqlite3", { root });
  useDatabases({ default: database });
  for (const app of apps) registerModels(app);
  await migrateProject(
    apps.filter((app) => app.directory !== undefined),
    database,
    {},
  );
  t.after(async () => {
    await database.close();
    clearModels();
  });
  return database;
}

/** Opens the tables of an app for the tests of a file, in PostgreSQL where there is one. */
export function openTablesOf(app: App): void {
  const url = process.env["CORTADO_TEST_POSTGRES"] ?? "sqlite::memory:";
  let database: Database;
  before(async () => {
    database = await openDatabase(url, { root: tmpdir() });
    useDatabases({ default: database });
    registerModels(app);
    await migrateProject([app], database, {});
  });
  after(async () => {
    await database.close();
    clearModels();
  });
}
