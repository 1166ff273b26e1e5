/**
 * Where sessions are kept. Keys are secret: a store neither logs nor lists them.
 */
export interface SessionStore {
  /** The session's data; null when there is none, or it is over. */
  load(key: string): Promise<Record<string, unknown> | null>;
  create(key: string, data: Record<string, unknown>, expiresAt: Date): Promise<void>;
  /** Writes a session that exists; false when it is gone: a session that was ended meanwhile must not come back. */
  save(key: string, data: Record<string, unknown>, expiresAt: Date): Promise<boolean>;
  remove(key: string): Promise<void>;
}

/** Keeps sessions in the memory of this process: for tests and trials. */
export function memorySessionStore(): SessionStore {
  const sessions = new Map<string, { data: string; expiresAt: number }>();
  return {
    async load(key) {
      const found = sessions.get(key);
      if (found === undefined) return null;
      if (found.expiresAt > Date.now()) return JSON.parse(found.data);
      sessions.delete(key);
      return null;
    },
    async create(key, data, expiresAt) {
      sessions.set(key, { data: JSON.stringify(data), expiresAt: expiresAt.getTime() });
    },
    async save(key, data, expiresAt) {
      if (sessions.has(key)) await this.create(key, data, expiresAt);
      return sessions.has(key);
    },
    async remove(key) {
      sessions.delete(key);
    },
  };
}
