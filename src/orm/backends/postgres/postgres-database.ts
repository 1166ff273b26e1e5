import type pg from "pg";
import type { Database } from "../../database/database.ts";
import { OperationalError } from "../../database/database-errors.ts";
import { databaseErrors } from "../../database/errors.ts";
import { isWatching, watched } from "../../database/query-watch.ts";
import type { CommitOptions, Isolation, Savepoint, TransactionOptions } from "../../database/transaction-options.ts";
import { type TransactionScope, Transactions } from "../../database/transactions.ts";
import { ormErrors } from "../../errors.ts";
import { quoteName } from "../../names.ts";
import { isLost, isStalePlan, translatePostgresError } from "./postgres-errors.ts";

interface Statement {
  sql: string;
  params: readonly unknown[];
  arrays?: boolean;
}

/** How many connections there are, and how long one is waited for, in milliseconds. */
interface PoolLimits {
  readonly size: number;
  readonly wait: number;
}

/** The names of prepared statements; beyond this many distinct texts, statements are not prepared. */
const preparedLimit = 1000;
/** After these a prepared statement may give other columns than it did; they are not prepared themselves. */
const changesTables = /^\s*(?:alter|create|drop)\b/i;
const isolationLevels: Record<Isolation, string> = {
  "read committed": "READ COMMITTED",
  "repeatable read": "REPEATABLE READ",
  serializable: "SERIALIZABLE",
};

/**
 * How it works
 *
 * A pool of connections; a transaction holds one from BEGIN to COMMIT. Each SQL text gets a name, so
 * that a connection prepares it once. Within a transaction queries go one after the other.
 *
 * A connection that is lost fails the statement that it was running, and the transaction, which the server
 * rolls back; the pool opens another for the next statement. Nothing is sent twice, but a BEGIN.
 */
export class PostgresDatabase implements Database {
  readonly dialect = "postgres";
  readonly url: string;
  readonly #pool: pg.Pool;
  readonly #limits: PoolLimits;
  readonly #names = new Map<string, string>();
  #named = 0;
  /** Connections that could not end their transaction: the pool is not to lend them again. */
  readonly #broken = new WeakSet<pg.PoolClient>();
  readonly #transactions: Transactions<pg.PoolClient>;
  #closed = false;

  constructor(url: string, pool: pg.Pool, limits: PoolLimits) {
    this.url = url;
    this.#pool = pool;
    this.#limits = limits;
    this.#transactions = new Transactions<pg.PoolClient>({
      begin: (options) => this.#begin(beginSql(options)),
      commit: (scope) => this.#commit(scope),
      rollback: (client) => this.#rollback(client),
      release: (client) => client.release(this.#broken.has(client)),
      savepoint: async (client, sql) => void (await this.#control(client, sql)),
    });
  }

