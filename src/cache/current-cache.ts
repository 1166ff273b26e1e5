import type { Cache } from "./cache.ts";
import { cacheErrors } from "./errors.ts";
import { MemoryCache } from "./memory-cache.ts";

let current: Readonly<Record<string, Cache>> = {};
let memory: MemoryCache | undefined;

/** Sets the caches that `cache()` finds; a project does so when it opens, a test may. */
export function useCaches(caches: Readonly<Record<string, Cache>>): void {
  current = caches;
}

/** Whether there is a cache of this name besides the one that is always there. */
export function hasCache(alias: string): boolean {
  return Object.hasOwn(current, alias);
}

/**
 * An open cache. Without a project, `cache()` keeps values in memory.
 *
 * ```ts
 * await cache().get("menu");
 * await cache("pages").clear();
 * ```
 * @throws CACHE_UNKNOWN_ALIAS
 */
export function cache(alias = "default"): Cache {
  if (Object.hasOwn(current, alias)) return current[alias]!;
  if (alias === "default") return (memory ??= new MemoryCache());
  throw cacheErrors.CACHE_UNKNOWN_ALIAS({ alias, known: Object.keys(current) });
}
