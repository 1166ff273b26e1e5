import type { App } from "#kernel";
import type { Database } from "../../database/database.ts";
import type { Dialect } from "../../names.ts";
import { migrationErrors } from "../errors.ts";
import { stepsOf } from "../execution/executor.ts";
import { loadGraph } from "../files/loader.ts";
import { migrationKey } from "../migration.ts";
import { collectingEditor } from "../schema/schema-editor.ts";
import { requireApp } from "./require-app.ts";

/**
 * The SQL of one migration, without running it.
 *
 * ```ts
 * const statements = await sqlMigrate(apps, "postgres", { app: "shop", name: "0002" });
 * ```
 * @throws MIGRATIONS_UNKNOWN_MIGRATION, MIGRATIONS_IRREVERSIBLE
 */
export async function sqlMigrate(
  apps: readonly App[],
  db: Database | Dialect,
  { app, name, backwards = false }: { app: string; name: string; backwards?: boolean },
): Promise<string[]> {
  requireApp(apps, app);
  const graph = await loadGraph(apps);
  graph.requireApp(app);
  const migration = graph.find(app, name);
  const key = migrationKey(migration);
  const steps = stepsOf(migration, graph.state(graph.ancestors([key]).filter((one) => one !== key)));
  const { editor, statements } = collectingEditor(typeof db === "string" ? db : db.dialect);
  for (const { operation, from, to } of backwards ? steps.toReversed() : steps) {
    if (backwards && !operation.reversible)
      throw migrationErrors.MIGRATIONS_IRREVERSIBLE({ migration: key, operation: operation.describe() });
    editor.remark(operation.describe());
    if (backwards) await operation.backward({ app, editor, from: to, to: from });
    else await operation.forward({ app, editor, from, to });
  }
  return migration.atomic ? ["BEGIN;", ...statements, "COMMIT;"] : statements;
}
