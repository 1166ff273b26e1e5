import { syncPermissions } from "#auth";
import { registeredModels } from "#orm";
import { type MigrateOptions, migrateProject, type MigrationResult } from "#orm/migrations";
import { isHandler } from "#serving";
import { appErrors } from "./errors.ts";
import type { OpenTables } from "./open-project.ts";

/** Which of a project's databases is migrated, and how. */
export interface MigrateTablesOptions extends MigrateOptions {
  /** Its alias; `default` when left out. */
  database?: string | undefined;
}

/** Migrates a database of a project, then makes the permissions that its models and handlers need. @throws APP_UNKNOWN_DATABASE */
export async function migrateTables(
  { settings, services }: OpenTables,
  { database: alias = "default", ...options }: MigrateTablesOptions = {},
): Promise<MigrationResult> {
  const database = services.databases[alias];
  if (database === undefined) throw appErrors.APP_UNKNOWN_DATABASE({ given: alias, databases: Object.keys(services.databases) });
  const result = await migrateProject(settings.apps, database, options);
  const toTheEnd = !options.plan && options.target === undefined && alias === "default";
  if (toTheEnd && settings.apps.some((app) => app.name === "auth"))
    await syncPermissions(registeredModels(), handlerNames(settings.apps));
  return result;
}

function handlerNames(apps: OpenTables["settings"]["apps"]): string[] {
  return apps
    .flatMap((app) => Object.values(app.handlers ?? {}))
    .filter(isHandler)
    .map((handler) => handler.name);
}
