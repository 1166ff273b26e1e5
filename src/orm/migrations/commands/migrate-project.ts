import type { App } from "#kernel";
import type { Database } from "../../database/database.ts";
import { MigrationExecutor, type MigrationEvent, statesBefore } from "../executor.ts";
import type { MigrationGraph } from "../graph.ts";
import { loadHistory } from "../history.ts";
import { withMigrationLock } from "../lock.ts";
import { type Migration, migrationKey } from "../migration.ts";
import { makePlan, type MigrationTarget, type PlannedMigration } from "../plan.ts";
import { MigrationRecorder } from "../recorder.ts";
import { requireApp } from "./make-migrations.ts";

/** What `migrate` was asked to do. */
export interface MigrateOptions extends MigrationTarget {
  /** Only says what would be done. */
  plan?: boolean | undefined;
  /** Records the migrations as applied, or not, without running them. */
  fake?: boolean | undefined;
  /** Called as each migration starts and ends. */
  report?: ((event: MigrationEvent) => void) | undefined;
}

/** One step of a plan, in words. */
export interface PlanEntry {
  readonly app: string;
  readonly name: string;
  readonly direction: "forward" | "backward";
  readonly operations: readonly string[];
}

export interface MigrationResult {
  readonly plan: readonly PlanEntry[];
  /** The migrations that were run, or faked: `shop.0001_initial`. Empty for `plan: true`. */
  readonly done: readonly string[];
}

/**
 * Brings a database to the last migration of every app, or to a target.
 *
 * ```ts
 * await migrateProject(apps, db);
 * await migrateProject(apps, db, { app: "shop", target: "0001" });
 * await migrateProject(apps, db, { app: "shop", target: "zero", plan: true });
 * ```
 * @throws MIGRATIONS_CONFLICT, MIGRATIONS_FAILED, MIGRATIONS_IRREVERSIBLE, MIGRATIONS_UNKNOWN_MIGRATION
 */
export async function migrateProject(apps: readonly App[], db: Database, options: MigrateOptions = {}): Promise<MigrationResult> {
  if (options.app !== undefined) requireApp(apps, options.app);
  if (options.plan) {
    const { plan } = await planFor(apps, db, options);
    return { plan: plan.map(planEntry), done: [] };
  }
  return withMigrationLock(db, () => migrateNow(apps, db, options));
}

async function migrateNow(apps: readonly App[], db: Database, options: MigrateOptions): Promise<MigrationResult> {
  await new MigrationRecorder(db).ensureTable();
  const { plan, graph, applied } = await planFor(apps, db, options);
  const done: string[] = [];
  const report = (event: MigrationEvent): void => {
    if (event.state === "finished") done.push(`${event.app}.${event.name}`);
    options.report?.(event);
  };
  const executor = new MigrationExecutor(db, { fake: options.fake, report });
  if (plan.length > 0) await executor.run(plan, statesBefore(runOrder(graph, applied, plan)));
  return { plan: plan.map(planEntry), done };
}

async function planFor(apps: readonly App[], db: Database, target: MigrationTarget) {
  const { graph, applied } = await loadHistory(apps, db);
  graph.requireNoConflicts();
  return { graph, applied, plan: makePlan(graph, applied, target) };
}

/** The migrations that the database has, then those to come: an app's new migration may sort before an older one of another. */
function runOrder(graph: MigrationGraph, applied: ReadonlySet<string>, plan: readonly PlannedMigration[]): Migration[] {
  const had = graph.migrations.filter((migration) => applied.has(migrationKey(migration)));
  return [...had, ...plan.filter(({ direction }) => direction === "forward").map(({ migration }) => migration)];
}

function planEntry({ migration, direction }: PlannedMigration): PlanEntry {
  const operations = migration.operations.map((operation) => operation.describe());
  return {
    app: migration.app,
    name: migration.name,
    direction,
    operations: direction === "forward" ? operations : operations.reverse(),
  };
}
