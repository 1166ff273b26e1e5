import { ormErrors } from "../errors.ts";
import type { Dialect } from "../names.ts";

/**
 * An open database. Placeholders are `?` on SQLite and `$1` on PostgreSQL; inside `transaction` every
 * query of the same asynchronous call belongs to it.
 */
export interface Database {
  readonly dialect: Dialect;
  /** Where it is, without a password. */
  readonly url: string;
  /** Rows as objects by column name. */
  query(sql: string, params?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** Rows as arrays in the order of the columns: what the ORM itself reads. */
  rows(sql: string, params?: readonly unknown[]): Promise<unknown[][]>;
  /** The same at once, where a backend can give them without waiting; undefined where it cannot. */
  rowsNow?(sql: string, params: readonly unknown[]): unknown[][] | undefined;
  /** Rows in batches, for results that do not fit in memory. */
  batches(sql: string, params: readonly unknown[], size: number): AsyncIterable<unknown[][]>;
  /** Runs a statement and says how many rows it changed. */
  execute(sql: string, params?: readonly unknown[]): Promise<{ rowCount: number }>;
  /** Runs an INSERT and gives the value that the database allotted to `column`. */
  insert(sql: string, params: readonly unknown[], column: string): Promise<unknown>;
  /** Several statements without parameters. */
  script(sql: string): Promise<void>;
  /** All or nothing; a transaction inside another is a savepoint. */
  transaction<T>(run: () => Promise<T>): Promise<T>;
  /** Runs `callback` when the current transaction is committed, or at once outside one. */
  onCommit(callback: () => void | Promise<void>): Promise<void>;
  close(): Promise<void>;
}

declare module "#kernel" {
  interface Services {
    /** The open databases by alias. */
    databases: Record<string, Database>;
  }
}

let databases: Readonly<Record<string, Database>> = {};

/** Says which databases queries use from now on; a project does it when it opens. */
export function useDatabases(open: Readonly<Record<string, Database>>): void {
  databases = Object.assign(Object.create(null), open);
}

/** The databases that queries use now. */
export function databasesInUse(): Readonly<Record<string, Database>> {
  return databases;
}

/** An open database by its alias. @throws ORM_NO_DATABASE */
export function database(alias = "default"): Database {
  return databases[alias] ?? noDatabase(alias);
}

function noDatabase(alias: string): never {
  throw ormErrors.ORM_NO_DATABASE({ alias, known: Object.keys(databases) });
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
 * ```
 */
export function transaction<T>(run: () => Promise<T>): Promise<T> {
  return database().transaction(run);
}

/** Runs `callback` after the transaction is committed, or at once outside one; not at all when it is rolled back. */
export function onCommit(callback: () => void | Promise<void>): Promise<void> {
  return database().onCommit(callback);
}
