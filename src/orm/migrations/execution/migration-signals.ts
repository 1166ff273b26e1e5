import { type App, Signal } from "#kernel";
import type { Database } from "../../database/database.ts";
import type { PlanEntry } from "../commands/migrate-project.ts";

export interface MigrateSignal {
  readonly apps: readonly App[];
  /** What is about to be done, or was done. */
  readonly plan: readonly PlanEntry[];
}

/**
 * Before a database is migrated, and after; the sender is the database. They are sent for an empty plan too.
 *
 * ```ts
 * postMigrate.connect(async ({ sender: db, plan }) => { if (plan.length > 0) await fillSearchIndex(db); });
 * ```
 */
export const preMigrate = new Signal<MigrateSignal, Database>();

/** After a database was migrated; not when it failed. */
export const postMigrate = new Signal<MigrateSignal, Database>();
