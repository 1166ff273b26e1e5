import type { App } from "#kernel";
import type { Dialect } from "../../names.ts";
import { statesBefore } from "../execution/executor.ts";
import { isInstalled, migrationsFolder } from "../files/loader.ts";
import { loadFiles } from "../history.ts";
import { lintMigration, type LintNote } from "../lint/lint-migration.ts";
import { migrationKey } from "../migration.ts";
import { requireApp } from "./require-app.ts";

/** Which migrations are looked at, and for which database. */
export interface LintOptions {
  /** Only this app's migrations. */
  app?: string | undefined;
  /** Only this migration of the app and those after it. */
  from?: string | undefined;
  /** The kind of database they will run on; default PostgreSQL, which locks. */
  dialect?: Dialect | undefined;
}

/**
 * What the project's migrations risk on a database in use, accepted or not. Migrations of installed packages are left out.
 *
 * ```ts
 * const open = (await lintMigrations(apps, { app: "shop", from: "0007" })).filter((note) => !note.accepted);
 * ```
 */
export async function lintMigrations(apps: readonly App[], { app, from, dialect }: LintOptions = {}): Promise<LintNote[]> {
  if (app !== undefined) requireApp(apps, app);
  const graph = await loadFiles(apps);
  const before = statesBefore(graph.migrations);
  const own = new Set(apps.filter((one) => !isInstalled(migrationsFolder(one) ?? "")).map((one) => one.name));
  const later = app !== undefined && from !== undefined ? graph.descendants([migrationKey(graph.find(app, from))]) : graph.order;
  return graph.migrations
    .filter((one) => (app === undefined ? own.has(one.app) : one.app === app) && later.includes(migrationKey(one)))
    .flatMap((migration) => lintMigration(migration, before(migration), dialect));
}