  async query(sql: string, params: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
    if (isWatching) return this.#watched(sql, params, async () => (await this.#run({ sql, params })).rows);
    return (await this.#run({ sql, params })).rows;
  }
  async rows(sql: string, params: readonly unknown[] = []): Promise<unknown[][]> {
    const statement = { sql, params, arrays: true };
    if (isWatching) return this.#watched(sql, params, async () => (await this.#run(statement)).rows as unknown as unknown[][]);
    return (await this.#run(statement)).rows as unknown as unknown[][];
  }
  async execute(sql: string, params: readonly unknown[] = []): Promise<{ rowCount: number }> {
    if (isWatching)
      return this.#watched(sql, params, async () => ({ rowCount: (await this.#run({ sql, params })).rowCount ?? 0 }));
    return { rowCount: (await this.#run({ sql, params })).rowCount ?? 0 };
  }
  async insert(sql: string, params: readonly unknown[], column: string): Promise<unknown> {
    const [row] = await this.rows(`${sql} RETURNING ${quoteName(column)}`, params);
    return row![0];
  }
  async script(sql: string): Promise<void> {
    if (this.#closed) throw ormErrors.ORM_DATABASE_CLOSED({ url: this.url });
    this.#names.clear();
    const scope = this.#transactions.scope;
    const run = () => this.#translated(sql, () => (scope ? scope.connection : this.#pool).query(sql));
    const send = () => (scope ? this.#inScope(scope, run) : run());
    await (isWatching ? this.#watched(sql, [], send) : send());
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

  /** A cursor on the server, in a transaction: the one around, or one of its own that only reads. */
  async *batches(sql: string, params: readonly unknown[], size: number): AsyncIterable<unknown[][]> {
    const scope = this.#transactions.scope;
    const client = scope?.connection ?? (await this.#begin("BEGIN READ ONLY"));
    const cursor = quoteName(`cortado_cursor_${cursorNumber++}`);
    const send = (query: pg.QueryArrayConfig) => {
      const run = () => this.#translated(sql, () => client.query<unknown[]>(query));
      return scope ? this.#inScope(scope, run) : run();
    };
    const declare = () => send({ text: `DECLARE ${cursor} NO SCROLL CURSOR FOR ${sql}`, values: params as unknown[], rowMode: "array" }); // oxfmt-ignore
    try {
      await (isWatching ? this.#watched(sql, params, declare) : declare());
      for (;;) {
        const { rows } = await send({ text: `FETCH ${size} FROM ${cursor}`, rowMode: "array" });
        if (rows.length > 0) yield rows;
        if (rows.length < size) return;
      }
    } finally {
      if (scope) await scope.lock.run(() => client.query(`CLOSE ${cursor}`)).catch(() => undefined);
      else {
        await this.#rollback(client);
        client.release(this.#broken.has(client));
      }
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#pool.end();
  }

  #run(statement: Statement): Promise<pg.QueryResult> {
    if (this.#closed) throw ormErrors.ORM_DATABASE_CLOSED({ url: this.url });
    const { sql, params, arrays } = statement;
    const config: pg.QueryConfig = { text: sql, values: params as unknown[] };
    const name = this.#nameOf(sql);
    if (name !== undefined) config.name = name;
    if (arrays) (config as pg.QueryArrayConfig).rowMode = "array";
    const scope = this.#transactions.scope;
    if (scope === undefined) return this.#translated(sql, () => this.#alone(config));
    return this.#inScope(scope, () => this.#translated(sql, () => scope.connection.query(config)));
  }

  /** Another process may have changed the tables since the statement was prepared: it is prepared again, once. */
  async #alone(config: pg.QueryConfig): Promise<pg.QueryResult> {
    try {
      return await this.#pool.query(config);
    } catch (error) {
      if (!isStalePlan(error)) throw error;
      this.#names.delete(config.text);
      return this.#pool.query({ ...config, name: this.#nameOf(config.text) });
    }
  }

  /** After an error PostgreSQL keeps nothing of the transaction, or of the savepoint in it. */
  #inScope<T>(scope: TransactionScope<pg.PoolClient>, run: () => Promise<T>): Promise<T> {
    return scope.lock.run(async () => {
      try {
        return await run();
      } catch (error) {
        scope.failure ??= error;
        throw error;
      }
    });
  }

  async #translated<T>(sql: string, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      throw this.#poolError(error) ?? translatePostgresError(error, { sql, url: this.url });
    }
  }

  /** The driver says the same for a pool that is empty and for a server that does not answer. */
  #poolError(error: unknown): Error | undefined {
    if (!(error instanceof Error) || error.message !== "timeout exceeded when trying to connect") return undefined;
    const { size, wait: milliseconds } = this.#limits;
    const { url } = this;
    return new OperationalError(databaseErrors.ORM_POOL_EXHAUSTED({ url, size, milliseconds, cause: error }));
  }

  /** A connection may have died while nobody used it: nothing was sent by it yet, so another one is taken, once. */
  async #begin(sql: string): Promise<pg.PoolClient> {
    try {
      return await this.#beginOnce(sql);
    } catch (error) {
      if (!isLost(error)) throw error;
      return this.#beginOnce(sql);
    }
  }

  async #beginOnce(sql: string): Promise<pg.PoolClient> {
    if (this.#closed) throw ormErrors.ORM_DATABASE_CLOSED({ url: this.url });
    const client = await this.#translated(sql, () => this.#pool.connect());
    try {
      await this.#control(client, sql);
    } catch (error) {
      client.release(true);
      throw error;
    }
    return client;
  }

  /** PostgreSQL answers ROLLBACK to the COMMIT of a transaction in which a statement failed. */
  async #commit({ connection, failure }: TransactionScope<pg.PoolClient>): Promise<void> {
    const { command } = await this.#control(connection, "COMMIT");
    if (command === "ROLLBACK") throw databaseErrors.ORM_TRANSACTION_DOOMED({ cause: failure });
  }

  #control(client: pg.PoolClient, sql: string): Promise<pg.QueryResult> {
    const send = () => this.#translated(sql, () => client.query(sql));
    return isWatching ? this.#watched(sql, [], send) : send();
  }

  /** What cannot be rolled back is a lost connection, and its transaction with it: the first error is the one to tell. */
  async #rollback(client: pg.PoolClient): Promise<void> {
    await this.#control(client, "ROLLBACK").catch(() => this.#broken.add(client));
  }

  #watched<T>(sql: string, params: readonly unknown[], run: () => Promise<T>): Promise<T> {
    return watched({ sql, params, dialect: this.dialect, url: this.url }, run);
  }

  #nameOf(sql: string): string | undefined {
    const found = this.#names.get(sql);
    if (found !== undefined) return found;
    if (changesTables.test(sql)) {
      this.#names.clear();
      return undefined;
    }
    if (this.#names.size >= preparedLimit) return undefined;
    const name = `cortado_${this.#named++}`;
    this.#names.set(sql, name);
    return name;
  }
}

/** @throws ORM_BAD_TRANSACTION */
function beginSql({ isolation, readOnly }: TransactionOptions): string {
  if (isolation === undefined) return readOnly ? "BEGIN READ ONLY" : "BEGIN";
  const level = isolationLevels[isolation];
  if (level === undefined)
    throw databaseErrors.ORM_BAD_TRANSACTION({
      reason: `"${String(isolation)}" is no isolation level.`,
      hint: `The levels are: ${Object.keys(isolationLevels).join(", ")}.`,
    });
  return `BEGIN ISOLATION LEVEL ${level}${readOnly ? " READ ONLY" : ""}`;
}

let cursorNumber = 0;
