import { renamePermissions } from "#auth";
import { type MigrateOptions, migrateProject, type MigrationResult } from "#orm/migrations";
import type { OpenTables } from "./open-project.ts";
import { projectDatabase } from "./project-database.ts";
import { syncProjectPermissions } from "./sync-project-permissions.ts";

/** Which of a project's databases is migrated, and how. */
export interface MigrateTablesOptions extends MigrateOptions {
  /** Its alias; `default` when left out. */
  database?: string | undefined;
}

/** Migrates a database of a project, then makes the permissions that its models and handlers need; those of renamed models follow. @throws APP_UNKNOWN_DATABASE */
export async function migrateTables(
  tables: OpenTables,
  { database: alias = "default", ...options }: MigrateTablesOptions = {},
): Promise<MigrationResult> {
  const { apps } = tables.settings;
  const onRenamed = alias === "default" && apps.some((app) => app.name === "auth") ? renamePermissions : undefined;
  const result = await migrateProject(apps, projectDatabase(tables, alias), { onRenamed, ...options });
  const toTheEnd = !options.plan && !options.prune && options.target === undefined && alias === "default";
  if (toTheEnd) await syncProjectPermissions(tables);
  return result;
}
