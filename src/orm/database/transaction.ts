import { database } from "./database.ts";
import type { CommitOptions, Savepoint, TransactionOptions } from "./transaction-options.ts";

interface OfDatabase {
  /** The alias of the database; the default one when left out. */
  database?: string | undefined;
}

/**
 * All or nothing: what `run` awaits is committed together, or rolled back when it throws.
 *
 * ```ts
 * await transaction(async () => {
 *   await order.save();
 *   await transaction(async () => { … }); // a savepoint
 *   await onCommit(() => sendReceipt(order));
 * });
 * await transaction(() => order.delete(), { isolation: "serializable", retry: 3 });
 * ```
 * With `retry`, `run` is called again after a conflict with another transaction, so it must do nothing outside of the database
 * that may not happen twice; callbacks of `onCommit` run for the attempt that was committed.
 * @throws ORM_TRANSACTION_NOT_AWAITED, ORM_BAD_TRANSACTION
 */
export function transaction<T>(run: () => Promise<T>, options: TransactionOptions & OfDatabase = {}): Promise<T> {
  return database(options.database).transaction(run, options);
}

/**
 * Runs `callback` after the transaction is committed, or at once outside one; not at all when it is rolled back.
 *
 * ```ts
 * await onCommit(() => sendReceipt(order), { robust: true });
 * ```
 */
export function onCommit(callback: () => void | Promise<void>, options: CommitOptions & OfDatabase = {}): Promise<void> {
  return database(options.database).onCommit(callback, options);
}

/**
 * A place in the current transaction that one can go back to.
 *
 * ```ts
 * const before = await savepoint();
 * try { await order.save(); } catch { await before.rollback(); }
 * ```
 * @throws ORM_BAD_TRANSACTION outside a transaction
 */
export function savepoint(options: OfDatabase = {}): Promise<Savepoint> {
  return database(options.database).savepoint();
}

/**
 * Rolls the current transaction, or the savepoint around the running code, back when its function ends, without an error.
 *
 * ```ts
 * await transaction(async () => {
 *   await roaster.save();
 *   if (!roaster.country) setRollback();
 * });
 * ```
 * @throws ORM_BAD_TRANSACTION outside a transaction
 */
export function setRollback(rollback = true, options: OfDatabase = {}): void {
  database(options.database).setRollback(rollback);
}

/** Whether the running code is inside a transaction. `if (!inTransaction()) await transaction(() => coffee.save())` */
export function inTransaction(options: OfDatabase = {}): boolean {
  return database(options.database).inTransaction;
}
