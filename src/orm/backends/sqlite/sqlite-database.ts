import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../../database/database.ts";
import { FifoLock } from "../../database/fifo-lock.ts";
import { type TransactionScope, Transactions } from "../../database/transactions.ts";
import { ormErrors } from "../../errors.ts";
import { isBusy, translateSqliteError } from "./sqlite-errors.ts";
import { registerFunctions } from "./sql-functions.ts";
import { StatementCache } from "./statement-cache.ts";

/** An open file with its prepared statements. */
class Connection {
  readonly handle: DatabaseSync;
  readonly statements: StatementCache;

  constructor(file: string, readOnly: boolean) {
    this.handle = new DatabaseSync(file, { enableForeignKeyConstraints: true, timeout: 0 });
    if (file !== ":memory:")
      this.handle.exec(readOnly ? "PRAGMA query_only = ON" : "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    this.handle.exec("PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY");
    registerFunctions(this.handle);
    this.statements = new StatementCache(this.handle);
  }
}

type Work<T> = (connection: Connection) => T;
type Params = readonly SQLInputValue[];

/**
 * How it works
 *
 * One connection writes, and only one thing writes at a time: an asynchronous first-in-first-out lock
 * is held for a statement, or from BEGIN to COMMIT. Two writing connections would block the event loop
 * for the whole busy time-out, and a shared connection without the lock would let a stranger's ROLLBACK
 * take an acknowledged row. Reads outside a transaction use a second connection, which in WAL mode sees
 * what is committed and waits for nobody. A database in memory has one connection, under the same lock.
 * Another process's lock is waited for here, asynchronously: the driver's own time-out is 0.
 */
export class SqliteDatabase implements Database {
  readonly dialect = "sqlite";
  readonly url: string;
  readonly #writer: Connection;
  readonly #reader: Connection;
  readonly #lock = new FifoLock();
  readonly #transactions: Transactions<Connection>;
  readonly #timeout: number;
  #closed = false;

