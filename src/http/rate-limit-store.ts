import { cache } from "#cache";

/** Counts calls in windows of time. One that several processes share limits them together. */
export interface RateLimitStore {
  /** Counts one call, and answers how many there were in the window, this one among them. */
  hit(key: string, seconds: number): Promise<number>;
}

/** Counts in a cache: in memory for one process, in Redis for several. */
export function cacheRateLimits(alias = "default"): RateLimitStore {
  return {
    async hit(key, seconds) {
      const store = cache(alias);
      if (await store.add(key, 1, { timeout: seconds })) return 1;
      // It ended between the two questions: the next window begins.
      return store.increment(key, 1).catch(() => 1);
    },
  };
}
