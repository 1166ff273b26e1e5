import { syncPermissions } from "#auth";
import { registeredModels } from "#orm";
import { migrateProject, type MigrationResult } from "#orm/migrations";
import type { OpenTables } from "./open-project.ts";

type MigrateOptions = Parameters<typeof migrateProject>[2];

/** Migrates a project's database, then makes the permissions of its models and handlers. */
export async function migrateTables({ settings, services }: OpenTables, options: MigrateOptions = {}): Promise<MigrationResult> {
  const result = await migrateProject(settings.apps, services.databases["default"]!, options);
  if (!options?.plan && options?.target === undefined && settings.apps.some((app) => app.name === "auth")) {
    await syncPermissions(registeredModels(), handlerNames(settings.apps));
  }
  return result;
}
