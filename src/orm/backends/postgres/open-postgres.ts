import type pg from "pg";
import { importOptional } from "#kernel";
import type { Database } from "../../database/database.ts";
import { ormErrors } from "../../errors.ts";
import { PostgresDatabase } from "./postgres-database.ts";
import { typeParsers } from "./type-parsers.ts";

/** Opens `postgres://user:password@host:5432/name`, with `?pool=20` for the number of connections. */
export async function openPostgres(url: string): Promise<Database> {
  const { default: driver } = await importOptional("pg", "A PostgreSQL database", () => import("pg"));
  let address: URL;
  try {
    address = new URL(url);
  } catch {
    throw ormErrors.ORM_BAD_DATABASE_URL({ given: withoutPassword(url), reason: "cannot be read" });
  }
  const max = Number(address.searchParams.get("pool") ?? 10);
  address.searchParams.delete("pool");
  const shown = withoutPassword(url);
  const pool: pg.Pool = new driver.Pool({
    connectionString: address.href,
    max,
    types: typeParsers(driver.types),
    options: "-c timezone=UTC -c datestyle=ISO",
  });
  // A lost idle connection is replaced by the pool; without a listener it would end the process.
  pool.on("error", () => undefined);
  // So would one that is lost while it is lent: its next query reports it.
  pool.on("connect", (client) => client.on("error", () => undefined));
  try {
    (await pool.connect()).release();
  } catch (error) {
    await pool.end();
    throw ormErrors.ORM_CANNOT_CONNECT({
      url: shown,
      reason: (error as Error).message || String((error as { code?: string }).code),
      cause: error,
    });
  }
  return new PostgresDatabase(shown, pool);
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/([^:/@]*):[^@]*@/, "//$1:…@");
}
