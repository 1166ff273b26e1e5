import { mergeSession, type SessionStore } from "#http";
import { transaction } from "#orm";
import { Session } from "./session-model.ts";

/** Keeps sessions in the project's database. */
export function databaseSessionStore(): SessionStore {
  return {
    async load(key) {
      return (await findSession(key))?.data ?? null;
    },
    async create(key, { data, expiresAt }) {
      await Session.objects.create({ key, data, expiresAt });
    },
    async save(key, session) {
      const { data, loaded, expiresAt } = session;
      // As it was read, nearly always: then one statement does.
      const row = Session.objects.filter({ key });
      const same = loaded === undefined ? row : row.filter({ data: { eq: loaded } });
      if ((await same.update({ data, expiresAt })) > 0) return true;
      if (loaded === undefined) return false;
      return transaction(async () => {
        const present = await row.selectForUpdate().first();
        if (present === null) return false;
        return (await row.update({ data: mergeSession(present.data, session), expiresAt })) > 0;
      });
    },
    async remove(key) {
      await Session.objects.filter({ key }).delete();
    },
    clearExpired: clearExpiredSessions,
  };
}

/** A session that is not over; null where there is none. */
export function findSession(key: string): Promise<Session | null> {
  return Session.objects.filter({ key, expiresAt: { gt: new Date() } }).first();
}

/** Removes the sessions in the database that are over. Answers how many there were. */
export async function clearExpiredSessions(): Promise<number> {
  const over = Session.objects.filter({ expiresAt: { lte: new Date() } });
  const count = await over.count();
  await over.delete();
  return count;
}
