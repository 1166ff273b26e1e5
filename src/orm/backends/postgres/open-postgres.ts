import type pg from "pg";
import { importOptional, withoutPassword } from "#kernel";
import { connectionCreated } from "../../database/connection-created.ts";
import type { Database } from "../../database/database.ts";
import { type DatabaseSettings, readSettings } from "../../database/database-settings.ts";
import { ormErrors } from "../../errors.ts";
import { PostgresDatabase } from "./postgres-database.ts";
import { cannotConnect } from "./postgres-errors.ts";
import { typeParsers } from "./type-parsers.ts";

/** Opens `postgres://user:password@host:5432/name`, with `?pool=20` for the number of connections. */
export async function openPostgres(url: string, given: DatabaseSettings): Promise<Database> {
  const { default: driver } = await importOptional("pg", "A PostgreSQL database", () => import("pg"));
  const shown = withoutPassword(url);
  let address: URL;
  try {
    address = new URL(url);
  } catch {
    throw ormErrors.ORM_BAD_DATABASE_URL({ given: shown, reason: "cannot be read" });
  }
  const settings = readSettings(shown, address.searchParams, given);
  const options = poolOptions(address.href, settings);
  const onConnect = async (client: pg.ClientBase) => {
    const execute = async (sql: string) => void (await client.query(sql));
    await connectionCreated.send("postgres", { url: shown, execute });
  };
  const pool: pg.Pool = new driver.Pool({ ...options, onConnect, types: typeParsers(driver.types) } as pg.PoolConfig);
  // A lost idle connection is replaced by the pool; without a listener it would end the process.
  pool.on("error", () => undefined);
  // So would one that is lost while it is lent: its next query reports it.
  pool.on("connect", (client) => client.on("error", () => undefined));
  try {
    (await pool.connect()).release();
  } catch (error) {
    await pool.end();
    throw cannotConnect(error, shown);
  }
  return new PostgresDatabase(shown, pool, { size: options.max, wait: options.connectionTimeoutMillis });
}

function poolOptions(connectionString: string, settings: DatabaseSettings) {
  const { pool = 10, connectTimeout = 30_000, idleTimeout = 10_000, maxLifetime, applicationName, ssl, readOnly } = settings;
  const { statementTimeout, lockTimeout, idleInTransactionTimeout } = settings;
  return {
    connectionString,
    max: pool,
    connectionTimeoutMillis: connectTimeout,
    idleTimeoutMillis: idleTimeout,
    keepAlive: true,
    application_name: applicationName ?? "cortado",
    options: `-c timezone=UTC -c datestyle=ISO -c intervalstyle=iso_8601${readOnly ? " -c default_transaction_read_only=on" : ""}`,
    ...(maxLifetime !== undefined && { maxLifetimeSeconds: Math.ceil(maxLifetime / 1000) }),
    ...(ssl !== undefined && { ssl: ssl as boolean }),
    ...(statementTimeout !== undefined && { statement_timeout: statementTimeout }),
    ...(lockTimeout !== undefined && { lock_timeout: lockTimeout }),
    ...(idleInTransactionTimeout !== undefined && { idle_in_transaction_session_timeout: idleInTransactionTimeout }),
  };
}
