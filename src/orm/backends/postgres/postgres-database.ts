import type pg from "pg";
import type { Database } from "../../database/database.ts";
import { type TransactionScope, Transactions } from "../../database/transactions.ts";
import { ormErrors } from "../../errors.ts";
import { quoteName } from "../../names.ts";
import { isStalePlan, translatePostgresError } from "./postgres-errors.ts";

interface Statement {
  sql: string;
  params: readonly unknown[];
  arrays?: boolean;
}

/** The names of prepared statements; beyond this many distinct texts, statements are not prepared. */
const preparedLimit = 1000;
/** After these a prepared statement may give other columns than it did. */
const changesTables = /^\s*(?:alter|create|drop)\b/i;

/**
 * How it works
 *
 * A pool of connections; a transaction holds one from BEGIN to COMMIT. Each SQL text gets a name, so
 * that a connection prepares it once. Within a transaction queries go one after the other.
 */
export class PostgresDatabase implements Database {
  readonly dialect = "postgres";
  readonly url: string;
  readonly #pool: pg.Pool;
  readonly #names = new Map<string, string>();
  #named = 0;
  /** Connections that could not end their transaction: the pool is not to lend them again. */
  readonly #broken = new WeakSet<pg.PoolClient>();
  readonly #transactions: Transactions<pg.PoolClient>;
  #closed = false;

  constructor(url: string, pool: pg.Pool) {
    this.url = url;
    this.#pool = pool;
    this.#transactions = new Transactions<pg.PoolClient>({
      begin: () => this.#begin("BEGIN"),
      commit: (client) => this.#control(client, "COMMIT"),
      rollback: (client) => this.#rollback(client),
      release: (client) => client.release(this.#broken.has(client)),
      savepoint: (client, sql) => this.#control(client, sql),
    });
  }

  async query(sql: string, params: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
    return (await this.#run({ sql, params })).rows;
  }
  async rows(sql: string, params: readonly unknown[] = []): Promise<unknown[][]> {
    return (await this.#run({ sql, params, arrays: true })).rows as unknown as unknown[][];
  }
  async execute(sql: string, params: readonly unknown[] = []): Promise<{ rowCount: number }> {
    return { rowCount: (await this.#run({ sql, params })).rowCount ?? 0 };
  }
  async insert(sql: string, params: readonly unknown[], column: string): Promise<unknown> {
    const { rows } = await this.#run({ sql: `${sql} RETURNING ${quoteName(column)}`, params, arrays: true });
    return (rows[0] as unknown as unknown[])[0];
  }
  async script(sql: string): Promise<void> {
    this.#names.clear();
    const scope = this.#transactions.scope;
    await this.#translated(sql, () => (scope ? scope.lock.run(() => scope.connection.query(sql)) : this.#pool.query(sql)));
  }
  transaction<T>(run: () => Promise<T>): Promise<T> {
    return this.#transactions.run(run);
  }
  onCommit(callback: () => void | Promise<void>): Promise<void> {
    return this.#transactions.onCommit(callback);
  }

  async *batches(sql: string, params: readonly unknown[], size: number): AsyncIterable<unknown[][]> {
    const scope = this.#transactions.scope;
    const client = scope?.connection ?? (await this.#begin("BEGIN READ ONLY"));
    const cursor = quoteName(`cortado_cursor_${cursorNumber++}`);
    try {
      await this.#translated(sql, () => client.query(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${sql}`, params as unknown[]));
      for (;;) {
        const { rows } = await this.#translated(sql, () =>
          client.query<unknown[]>({ text: `FETCH ${size} FROM ${cursor}`, rowMode: "array" }),
        );
        if (rows.length > 0) yield rows;
        if (rows.length < size) return;
      }
    } finally {
      if (scope) await client.query(`CLOSE ${cursor}`).catch(() => undefined);
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
    return this.#translated(sql, () => (scope ? this.#inScope(scope, config) : this.#alone(config)));
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

  #inScope(scope: TransactionScope<pg.PoolClient>, config: pg.QueryConfig): Promise<pg.QueryResult> {
    return scope.lock.run(() => scope.connection.query(config));
  }

  async #translated<T>(sql: string, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      throw translatePostgresError(error, sql);
    }
  }

  async #begin(sql: string): Promise<pg.PoolClient> {
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

  async #control(client: pg.PoolClient, sql: string): Promise<void> {
    await this.#translated(sql, () => client.query(sql));
  }

  /** What cannot be rolled back is a lost connection, and its transaction with it: the first error is the one to tell. */
  async #rollback(client: pg.PoolClient): Promise<void> {
    await client.query("ROLLBACK").catch(() => this.#broken.add(client));
  }

  #nameOf(sql: string): string | undefined {
    const found = this.#names.get(sql);
    if (found !== undefined) return found;
    if (changesTables.test(sql)) this.#names.clear();
    if (this.#names.size >= preparedLimit) return undefined;
    const name = `cortado_${this.#named++}`;
    this.#names.set(sql, name);
    return name;
  }
}

let cursorNumber = 0;
