import { type App, Signal } from "#kernel";
import type { Database } from "../../database/database.ts";
import type { PlanEntry } from "../commands/migrate-project.ts";

/** What receivers of `preMigrate` and `postMigrate` are told. */
export interface MigrateSignal {
  readonly apps: readonly App[];
  /** What is about to be done, or was done. */
  readonly plan: readonly PlanEntry[];
}

/**
 * Before a database is migrated, also where there is nothing to do; the sender is the database.
 *
 * ```ts
 * preMigrate.connect(({ sender: db, plan }) => console.log(db.url, plan.length));
 * ```
 */
export const preMigrate = new Signal<MigrateSignal, Database>();

/**
 * After a database was migrated, also where there was nothing to do; not when it failed. The sender is the database.
 *
 * ```ts
 * postMigrate.connect(async ({ sender: db, plan }) => { if (plan.length > 0) await db.script("ANALYZE"); });
 * ```
 */
export const postMigrate = new Signal<MigrateSignal, Database>();
