/**
 * Where a cache keeps its entries: what an author of a backend writes. Keys are whole (the prefix and the version are
 * in them), values are texts, a life is in milliseconds, null for no end. An entry that is over is not there.
 *
 * `cacheConformance` of `cortado/testing` tries a backend against everything that is said here.
 */
export interface CacheBackend {
  /** Whether other processes see the same entries. Where they do, making a value is agreed upon among them. */
  readonly isShared: boolean;
  /** The texts in the order of the keys; undefined for what is not there. */
  getMany(keys: readonly string[]): Promise<readonly (string | undefined)[]>;
  setMany(entries: readonly (readonly [key: string, text: string])[], life: number | null): Promise<void>;
  /** Keeps a text where there is none; false where there is one. Of several callers at once one alone is told true. */
  add(key: string, text: string, life: number | null): Promise<boolean>;
  /** How many there were. */
  deleteMany(keys: readonly string[]): Promise<number>;
  /** Gives an entry a new life; false where there is none. */
  touch(key: string, life: number | null): Promise<boolean>;
  /**
   * Adds to a whole number, at once for all callers, and keeps its life. Undefined where there is no entry.
   * @throws whatever tells that the entry is no whole number; the cache says so in its own words.
   */
  increment(key: string, delta: number): Promise<number | undefined>;
  /** Removes the entries whose keys begin so. */
  clear(beginning: string): Promise<void>;
  close?(): Promise<void>;
}
