import { flushTables } from "#orm/serialization";
import type { OpenTables } from "./open-project.ts";
import { projectDatabase } from "./project-database.ts";
import { syncProjectPermissions } from "./sync-project-permissions.ts";

/**
 * Deletes every row of a project's tables in a database, and makes the permissions anew. Gives the SQL; with `dryRun` it does
 * nothing else. @throws APP_UNKNOWN_DATABASE
 */
export async function flushProject(
  tables: OpenTables,
  options: { database?: string | undefined; dryRun?: boolean | undefined },
): Promise<string[]> {
  projectDatabase(tables, options.database);
  const statements = await flushTables(tables.settings.apps, options);
  if (!options.dryRun && (options.database ?? "default") === "default") await syncProjectPermissions(tables);
  return statements;
}
