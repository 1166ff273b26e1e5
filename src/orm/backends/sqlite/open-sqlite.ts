import { resolve } from "node:path";
import type { Database } from "../../database/database.ts";
import { ormErrors } from "../../errors.ts";
import { SqliteDatabase } from "./sqlite-database.ts";

/** Opens `sqlite:path/to/file`, `sqlite::memory:`, with `?timeout=10000` for the wait on other processes. */
export async function openSqlite(url: string, root: string): Promise<Database> {
  const [path = "", query = ""] = url.slice("sqlite:".length).split("?");
  const name = path.startsWith("//") ? path.slice(2) : path;
  if (name === "") throw ormErrors.ORM_BAD_DATABASE_URL({ given: url, reason: "names no file" });
  const file = name === ":memory:" ? name : resolve(root, name);
  const timeout = Number(new URLSearchParams(query).get("timeout") ?? 5000);
  try {
    return new SqliteDatabase(`sqlite:${name}`, file, timeout);
  } catch (error) {
    throw ormErrors.ORM_CANNOT_CONNECT({ url: `sqlite:${file}`, reason: (error as Error).message, cause: error });
  }
}
