import type { App } from "#kernel";
import type { Database } from "../../database/database.ts";
import { type ExecutionOptions, MigrationExecutor, type MigrationEvent, statesBefore } from "../execution/executor.ts";
import type { MigrationGraph } from "../graph.ts";
import { type History, loadHistory } from "../history.ts";
import { withMigrationLock } from "../execution/lock.ts";
import { postMigrate, preMigrate } from "../execution/migration-signals.ts";
import { type Migration, migrationKey } from "../migration.ts";
import { makePlan, type MigrationTarget, type PlannedMigration } from "../plan.ts";
import { MigrationRecorder } from "../execution/recorder.ts";
import { pruneRecords } from "./prune-records.ts";
import { type RenamedModel, renameModelKeys, renamesOf } from "./rename-model-keys.ts";
import { requireApp } from "./require-app.ts";
import { syncTables } from "./sync-tables.ts";

/** What `migrate` was asked to do. */
export interface MigrateOptions extends MigrationTarget, ExecutionOptions {
  /** Only says what would be done. */
  plan?: boolean | undefined;
  /** Removes the records of migrations whose files are gone, of `app` or of all, and does nothing else. */
  prune?: boolean | undefined;
  /** Makes the tables of apps that have no migrations. */
  runSyncdb?: boolean | undefined;
  /** Is told of models that have another key now, also where a later migration fails. */
  onRenamed?: ((renamed: readonly RenamedModel[]) => Promise<void>) | undefined;
}

/** One step of a plan, in words. */
export interface PlanEntry {
  readonly app: string;
  readonly name: string;
  readonly direction: "forward" | "backward";
  readonly operations: readonly string[];
}

/** What `migrateProject()` did, or would do. */
export interface MigrationResult {
  readonly plan: readonly PlanEntry[];
  /** The migrations that were run, or faked: `shop.0001_initial`. Empty for `plan: true`. */
  readonly done: readonly string[];
  /** Models that have another key now, in the order in which they got it: `shop.Cafe` to `shop.Coffee`. */
  readonly renamed: readonly RenamedModel[];
  /** Records that were removed. */
  readonly pruned: readonly string[];
  /** Tables that were made for apps without migrations. */
  readonly synced: readonly string[];
}

const nothing = { plan: [], done: [], renamed: [], pruned: [], synced: [] };

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
    return { ...nothing, plan: plan.map(planEntry) };
  }
  const openly = !options.prune && (await planFor(apps, db, options)).plan.some(({ migration }) => !migration.atomic);
  return withMigrationLock(db, openly, () => migrateNow(apps, db, options));
}

async function migrateNow(apps: readonly App[], db: Database, options: MigrateOptions): Promise<MigrationResult> {
  const recorder = new MigrationRecorder(db);
  await recorder.ensureTable();
  if (options.prune) return { ...nothing, pruned: await pruneRecords(apps, db, options.app) };
  const { plan, graph, applied, settled } = await planFor(apps, db, options);
  await db.transaction(async () => {
    for (const key of settled) await recorder.recordApplied(graph.get(key));
  });
  const entries = plan.map(planEntry);
  await preMigrate.send(db, { apps, plan: entries });
  const synced = options.runSyncdb ? await syncTables(apps, db, options.app) : [];
  const done: string[] = [];
  const renamed = () => plan.filter(({ migration }) => done.includes(migrationKey(migration))).flatMap(renamesOf);
  try {
    await runPlan(db, { plan, graph, applied, done }, options);
  } finally {
    await renameModelKeys(db, renamed());
    await options.onRenamed?.(renamed());
  }
  await postMigrate.send(db, { apps, plan: entries });
  return { plan: entries, done, renamed: renamed(), pruned: [], synced };
}

interface Planned extends Pick<History, "graph" | "applied"> {
  plan: readonly PlannedMigration[];
}

interface Running extends Planned {
  /** Gets the keys of the migrations that are through, also where a later one fails. */
  done: string[];
}

async function runPlan(db: Database, { plan, graph, applied, done }: Running, options: MigrateOptions): Promise<void> {
  const report = (event: MigrationEvent): void => {
    if (event.state === "finished") done.push(`${event.app}.${event.name}`);
    options.report?.(event);
  };
  const executor = new MigrationExecutor(db, { ...options, report });
  if (plan.length > 0) await executor.run(plan, statesBefore(runOrder(graph, applied, plan)));
}

async function planFor(apps: readonly App[], db: Database, target: MigrationTarget): Promise<History & Planned> {
  const history = await loadHistory(apps, db);
  history.graph.requireNoConflicts();
  return { ...history, plan: makePlan(history.graph, history.applied, target) };
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