  constructor(url: string, file: string, timeout: number) {
    this.url = url;
    this.#timeout = timeout;
    this.#writer = new Connection(file, false);
    this.#reader = file === ":memory:" ? this.#writer : new Connection(file, true);
    this.#transactions = new Transactions({
      begin: () => this.#begin(),
      commit: (connection) => this.#attempt(connection, "COMMIT", () => connection.handle.exec("COMMIT")),
      rollback: async ({ handle }) => {
        if (handle.isTransaction) handle.exec("ROLLBACK");
      },
      release: () => this.#lock.release(),
      savepoint: async ({ handle }, sql) => handle.exec(sql),
    });
  }

  query(sql: string, params: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
    const work: Work<Record<string, unknown>[]> = ({ statements }) =>
      allRows(statements.objects(sql), params as Params) as Record<string, unknown>[];
    return isRead(sql) ? this.#read(sql, work) : this.#write(sql, work);
  }
  rows(sql: string, params: readonly unknown[] = []): Promise<unknown[][]> {
    const work: Work<unknown[][]> = ({ statements }) =>
      allRows(statements.arrays(sql), params as Params) as unknown as unknown[][];
    return isRead(sql) ? this.#read(sql, work) : this.#write(sql, work);
  }
  /** A read outside a transaction waits for nobody, unless another process holds the file. */
  rowsNow(sql: string, params: readonly unknown[]): unknown[][] | undefined {
    if (this.#closed || this.#transactions.scope !== undefined || (this.#reader === this.#writer && this.#lock.isHeld))
      return undefined;
    try {
      return allRows(this.#reader.statements.arrays(sql), params as Params) as unknown as unknown[][];
    } catch {
      // The asynchronous way meets the same error, and waits or explains.
      return undefined;
    }
  }
  execute(sql: string, params: readonly unknown[] = []): Promise<{ rowCount: number }> {
    return this.#write(sql, ({ statements }) => ({
      rowCount: Number(statements.arrays(sql).run(...(params as Params)).changes),
    }));
  }
  insert(sql: string, params: readonly unknown[], _column: string): Promise<unknown> {
    return this.#write(sql, ({ statements }) => statements.arrays(sql).run(...(params as Params)).lastInsertRowid);
  }
  script(sql: string): Promise<void> {
    return this.#write(sql, ({ handle }) => handle.exec(sql));
  }
  transaction<T>(run: () => Promise<T>): Promise<T> {
    return this.#transactions.run(run);
  }
  onCommit(callback: () => void | Promise<void>): Promise<void> {
    return this.#transactions.onCommit(callback);
  }

  async *batches(sql: string, params: readonly unknown[], size: number): AsyncIterable<unknown[][]> {
    // A statement of its own: a cached one may be run again while this one is still being read.
    const rows = await this.#read(sql, ({ handle }) => {
      const statement = handle.prepare(sql);
      statement.setReturnArrays(true);
      return statement.iterate(...(params as Params)) as unknown as Iterator<unknown[]> & Iterable<unknown[]>;
    });
    let batch: unknown[][] = [];
    for (const row of rows) {
      if (batch.push(row) < size) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    await this.#lock.acquire();
    this.#closed = true;
    this.#lock.release();
    for (const { handle, statements } of new Set([this.#reader, this.#writer])) {
      statements.clear();
      handle.close();
    }
  }

  #read<T>(sql: string, work: Work<T>): Promise<T> {
    const scope = this.#transactions.scope;
    if (scope) return this.#inScope(scope, sql, work);
    return this.#reader === this.#writer ? this.#write(sql, work) : this.#attempt(this.#reader, sql, work);
  }

  /** A statement alone is over before anything else can run, so it needs the lock to be free, not to be held. */
  #write<T>(sql: string, work: Work<T>): Promise<T> {
    const scope = this.#transactions.scope;
    if (scope) return this.#inScope(scope, sql, work);
    if (!this.#lock.isHeld) return this.#attempt(this.#writer, sql, work);
    return this.#lock.run(() => this.#attempt(this.#writer, sql, work));
  }

  #inScope<T>(scope: TransactionScope<Connection>, sql: string, work: Work<T>): Promise<T> {
    if (!scope.lock.isHeld) return this.#attempt(scope.connection, sql, work);
    return scope.lock.run(() => this.#attempt(scope.connection, sql, work));
  }

  async #begin(): Promise<Connection> {
    await this.#lock.acquire();
    try {
      await this.#attempt(this.#writer, "BEGIN IMMEDIATE", ({ handle }) => handle.exec("BEGIN IMMEDIATE"));
    } catch (error) {
      this.#lock.release();
      throw error;
    }
    return this.#writer;
  }

  async #attempt<T>(connection: Connection, sql: string, work: Work<T>): Promise<T> {
    if (this.#closed) throw ormErrors.ORM_DATABASE_CLOSED({ url: this.url });
    try {
      return work(connection);
    } catch (error) {
      if (!isBusy(error)) throw translateSqliteError(error, sql);
      return this.#retry(connection, sql, work);
    }
  }

  async #retry<T>(connection: Connection, sql: string, work: Work<T>): Promise<T> {
    const end = Date.now() + this.#timeout;
    for (let pause = 1; ; pause = Math.min(pause * 2, 50)) {
      await sleep(pause);
      try {
        return work(connection);
      } catch (error) {
        if (!isBusy(error)) throw translateSqliteError(error, sql);
        if (Date.now() > end) throw ormErrors.ORM_DATABASE_BUSY({ url: this.url, milliseconds: this.#timeout, cause: error });
      }
    }
  }
}

function isRead(sql: string): boolean {
  return (
    sql.startsWith("SELECT") || /^\s*(?:select|with|values|explain|pragma)\b(?!.*\b(?:insert|update|delete|=)\b)/is.test(sql)
  );
}

/** All rows; integers too large for a number come as bigint. */
function allRows(statement: StatementSync, params: Params): unknown[] {
  try {
    return statement.all(...params);
  } catch (error) {
    if ((error as { code?: string }).code !== "ERR_OUT_OF_RANGE") throw error;
    return largeRows(statement, params);
  }
}

function largeRows(statement: StatementSync, params: Params): unknown[] {
  statement.setReadBigInts(true);
  try {
    const shrink = (value: unknown) =>
      typeof value === "bigint" && BigInt(Number(value)) === value && Number.isSafeInteger(Number(value)) ? Number(value) : value;
    return statement
      .all(...params)
      .map((row) =>
        Array.isArray(row)
          ? row.map(shrink)
          : Object.fromEntries(Object.entries(row).map(([name, value]) => [name, shrink(value)])),
      );
  } finally {
    statement.setReadBigInts(false);
  }
}
