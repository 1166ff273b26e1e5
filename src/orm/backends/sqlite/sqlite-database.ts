import type { SQLInputValue } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../../database/database.ts";
import { OperationalError } from "../../database/database-errors.ts";
import { FifoLock } from "../../database/fifo-lock.ts";
import { isWatching, watched } from "../../database/query-watch.ts";
import type { CommitOptions, Savepoint, TransactionOptions } from "../../database/transaction-options.ts";
import { type TransactionScope, Transactions } from "../../database/transactions.ts";
import { ormErrors } from "../../errors.ts";
import { loopTurns } from "./loop-turns.ts";
import { SnapshotConnections, SqliteConnection } from "./sqlite-connection.ts";
import { isBusy, translateSqliteError } from "./sqlite-errors.ts";
import { allRows, isRead, largeRows, singleRow } from "./sqlite-rows.ts";

type Work<T> = (connection: SqliteConnection) => T;
type Params = readonly SQLInputValue[];
type LockedConnection = Pick<TransactionScope<SqliteConnection>, "connection" | "lock">;

/** How a file is opened. */
export interface SqliteOptions {
  /** How long the lock of another process is waited for, in milliseconds. */
  readonly timeout: number;
  readonly readOnly: boolean;
  readonly synchronous: "normal" | "full";
}

/**
 * How it works
 *
 * One connection writes, and only one thing writes at a time: an asynchronous first-in-first-out lock
 * is held for a statement, or from BEGIN to COMMIT. Two writing connections would block the event loop
 * for the whole busy time-out, and a shared connection without the lock would let a stranger's ROLLBACK
 * take an acknowledged row. Reads outside a transaction use a second connection, which in WAL mode sees
 * what is committed and waits for nobody. What reads for longer than a statement, batches and read-only
 * transactions, has connections of its own. A database in memory has one connection, under the same lock.
 * Another process's lock is waited for here, asynchronously: the driver's own time-out is 0.
 */
export class SqliteDatabase implements Database {
  readonly dialect = "sqlite";
  readonly url: string;
  readonly #writer: SqliteConnection;
  readonly #reader: SqliteConnection;
  readonly #snapshots: SnapshotConnections | undefined;
  readonly #lock = new FifoLock();
  readonly #transactions: Transactions<SqliteConnection>;
  readonly #timeout: number;
  #closed = false;

