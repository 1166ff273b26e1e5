import type { App } from "#kernel";
import { allowsMigration, type Database } from "../../database/database.ts";
import { declaredState } from "../state/declared-state.ts";
import { historicalModels } from "../state/historical-models.ts";
import { loadFiles } from "../history.ts";
import { type ModelState, ProjectState } from "../state/project-state.ts";
import { existingColumns } from "../schema/existing-columns.ts";
import { schemaEditor } from "../schema/schema-editor.ts";
import { tableShapes } from "../schema/table-shape.ts";

/** Makes the tables that are missing of apps without migrations, as their models declare them, and says which. */
export async function syncTables(apps: readonly App[], db: Database, app?: string): Promise<string[]> {
  const graph = await loadFiles(apps);
  const wanted = declaredState(apps);
  const models = historicalModels(wanted);
  const missing = new Map<ModelState, string>();
  for (const model of wanted.models()) {
    if (graph.ofApp(model.app).length > 0 || (app !== undefined && model.app !== app)) continue;
    if (!allowsMigration(db, model.app, { model: model.name })) continue;
    const [shape] = tableShapes(models.shape(model.app, model.name), db.dialect);
    if (shape && (await existingColumns(db, shape.name)).size === 0) missing.set(model, shape.name);
  }
  const from = new ProjectState(wanted.models().filter((model) => !missing.has(model)));
  if (missing.size > 0) await db.transaction(() => schemaEditor(db).transform(from, wanted, {}));
  return [...missing.values()];
}
