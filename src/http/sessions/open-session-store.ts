import { resolve } from "node:path";
import { cache } from "#cache";
import { httpErrors } from "../errors.ts";
import type { SessionSettings } from "../settings.ts";
import { cacheSessionStore } from "./cache-session-store.ts";
import { cookieSessionStore } from "./cookie-session-store.ts";
import { fileSessionStore } from "./file-session-store.ts";
import { memorySessionStore, type SessionStore } from "./session-store.ts";

/** What a store by name is made of. */
export interface OpenSessionStoreOptions {
  session?: SessionSettings | undefined;
  secretKey: string;
  secretKeyFallbacks?: readonly string[] | undefined;
  /** The project's folder. */
  root: string;
  /** Stores that layers above know how to make. */
  stores?: Readonly<Record<string, (session: SessionSettings) => SessionStore>> | undefined;
}

/** The store of the setting `session.store`. @throws HTTP_UNKNOWN_SESSION_STORE */
export function openSessionStore(options: OpenSessionStoreOptions): SessionStore {
  const { session = {}, secretKey, secretKeyFallbacks = [], root, stores = {} } = options;
  const { store = "database" in stores ? "database" : "memory", cache: alias, directory = "var/sessions" } = session;
  if (typeof store === "object") return store;
  const makers: Readonly<Record<string, (session: SessionSettings) => SessionStore>> = {
    memory: memorySessionStore,
    cache: () => cacheSessionStore(() => cache(alias)),
    file: () => fileSessionStore(resolve(root, directory)),
    cookie: () => cookieSessionStore([secretKey, ...secretKeyFallbacks]),
    ...stores,
  };
  if (Object.hasOwn(makers, store)) return makers[store]!(session);
  throw httpErrors.HTTP_UNKNOWN_SESSION_STORE({ given: store, known: Object.keys(makers) });
}
