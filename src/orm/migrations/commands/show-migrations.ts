import type { App } from "#kernel";
import type { Database } from "../../database/database.ts";
import { loadHistory } from "../history.ts";
import { migrationKey } from "../migration.ts";

/** The migrations of one app, in order. */
export interface AppMigrations {
  readonly app: string;
  readonly migrations: readonly { readonly name: string; readonly applied: Date | undefined }[];
  /** Migrations that the database has and the files have not. */
  readonly missing: readonly string[];
}

/** Every app's migrations and when each was applied. */
export async function showMigrations(apps: readonly App[], db: Database): Promise<AppMigrations[]> {
  const { graph, applied, records } = await loadHistory(apps, db);
  return apps.map(({ name: app }) => ({
    app,
    migrations: graph.ofApp(app).map((migration) => ({ name: migration.name, applied: appliedAt(migrationKey(migration)) })),
    missing: [...records.values()].filter((one) => one.app === app && !isKnown(migrationKey(one))).map((one) => one.name),
  }));

  function appliedAt(key: string): Date | undefined {
    return records.get(key)?.applied ?? (applied.has(key) ? new Date(0) : undefined);
  }

  function isKnown(key: string): boolean {
    return graph.has(key) || graph.migrations.some((one) => one.replaces.some((reference) => reference.join(".") === key));
  }
}

/** The keys of migrations that a database lacks: `shop.0002_coffee_price`. */
export async function unappliedMigrations(apps: readonly App[], db: Database): Promise<string[]> {
  const { graph, applied } = await loadHistory(apps, db);
  return graph.order.filter((key) => !applied.has(key));
}
