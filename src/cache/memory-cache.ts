import { MemoryBackend, type MemoryLimits } from "./backends/memory-backend.ts";
import { Cache } from "./cache.ts";
import type { CacheOptions } from "./cache-options.ts";

/**
 * Keeps values in the memory of this process, those longest that are used most recently.
 *
 * ```ts
 * const kept = new MemoryCache({ maxEntries: 500 });
 * await kept.set("greeting", "hello");
 * ```
 */
export class MemoryCache extends Cache {
  readonly #memory: MemoryBackend;

  constructor(options: CacheOptions & MemoryLimits = {}) {
    const memory = new MemoryBackend(options);
    super(memory, options);
    this.#memory = memory;
  }

  /** Entries and bytes that are held. */
  get held(): { entries: number; bytes: number } {
    return this.#memory.held;
  }
}
