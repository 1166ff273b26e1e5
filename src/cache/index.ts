export { Cache, type CacheEntries } from "./cache.ts";
export type { CacheBackend } from "./cache-backend.ts";
export type {
  CacheCounts,
  CacheOptions,
  GetOrSetOptions,
  IncrementOptions,
  KeyFunction,
  SetOptions,
  Timeout,
  VersionOption,
} from "./cache-options.ts";
export { cacheChecks } from "./checks.ts";
export { cache, hasCache, useCaches } from "./current-cache.ts";
export { cacheErrors } from "./errors.ts";
export { MemoryCache } from "./memory-cache.ts";
export {
  type CacheConfiguration,
  type CacheSetting,
  closeCaches,
  type MakeBackend,
  openCache,
  openCaches,
  type OpenCachesOptions,
} from "./open-caches.ts";
export { DummyBackend } from "./backends/dummy-backend.ts";
export { FileBackend } from "./backends/file-backend.ts";
export { MemoryBackend, type MemoryLimits } from "./backends/memory-backend.ts";
export { RedisBackend } from "./backends/redis.ts";
