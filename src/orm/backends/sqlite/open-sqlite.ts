import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../../database/database.ts";
import { OperationalError } from "../../database/database-errors.ts";
import { type DatabaseSettings, readSettings } from "../../database/database-settings.ts";
import { ormErrors } from "../../errors.ts";
import { SqliteDatabase } from "./sqlite-database.ts";
import { isBusy } from "./sqlite-errors.ts";

/** Milliseconds between two tries to open a file that another process holds. */
const TRY_AGAIN = 20;

/** Opens `sqlite:path/to/file`, `sqlite::memory:`, with `?timeout=10000` for the wait on other processes. */
export async function openSqlite(url: string, root: string, given: DatabaseSettings): Promise<Database> {
  const [path = "", query = ""] = url.slice("sqlite:".length).split("?");
  const name = path.startsWith("//") ? path.slice(2) : path;
  if (name === "") throw ormErrors.ORM_BAD_DATABASE_URL({ given: url, reason: "names no file" });
  const file = name === ":memory:" ? name : resolve(root, name);
  const { timeout = 5000, readOnly = false, synchronous = "normal" } = readSettings(url, new URLSearchParams(query), given);
  for (const end = performance.now() + timeout; ; await sleep(TRY_AGAIN)) {
    try {
      return new SqliteDatabase(`sqlite:${name}`, file, { timeout, readOnly, synchronous });
    } catch (error) {
      // Another process brings the file in order after one that was killed, or holds it whole for a moment.
      if (isBusy(error) && performance.now() < end) continue;
      const reason = (error as Error).message;
      throw new OperationalError(ormErrors.ORM_CANNOT_CONNECT({ url: `sqlite:${file}`, reason, cause: error }));
    }
  }
}
