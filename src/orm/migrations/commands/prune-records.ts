import type { App } from "#kernel";
import type { Database } from "../../database/database.ts";
import { migrationErrors } from "../errors.ts";
import { loadGraph } from "../files/loader.ts";
import { migrationKey } from "../migration.ts";
import { MigrationRecorder } from "../execution/recorder.ts";

/**
 * Removes the records of migrations whose files are gone, of one app or of all, and says which.
 *
 * @throws MIGRATIONS_CANNOT_PRUNE while a squashed migration lists them
 */
export async function pruneRecords(apps: readonly App[], db: Database, app?: string): Promise<string[]> {
  const graph = await loadGraph(apps);
  const recorder = new MigrationRecorder(db);
  const chosen = apps.filter((one) => app === undefined || one.name === app).map((one) => one.name);
  const gone = [...(await recorder.applied()).values()].filter(
    (one) => chosen.includes(one.app) && !graph.has(migrationKey(one)),
  );
  for (const name of chosen) {
    const names = gone.filter((one) => one.app === name).map((one) => one.name);
    const squashed = graph.migrations
      .filter((one) => one.replaces.some(([owner, old]) => owner === name && names.includes(old)))
      .map(migrationKey);
    if (squashed.length > 0) throw migrationErrors.MIGRATIONS_CANNOT_PRUNE({ app: name, names, squashed });
  }
  await db.transaction(async () => {
    for (const one of gone) await recorder.recordUnapplied(one);
  });
  return gone.map(migrationKey);
}
