import { Cache, FileBackend } from "#cache";
import { cacheSessionStore } from "./cache-session-store.ts";
import type { SessionStore } from "./session-store.ts";

/**
 * Keeps sessions in a folder, one file each, which the processes of one machine share.
 *
 * ```ts
 * const session = { store: fileSessionStore("/var/lib/shop/sessions") };
 * ```
 */
export function fileSessionStore(directory: string): SessionStore {
  // However many there are: to forget one is to log its visitor out.
  const files = new FileBackend(directory, { maxEntries: Infinity });
  const cache = new Cache(files);
  return { ...cacheSessionStore(() => cache), clearExpired: () => files.removeExpired() };
}
