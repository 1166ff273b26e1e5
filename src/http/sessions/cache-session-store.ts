import { createHash } from "node:crypto";
import type { Cache } from "#cache";
import { mergeSession, type SessionData, type SessionStore, type SessionWrite } from "./session-store.ts";

/** What a cache keeps of a session. */
interface Kept {
  data: SessionData;
  /** Milliseconds of the clock. */
  end: number;
}

/** The cache's key of a session. It tells who reads the cache nothing that opens the session. */
function cacheKey(key: string): string {
  return `cortado.session:${createHash("sha256").update(key).digest("base64url")}`;
}

/**
 * Keeps sessions in a cache: in one that is shared, where there are several processes. What the cache forgets is logged out.
 *
 * ```ts
 * const session = { store: cacheSessionStore(() => cache("sessions")) };
 * ```
 */
export function cacheSessionStore(cacheOf: () => Cache): SessionStore {
  const keep = (key: string, data: SessionData, { expiresAt }: SessionWrite): Promise<void> => {
    const end = expiresAt.getTime();
    return cacheOf().set(cacheKey(key), { data: asJson(data), end } satisfies Kept, { timeout: (end - Date.now()) / 1000 });
  };
  const load = async (key: string): Promise<SessionData | null> => {
    const kept = await cacheOf().get<Kept>(cacheKey(key));
    return kept !== undefined && kept.end > Date.now() ? kept.data : null;
  };
  return {
    load,
    create: (key, session) => keep(key, session.data, session),
    async save(key, session) {
      const present = await load(key);
      if (present !== null) await keep(key, mergeSession(present, session), session);
      return present !== null;
    },
    async remove(key) {
      await cacheOf().delete(cacheKey(key));
    },
  };
}

/** The data as every store gives it back: what JSON makes of it. */
export function asJson(data: SessionData): SessionData {
  return JSON.parse(JSON.stringify(data)) as SessionData;
}
