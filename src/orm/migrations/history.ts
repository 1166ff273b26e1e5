import type { App } from "#kernel";
import type { Database } from "../database/database.ts";
import { loadGraph } from "./files/loader.ts";
import { MigrationGraph } from "./graph.ts";
import { requireConsistentHistory } from "./plan.ts";
import { withReplacements } from "./squash/with-replacements.ts";
import { migrationKey } from "./migration.ts";
import { type AppliedMigration, MigrationRecorder } from "./execution/recorder.ts";

/** The migrations of a project beside what a database has of them. */
export interface History {
  readonly graph: MigrationGraph;
  /** The keys of squashed migrations that the database has by those they replace, and no record of. */
  readonly settled: readonly string[];
  readonly applied: ReadonlySet<string>;
  readonly records: ReadonlyMap<string, AppliedMigration>;
}

/** Reads the files and the database's record. @throws MIGRATIONS_INCONSISTENT */
export async function loadHistory(apps: readonly App[], db: Database): Promise<History> {
  const records = await new MigrationRecorder(db).applied();
  const { graph, applied } = withSquashes(await loadGraph(apps), new Set(records.keys()));
  requireConsistentHistory(graph, applied);
  const settled = graph.migrations.filter((one) => one.replaces.length > 0).map(migrationKey);
  return { graph, applied, records, settled: settled.filter((key) => applied.has(key) && !records.has(key)) };
}

/** Reads the files, as a new database would see them: squashed migrations stand for those they replace. */
export async function loadFiles(apps: readonly App[]): Promise<MigrationGraph> {
  return withSquashes(await loadGraph(apps), new Set()).graph;
}

function withSquashes(
  loaded: MigrationGraph,
  recorded: ReadonlySet<string>,
): { graph: MigrationGraph; applied: ReadonlySet<string> } {
  if (!loaded.migrations.some((migration) => migration.replaces.length > 0)) return { graph: loaded, applied: recorded };
  const { migrations, applied } = withReplacements(loaded.migrations, recorded);
  return { graph: new MigrationGraph(migrations, loaded.surroundings), applied };
}
