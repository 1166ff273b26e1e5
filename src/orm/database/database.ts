import { ormErrors } from "../errors.ts";
import type { ModelMeta } from "../model/meta.ts";
import type { ModelClass } from "../model/model-class.ts";
import type { Dialect } from "../names.ts";
import { type DatabaseUse, type MigrationHints, Routing, type RoutingOptions } from "./routing.ts";
import type { CommitOptions, Savepoint, TransactionOptions } from "./transaction-options.ts";

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
  /** The same at once, where a backend can give them without waiting; undefined where it cannot. `single`: there is one at most. */
  rowsNow?(sql: string, params: readonly unknown[], single: boolean): unknown[][] | undefined;
  /** Rows in batches, for results that do not fit in memory. */
  batches(sql: string, params: readonly unknown[], size: number): AsyncIterable<unknown[][]>;
  /** Runs a statement and says how many rows it changed. */
  execute(sql: string, params?: readonly unknown[]): Promise<{ rowCount: number }>;
  /** Runs an INSERT and gives the value that the database allotted to `column`. */
  insert(sql: string, params: readonly unknown[], column: string): Promise<unknown>;
  /** Several statements without parameters. */
  script(sql: string): Promise<void>;
  /** All or nothing; a transaction inside another is a savepoint. */
  transaction<T>(run: () => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Whether the running code is inside a transaction of this database. */
  readonly inTransaction: boolean;
  /** A place in the current transaction that one can go back to. */
  savepoint(): Promise<Savepoint>;
  /** Says that the current transaction, or savepoint, is to be rolled back at its end. */
  setRollback(rollback: boolean): void;
  /** Runs `callback` when the current transaction is committed, or at once outside one. */
  onCommit(callback: () => void | Promise<void>, options?: CommitOptions): Promise<void>;
  close(): Promise<void>;
}

declare module "#kernel" {
  interface Services {
    /** The open databases by alias. */
    databases: Record<string, Database>;
  }
}

/**
 * How it works
 *
 * The databases of a project are module state, set when it opens. With one database, `databaseFor` is a look
 * at a variable. Several, or routers, make a `Routing`, which is asked where a query names no database itself.
 */
let databases: Readonly<Record<string, Database>> = {};
let main: Database | undefined;
let routing: Routing | undefined;

/**
 * Says which databases queries use from now on; a project does it when it opens.
 *
 * ```ts
 * const routers = [{ read: ({ meta }: ModelClass) => (meta.app === "history" ? "archive" : undefined) }];
 * useDatabases({ default: await openDatabase("sqlite:db.sqlite3"), archive: db }, { routers });
 * ```
 */
export function useDatabases(open: Readonly<Record<string, Database>>, options: RoutingOptions = {}): void {
  databases = Object.assign(Object.create(null), open);
  main = databases["default"];
  const isPlain = Object.keys(open).length < 2 && (options.routers ?? []).length === 0;
  routing = isPlain ? undefined : new Routing(databases, options);
}

/** The databases that queries use now. */
export function databasesInUse(): Readonly<Record<string, Database>> {
  return databases;
}

/** How queries are routed now; undefined with one database and no routers. @internal */
export function currentRouting(): Routing | undefined {
  return routing;
}

/** Whether the routers let a database have a model's table. @internal */
export function allowsMigration(db: Database, app: string, hints: MigrationHints = {}): boolean {
  return routing === undefined || routing.allowsMigration(db, app, hints);
}

/** An open database by its alias. `await database("archive").query("SELECT 1")` @throws ORM_NO_DATABASE */
export function database(alias?: string): Database {
  return (alias === undefined ? main : databases[alias]) ?? noDatabase(alias ?? "default");
}

/**
 * The alias of the database that a query goes to; undefined means the default one. `asked` is the alias that the
 * query names, or the row that it is about.
 */
export function aliasFor(use: DatabaseUse, meta: ModelMeta, asked?: string | object): string | undefined {
  if (routing === undefined) return typeof asked === "string" ? asked : undefined;
  return routing.aliasFor(use, meta.model as ModelClass, asked);
}

/** The database that a query goes to. `databaseFor("read", Coffee.meta)` @throws ORM_NO_DATABASE */
export function databaseFor(use: DatabaseUse, meta: ModelMeta, asked?: string | object): Database {
  return database(aliasFor(use, meta, asked));
}

/** The database that rows belong to that were read from one: for a replica the one that it follows. @internal */
export function homeOf(alias: string | undefined): string | undefined {
  return alias === undefined ? undefined : routing?.homeOf(alias);
}

function noDatabase(alias: string): never {
  throw ormErrors.ORM_NO_DATABASE({ alias, known: Object.keys(databases) });
}
