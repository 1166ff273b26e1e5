import type { SessionStore } from "#http";
import { Session } from "./session-model.ts";

/** Keeps sessions in the project's database. */
export function databaseSessionStore(): SessionStore {
  return {
    async load(key) {
      const found = await Session.objects.filter({ key, expiresAt: { gt: new Date() } }).first();
      return found?.data ?? null;
    },
    async create(key, data, expiresAt) {
      await Session.objects.create({ key, data, expiresAt });
    },
    async save(key, data, expiresAt) {
      return (await Session.objects.filter({ key }).update({ data, expiresAt })) > 0;
    },
    async remove(key) {
      await Session.objects.filter({ key }).delete();
    },
  };
}

/** Removes the sessions that are over: `cortado clearsessions`. Answers how many there were. */
export async function clearExpiredSessions(): Promise<number> {
  const over = Session.objects.filter({ expiresAt: { lte: new Date() } });
  const count = await over.count();
  await over.delete();
  return count;
}
