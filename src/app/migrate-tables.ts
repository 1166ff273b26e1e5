import { syncPermissions } from "#auth";
import { registeredModels } from "#orm";
import { type MigrateOptions, migrateProject, type MigrationResult } from "#orm/migrations";
import { isHandler } from "#serving";
import type { OpenTables } from "./open-project.ts";

/** Migrates a project's database, then makes the permissions that its models and handlers need. */
export async function migrateTables({ settings, services }: OpenTables, options: MigrateOptions = {}): Promise<MigrationResult> {
  const result = await migrateProject(settings.apps, services.databases["default"]!, options);
  const toTheEnd = !options.plan && options.target === undefined;
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
