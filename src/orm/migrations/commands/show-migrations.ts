import type { App } from "#kernel";
import type { Database } from "../../database/database.ts";
import { loadHistory } from "../history.ts";
import { type Migration, migrationKey } from "../migration.ts";
import { requireApp } from "./require-app.ts";

/** The migrations of one app, in order. */
export interface AppMigrations {
  readonly app: string;
  readonly migrations: readonly {
    readonly name: string;
    readonly isApplied: boolean;
    /** When it was; undefined also for a squashed one that a database has by those it replaces. */
    readonly applied: Date | undefined;
  }[];
  /** Migrations that the database has and the files have not. */
  readonly missing: readonly string[];
}

/**
 * The migrations of every app, or of one, and which a database has.
 *
 * ```ts
 * for (const { app, migrations } of await showMigrations(apps, db)) console.log(app, migrations.length);
 * ```
 * @throws MIGRATIONS_UNKNOWN_APP
 */
export async function showMigrations(apps: readonly App[], db: Database, only?: string): Promise<AppMigrations[]> {
  if (only !== undefined) requireApp(apps, only);
  const { graph, applied, records } = await loadHistory(apps, db);
  const names = only === undefined ? apps.map(({ name }) => name) : [only];
  return names.map((app) => ({
    app,
    migrations: graph.ofApp(app).map(stateOf),
    missing: [...records.values()].filter((one) => one.app === app && !isKnown(migrationKey(one))).map((one) => one.name),
  }));

  function stateOf(migration: Migration): AppMigrations["migrations"][number] {
    const key = migrationKey(migration);
    return { name: migration.name, isApplied: applied.has(key), applied: records.get(key)?.applied };
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
  readonly isApplied: boolean;
  /** The migrations that it depends on. */
  readonly after: readonly string[];
}

/**
 * Every migration, or those of one app, in the order in which a new database applies them.
 *
 * ```ts
 * for (const { key, after } of await showPlan(apps, db, "shop")) console.log(key, after);
 * ```
 * @throws MIGRATIONS_UNKNOWN_APP
 */
export async function showPlan(apps: readonly App[], db: Database, only?: string): Promise<PlannedStep[]> {
  if (only !== undefined) requireApp(apps, only);
  const { graph, applied } = await loadHistory(apps, db);
  const shown = only === undefined ? graph.migrations : graph.ofApp(only);
  return shown.map((migration) => {
    const key = migrationKey(migration);
    return { app: migration.app, key, isApplied: applied.has(key), after: graph.parents(key) };
  });
}
