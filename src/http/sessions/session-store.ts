import { isDeepStrictEqual } from "node:util";

/** The data of a session: JSON. */
export type SessionData = Record<string, unknown>;

/** A session as it is to be kept. */
export interface SessionWrite {
  /** All of it. */
  data: SessionData;
  /** What the request read before it changed something; undefined for a new session. */
  loaded?: SessionData | undefined;
  /** The names that this request set or deleted: what other requests did to the others meanwhile stays. */
  changed: readonly string[];
  expiresAt: Date;
}

/**
 * Where sessions are kept. Keys are secret: a store neither logs nor lists them.
 */
export interface SessionStore {
  /** The session's data; null when there is none, or it is over. */
  load(key: string): Promise<SessionData | null>;
  /** Keeps a new session. A store that keeps it in the key itself answers the key that it makes. */
  create(key: string, session: SessionWrite): Promise<void | string>;
  /** Writes a session that exists; false when it is gone: a session that was ended meanwhile must not come back. Or a new key. */
  save(key: string, session: SessionWrite): Promise<boolean | string>;
  remove(key: string): Promise<void>;
  /** Removes the sessions that are over, where that does not happen by itself, and answers how many there were. */
  clearExpired?(): Promise<number>;
}

/** What is to be written where `present` is kept: this request's changes over what others wrote meanwhile. */
export function mergeSession(present: SessionData, { data, loaded, changed }: SessionWrite): SessionData {
  if (loaded === undefined || isDeepStrictEqual(present, loaded)) return data;
  const merged = new Map(Object.entries(present));
  for (const name of changed) {
    if (Object.hasOwn(data, name)) merged.set(name, data[name]);
    else merged.delete(name);
  }
  return Object.fromEntries(merged);
}

/** Keeps sessions in the memory of this process: for tests and trials. */
export function memorySessionStore(): SessionStore {
  const sessions = new Map<string, { data: string; expiresAt: number }>();
  const put = (key: string, data: SessionData, expiresAt: Date): void => {
    sessions.set(key, { data: JSON.stringify(data), expiresAt: expiresAt.getTime() });
  };
  return {
    async load(key) {
      const found = sessions.get(key);
      if (found === undefined) return null;
      if (found.expiresAt > Date.now()) return JSON.parse(found.data);
      sessions.delete(key);
      return null;
    },
    async create(key, { data, expiresAt }) {
      put(key, data, expiresAt);
    },
    async save(key, session) {
      const present = await this.load(key);
      if (present !== null) put(key, mergeSession(present, session), session.expiresAt);
      return present !== null;
    },
    async remove(key) {
      sessions.delete(key);
    },
    async clearExpired() {
      const over = [...sessions].filter(([, { expiresAt }]) => expiresAt <= Date.now());
      for (const [key] of over) sessions.delete(key);
      return over.length;
    },
  };
}
