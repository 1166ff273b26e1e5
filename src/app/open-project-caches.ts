import { type CacheSetting, closeCaches, openCaches, useCaches } from "#cache";
import type { App, ProjectSettings } from "#kernel";
import { cacheApp, DatabaseCacheBackend } from "#views";

const inDatabase = /^database:/;

/** The app with the table of caches, where one of the project's caches is in the database. */
export function appsOfCaches({ caches = {} }: Pick<ProjectSettings, "caches">): readonly App[] {
  return Object.values(caches).some((setting) => inDatabase.test(addressOf(setting))) ? [cacheApp] : [];
}

/** Opens the caches of a project, so that `cache()` finds them, and answers how to close them. */
export function openProjectCaches({ caches, root }: ProjectSettings): () => Promise<void> {
  const database = (name: string, { maxEntries }: { maxEntries?: number | undefined }) =>
    new DatabaseCacheBackend({ name, maxEntries });
  const opened = openCaches(caches, { root, schemes: { database } });
  useCaches(opened);
  return () => closeCaches(opened);
}

function addressOf(setting: CacheSetting): string {
  const backend = typeof setting === "object" && "backend" in setting ? setting.backend : setting;
  return typeof backend === "string" ? backend : "";
}
