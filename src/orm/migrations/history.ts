import type { App } from "#kernel";
import type { Database } from "../database/database.ts";
import { loadGraph } from "./files/loader.ts";
import { MigrationGraph } from "./graph.ts";
import { requireConsistentHistory, withReplacements } from "./plan.ts";
import { type AppliedMigration, MigrationRecorder } from "./recorder.ts";

/** The migrations of a project beside what a database has of them. */
export interface History {
  readonly graph: MigrationGraph;
  readonly applied: ReadonlySet<string>;
  readonly records: ReadonlyMap<string, AppliedMigration>;
}

/** Reads the files and the database's record. @throws MIGRATIONS_INCONSISTENT */
export async function loadHistory(apps: readonly App[], db: Database): Promise<History> {
  const loaded = await loadGraph(apps);
  const records = await new MigrationRecorder(db).applied();
  const { migrations, applied } = withReplacements(loaded.migrations, new Set(records.keys()));
  const squashed = loaded.migrations.some((migration) => migration.replaces.length > 0);
  const graph = squashed ? new MigrationGraph(migrations, loaded.surroundings) : loaded;
  requireConsistentHistory(graph, applied);
  return { graph, applied, records };
}
