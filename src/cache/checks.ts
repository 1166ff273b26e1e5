import { type Check, checkMessage, CortadoError } from "#kernel";
import { redisPackage } from "./backends/redis.ts";
import { Cache } from "./cache.ts";
import type { CacheSetting } from "./open-caches.ts";

/** What is missing for the caches of the settings; it would show when the first value is kept. */
export const cacheChecks: Check = async ({ caches = {} }) => {
  const aliases = Object.keys(caches).filter((alias) => isOnRedis(caches[alias]!));
  if (aliases.length === 0) return [];
  try {
    await redisPackage();
    return [];
  } catch (error) {
    if (!(error instanceof CortadoError)) throw error;
    return aliases.map((alias) => checkMessage(error, "error", `caches.${alias}`));
  }
};

function isOnRedis(setting: CacheSetting): boolean {
  if (setting instanceof Cache) return false;
  const { backend } = typeof setting === "string" ? { backend: setting } : setting;
  const first: unknown = Array.isArray(backend) ? backend[0] : backend;
  return typeof first === "string" && /^rediss?:/.test(first);
}
