import { resolve } from "node:path";
import { DummyBackend } from "./backends/dummy-backend.ts";
import { FileBackend } from "./backends/file-backend.ts";
import { type MemoryLimits } from "./backends/memory-backend.ts";
import { RedisBackend } from "./backends/redis.ts";
import { Cache } from "./cache.ts";
import type { CacheBackend } from "./cache-backend.ts";
import type { CacheOptions } from "./cache-options.ts";
import { cacheErrors } from "./errors.ts";
import { MemoryCache } from "./memory-cache.ts";

/** A cache of a project: what it is kept in, and how. */
export interface CacheConfiguration extends CacheOptions, MemoryLimits {
  /**
   * `memory:`, `file:var/cache`, `redis://localhost:6379/1`, `database:` or `database:pages`, `dummy:`, or a backend of your own.
   * Of several Redis addresses the first is written to, and the others are read from.
   */
  backend: string | readonly string[] | CacheBackend;
}

/** An address, a configuration, or a cache that is open already. */
export type CacheSetting = string | CacheConfiguration | Cache;

declare module "#kernel" {
  interface ProjectSettings {
    /** Caches by alias: `{ default: "redis://localhost:6379/1" }`. Without a default one, values are kept in memory. */
    caches?: Readonly<Record<string, CacheSetting>> | undefined;
  }
}

/** Makes a backend of what stands after the scheme of an address. */
export type MakeBackend = (rest: string, configuration: CacheConfiguration) => CacheBackend;

/** What an address of a cache is read with. */
export interface OpenCachesOptions {
  /** The folder that the folders of caches are in. */
  root: string;
  /** Backends that layers above know how to make, by scheme. */
  schemes?: Readonly<Record<string, MakeBackend>> | undefined;
}

/** The caches of a project, by alias; there is always a `default` one. @throws CACHE_UNKNOWN_BACKEND */
export function openCaches(
  settings: Readonly<Record<string, CacheSetting>> | undefined,
  options: OpenCachesOptions,
): Record<string, Cache> {
  const caches = Object.entries({ default: "memory:", ...settings }).map(
    ([alias, setting]) => [alias, openCache(setting, options)] as const,
  );
  return Object.fromEntries(caches);
}

/**
 * The cache at an address.
 *
 * ```ts
 * const pages = openCache("file:var/pages", { root: import.meta.dirname });
 * ```
 * @throws CACHE_UNKNOWN_BACKEND
 */
export function openCache(setting: CacheSetting, options: OpenCachesOptions): Cache {
  if (setting instanceof Cache) return setting;
  const configuration = typeof setting === "string" ? { backend: setting } : setting;
  const { backend } = configuration;
  if (backend === "memory:") return new MemoryCache(configuration);
  const isOwn = typeof backend === "object" && !Array.isArray(backend);
  return new Cache(isOwn ? (backend as CacheBackend) : openBackend(configuration, options), configuration);
}

/** The backend at an address, or at several. */
function openBackend(configuration: CacheConfiguration, { root, schemes }: OpenCachesOptions): CacheBackend {
  const urls = [configuration.backend].flat() as string[];
  const [url = ""] = urls;
  const makers: Readonly<Record<string, MakeBackend>> = {
    file: (folder) => new FileBackend(resolve(root, folder), configuration),
    dummy: () => new DummyBackend(),
    redis: () => new RedisBackend(urls),
    rediss: () => new RedisBackend(urls),
    ...schemes,
  };
  const scheme = url.split(":")[0]!;
  const rest = url.slice(scheme.length + 1);
  const isWhole = scheme === "dummy" ? rest === "" : scheme !== "file" || rest !== "";
  if (Object.hasOwn(makers, scheme) && isWhole) return makers[scheme]!(rest, configuration);
  const known = Object.keys({ memory: "", ...makers }).map((name) => (name === "file" ? "file:FOLDER" : `${name}:`));
  throw cacheErrors.CACHE_UNKNOWN_BACKEND({ url, known });
}

/** Ends the connections of caches. */
export async function closeCaches(caches: Readonly<Record<string, Cache>>): Promise<void> {
  await Promise.all(Object.values(caches).map((each) => each.close()));
}
