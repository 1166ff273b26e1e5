import type { Database } from "../../database/database.ts";
import { historicalModels } from "../state/historical-models.ts";
import type { Migration } from "../migration.ts";
import type { ProjectState } from "../state/project-state.ts";
import { existingColumns } from "../schema/existing-columns.ts";
import { tableShapes } from "../schema/table-shape.ts";

/** Whether a migration begins its app's history. */
export function isInitial({ app, dependencies }: Migration): boolean {
  return dependencies.every(([owner]) => owner !== app);
}

/**
 * Whether a database has every table and column that an app's first migration makes, so that it can be
 * recorded without being run. A migration that makes neither is run.
 */
export async function isAlreadyThere(
  db: Database,
  { app, operations }: Migration,
  after: ProjectState | undefined,
): Promise<boolean> {
  const made = new Set(operations.flatMap(({ kind, options }) => (kind === "createModel" ? [String(options["name"])] : [])));
  const added = operations.flatMap(({ kind, options }) => (kind === "addField" ? [String(options["model"])] : []));
  if (after === undefined || made.size + added.length === 0) return false;
  const models = historicalModels(after);
  const names = [...new Set([...made, ...added])].filter((name) => after.get(`${app}.${name}`));
  const shapes = names.flatMap((name) => tableShapes(models.shape(app, name), db.dialect));
  for (const shape of shapes) {
    const columns = await existingColumns(db, shape.name);
    if (!shape.columns.every((column) => columns.has(column.name))) return false;
  }
  return shapes.length > 0;
}