  constructor(url: string, file: string, { timeout, readOnly, synchronous }: SqliteOptions) {
    this.url = url;
    this.#timeout = timeout;
    const isFile = file !== ":memory:";
    this.#writer = new SqliteConnection(file, readOnly ? "reader" : "writer", synchronous);
    this.#reader = isFile ? new SqliteConnection(file, "reader") : this.#writer;
    this.#snapshots = isFile ? new SnapshotConnections(file) : undefined;
    this.#transactions = new Transactions({
      begin: (options) => this.#begin(options),
      commit: ({ connection }) => this.#control(connection, "COMMIT"),
      rollback: (connection) => this.#rollback(connection),
      release: (connection) => this.#release(connection),
      savepoint: (connection, sql) => this.#control(connection, sql),
    });
  }

  query(sql: string, params: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
    const reads = isRead(sql);
    const read = reads ? allRows : largeRows;
    const work: Work<Record<string, unknown>[]> = ({ statements }) =>
      read(statements.objects(sql), params as Params) as Record<string, unknown>[];
    const run = () => (reads ? this.#read(sql, work) : this.#write(sql, work));
    return isWatching ? watched({ ...this.#named, sql, params }, run) : run();
  }
  rows(sql: string, params: readonly unknown[] = []): Promise<unknown[][]> {
    const reads = isRead(sql);
    const read = reads ? allRows : largeRows;
    const work: Work<unknown[][]> = ({ statements }) => read(statements.arrays(sql), params as Params) as unknown as unknown[][];
    const run = () => (reads ? this.#read(sql, work) : this.#write(sql, work));
    return isWatching ? watched({ ...this.#named, sql, params }, run) : run();
  }
  /** A read outside a transaction waits for nobody, unless another process holds the file. */
  rowsNow(sql: string, params: readonly unknown[], single: boolean): unknown[][] | undefined {
    const waits = this.#reader === this.#writer && this.#lock.isHeld;
    if (isWatching || this.#closed || waits || this.#transactions.scope !== undefined || loopTurns.isDue()) return undefined;
    const read = single ? singleRow : allRows;
    try {
      return read(this.#reader.statements.arrays(sql), params as Params) as unknown[][];
    } catch {
      // The asynchronous way meets the same error, and waits or explains.
      return undefined;
    }
  }
  execute(sql: string, params: readonly unknown[] = []): Promise<{ rowCount: number }> {
    const work: Work<{ rowCount: number }> = ({ statements }) => ({
      rowCount: Number(statements.arrays(sql).run(...(params as Params)).changes),
    });
    if (isWatching) return watched({ ...this.#named, sql, params }, () => this.#write(sql, work));
    return this.#write(sql, work);
  }
  insert(sql: string, params: readonly unknown[], _column: string): Promise<unknown> {
    const work: Work<unknown> = ({ statements }) => statements.arrays(sql).run(...(params as Params)).lastInsertRowid;
    if (isWatching) return watched({ ...this.#named, sql, params }, () => this.#write(sql, work));
    return this.#write(sql, work);
  }
  script(sql: string): Promise<void> {
    const work: Work<void> = ({ handle }) => handle.exec(sql);
    if (isWatching) return watched({ ...this.#named, sql, params: [] }, () => this.#write(sql, work));
    return this.#write(sql, work);
  }
  transaction<T>(run: () => Promise<T>, options?: TransactionOptions): Promise<T> {
    return this.#transactions.run(run, options);
  }
  get inTransaction(): boolean {
    return this.#transactions.isOpen;
  }
  savepoint(): Promise<Savepoint> {
    return this.#transactions.savepoint();
  }
  setRollback(rollback: boolean): void {
    this.#transactions.setRollback(rollback);
  }
  onCommit(callback: () => void | Promise<void>, options?: CommitOptions): Promise<void> {
    return this.#transactions.onCommit(callback, options);
  }

  async *batches(sql: string, params: readonly unknown[], size: number): AsyncIterable<unknown[][]> {
    const connection = this.#transactions.scope === undefined && !this.#closed ? this.#snapshots?.take() : undefined;
    const work: Work<Iterable<unknown[]>> = ({ handle }) => {
      // A statement of its own: a cached one may be run again while this one is still being read.
      const statement = handle.prepare(sql);
      statement.setReturnArrays(true);
      return statement.iterate(...(params as Params)) as unknown as Iterable<unknown[]>;
    };
    const open = () => (connection ? this.#attempt(connection, sql, work) : this.#read(sql, work));
    try {
      const rows = await (isWatching ? watched({ ...this.#named, sql, params }, open) : open());
      let batch: unknown[][] = [];
      for (const row of rows) {
        if (batch.push(row) < size) continue;
        yield batch;
        batch = [];
      }
      if (batch.length > 0) yield batch;
    } finally {
      if (connection) this.#snapshots!.giveBack(connection);
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    await this.#lock.acquire();
    this.#closed = true;
    this.#lock.release();
    this.#snapshots?.close();
    for (const connection of new Set([this.#reader, this.#writer])) connection.close();
  }

  get #named() {
    return { dialect: this.dialect, url: this.url } as const;
  }

  #read<T>(sql: string, work: Work<T>): Promise<T> {
    const scope = this.#transactions.scope;
    if (scope) return this.#inScope(scope, sql, work);
    return this.#reader === this.#writer ? this.#write(sql, work) : this.#attempt(this.#reader, sql, work);
  }

  #write<T>(sql: string, work: Work<T>): Promise<T> {
    const scope = this.#transactions.scope;
    return scope ? this.#inScope(scope, sql, work) : this.#locked({ connection: this.#writer, lock: this.#lock }, sql, work);
  }

  async #inScope<T>(scope: TransactionScope<SqliteConnection>, sql: string, work: Work<T>): Promise<T> {
    try {
      return await this.#locked(scope, sql, work);
    } catch (error) {
      // A full disk ends the whole transaction; what came after would be kept alone.
      if (!scope.connection.handle.isTransaction) scope.failure = error;
      throw error;
    }
  }

  /** A statement that is over before anything else can run needs the lock to be free; one that has to wait holds it. */
  async #locked<T>({ connection, lock }: LockedConnection, sql: string, work: Work<T>): Promise<T> {
    if (!lock.isHeld && !this.#closed && !loopTurns.isDue()) {
      try {
        return work(connection);
      } catch (error) {
        if (!isBusy(error)) throw translateSqliteError(error, sql, this.url);
      }
    }
    return lock.run(() => this.#attempt(connection, sql, work));
  }

  async #begin({ readOnly }: TransactionOptions): Promise<SqliteConnection> {
    if (this.#closed) throw ormErrors.ORM_DATABASE_CLOSED({ url: this.url });
    const snapshot = readOnly ? this.#snapshots?.take() : undefined;
    if (snapshot === undefined) await this.#lock.acquire();
    const connection = snapshot ?? this.#writer;
    try {
      await this.#control(connection, readOnly ? "BEGIN" : "BEGIN IMMEDIATE");
      if (readOnly && snapshot === undefined) connection.handle.exec("PRAGMA query_only = ON");
    } catch (error) {
      this.#release(connection);
      throw error;
    }
    return connection;
  }

  #release(connection: SqliteConnection): void {
    if (this.#snapshots?.giveBack(connection)) return;
    if (this.#reader === this.#writer) connection.handle.exec("PRAGMA query_only = OFF");
    this.#lock.release();
  }

  async #rollback({ handle }: SqliteConnection): Promise<void> {
    const work = async () => {
      if (handle.isTransaction) handle.exec("ROLLBACK");
    };
    await (isWatching ? watched({ ...this.#named, sql: "ROLLBACK", params: [] }, work) : work());
  }

  async #control(connection: SqliteConnection, sql: string): Promise<void> {
    const work = () => this.#attempt(connection, sql, ({ handle }) => handle.exec(sql));
    await (isWatching ? watched({ ...this.#named, sql, params: [] }, work) : work());
  }

  /** Lets the rest of the program run where it has waited for long, and waits while another process holds the file. */
  async #attempt<T>(connection: SqliteConnection, sql: string, work: Work<T>): Promise<T> {
    if (loopTurns.isDue()) await loopTurns.next();
    const end = Date.now() + this.#timeout;
    for (let pause = 1; ; pause = Math.min(pause * 2, 50)) {
      if (this.#closed) throw ormErrors.ORM_DATABASE_CLOSED({ url: this.url });
      try {
        return work(connection);
      } catch (error) {
        if (!isBusy(error)) throw translateSqliteError(error, sql, this.url);
        if (Date.now() > end) throw this.#busy(error);
      }
      await sleep(pause);
    }
  }

  #busy(cause: unknown): Error {
    return new OperationalError(ormErrors.ORM_DATABASE_BUSY({ url: this.url, milliseconds: this.#timeout, cause }));
  }
}
