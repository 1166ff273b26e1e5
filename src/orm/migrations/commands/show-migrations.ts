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

/** A migration in the order of application. */
export interface PlannedStep {
  readonly app: string;
  /** `shop.0002_coffee_price`. */
  readonly key: string;
  readonly applied: boolean;
  /** The migrations that it depends on. */
  readonly after: readonly string[];
}

/** Every migration in the order in which a new database applies them. */
export async function showPlan(apps: readonly App[], db: Database): Promise<PlannedStep[]> {
  const { graph, applied } = await loadHistory(apps, db);
  return graph.migrations.map((migration) => {
    const key = migrationKey(migration);
    return { app: migration.app, key, applied: applied.has(key), after: graph.parents(key) };
  });
}
