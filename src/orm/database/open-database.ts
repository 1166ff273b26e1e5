import { openPostgres } from "../backends/postgres/open-postgres.ts";
import { openSqlite } from "../backends/sqlite/open-sqlite.ts";
import { ormErrors } from "../errors.ts";
import type { Database } from "./database.ts";
import type { DatabaseSettings } from "./database-settings.ts";

/** Opens a database by its URL; a relative SQLite path starts at `root`. */
export interface OpenOptions extends DatabaseSettings {
  root?: string | undefined;
}

/**
 * Opens a database.
 *
 * ```ts
 * const db = await openDatabase("sqlite:db.sqlite3", { root: import.meta.dirname });
 * const server = await openDatabase("postgres://user:password@localhost/shop", { pool: 20, statementTimeout: 5000 });
 * ```
 * @throws ORM_BAD_DATABASE_URL, ORM_CANNOT_CONNECT
 */
export async function openDatabase(url: string, options: OpenOptions = {}): Promise<Database> {
  const { root = process.cwd(), ...settings } = options;
  const scheme = /^([a-z]+):/.exec(url)?.[1];
  if (scheme === "sqlite") return openSqlite(url, root, settings);
  if (scheme === "postgres" || scheme === "postgresql") return openPostgres(url, settings);
  const reason = scheme === undefined ? "has no scheme" : `begins with "${scheme}:", and only sqlite: and postgres: are known`;
  throw ormErrors.ORM_BAD_DATABASE_URL({ given: url, reason });
}
