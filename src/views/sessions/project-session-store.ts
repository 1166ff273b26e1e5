import { cache } from "#cache";
import { openSessionStore, type SessionStore } from "#http";
import { type Check, CortadoError, type ProjectSettings } from "#kernel";
import { cachedDatabaseSessionStore } from "./cached-database-session-store.ts";
import { databaseSessionStore } from "./database-session-store.ts";

/** Where a project's sessions are kept: in its database, unless its settings say otherwise. @throws HTTP_UNKNOWN_SESSION_STORE */
export function projectSessionStore(settings: ProjectSettings): SessionStore {
  const stores = {
    database: databaseSessionStore,
    "cached-database": ({ cache: alias }: { cache?: string | undefined }) => cachedDatabaseSessionStore(() => cache(alias)),
  };
  return openSessionStore({ ...settings, stores });
}

/** Whether the setting `session.store` names a store. */
export const sessionStoreChecks: Check = (settings) => {
  try {
    projectSessionStore(settings);
    return [];
  } catch (error) {
    if (!(error instanceof CortadoError)) throw error;
    const { code, message, hint } = error;
    return [{ level: "error", code, message, hint, object: "session.store" }];
  }
};
