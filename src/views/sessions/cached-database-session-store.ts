import { createHash } from "node:crypto";
import type { Cache } from "#cache";
import type { SessionStore } from "#http";
import { databaseSessionStore, findSession } from "./database-session-store.ts";

/** What the cache holds of a session; null where the database has none. */
type Kept = { readonly data: Record<string, unknown>; readonly end: number } | null;

/** Seconds that a session stays in the cache after it was read or written. */
const keptFor = 3600;

/**
 * Keeps sessions in the database and reads them from a cache: reading costs no query, and what the cache forgets is not lost.
 *
 * ```ts
 * const session = { store: "cached-database", cache: "sessions" };
 * ```
 */
export function cachedDatabaseSessionStore(cacheOf: () => Cache): SessionStore {
  const database = databaseSessionStore();
  return {
    ...database,
    async load(key) {
      const find = async (): Promise<Kept> => {
        const found = await findSession(key);
        return found && { data: found.data, end: found.expiresAt.getTime() };
      };
      const kept = await cacheOf().getOrSet<Kept>(cacheKey(key), find, { timeout: keptFor, refreshAhead: 0 });
      return kept !== null && kept.end > Date.now() ? kept.data : null;
    },
    async save(key, session) {
      const saved = await database.save(key, session);
      // Read anew from the database: what this request wrote may stand there beside what others did.
      await cacheOf().delete(cacheKey(key));
      return saved;
    },
    async remove(key) {
      await database.remove(key);
      await cacheOf().delete(cacheKey(key));
    },
  };
}

function cacheKey(key: string): string {
  return `cortado.session:${createHash("sha256").update(key).digest("base64url")}`;
}
