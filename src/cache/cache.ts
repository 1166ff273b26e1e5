/*
 * How it works. A cache names keys (prefix, version), makes texts of values (codec/), counts, and sees that a value is made once
 * (make-once.ts). A backend holds texts under keys for a while, and knows nothing of the rest: what holds for one holds for all.
 */
import { inspect } from "node:util";
import type { CacheBackend } from "./cache-backend.ts";
import {
  type CacheCounts,
  type CacheOptions,
  defaultKey,
  type GetOrSetOptions,
  type IncrementOptions,
  type KeyFunction,
  type SetOptions,
  type Timeout,
  type VersionOption,
} from "./cache-options.ts";
import { decodeValue } from "./codec/decode-value.ts";
import { encodeValue } from "./codec/encode-value.ts";
import { readFreshness, withFreshness } from "./codec/fresh-until.ts";
import { isWholeNumber } from "./codec/whole-number.ts";
import { cacheErrors } from "./errors.ts";
import { MakeOnce, type Making } from "./make-once.ts";

/** What `setMany` takes: a Map, an object, or pairs. */
export type CacheEntries = Iterable<readonly [string, unknown]> | Readonly<Record<string, unknown>>;

/**
 * Values kept for a while. What is read is a copy: changing it changes nothing that is kept.
 *
 * ```ts
 * await cache().set("coffee:3", coffee, { timeout: 60 });
 * await cache().get("coffee:3"); // undefined where there is none
 * const menu = await cache().getOrSet("menu", () => Coffee.objects.values("name", "price"), { timeout: 60 });
 * ```
 */
export class Cache {
  /** How often it was asked since the process began. */
  readonly counts: CacheCounts = { hits: 0, misses: 0, made: 0, shared: 0 };
  readonly prefix: string;
  readonly version: number;
  readonly #backend: CacheBackend;
  readonly #timeout: Timeout;
  readonly #keyFunction: KeyFunction;
  readonly #makeOnce: MakeOnce;

  constructor(backend: CacheBackend, options: CacheOptions = {}) {
    const { prefix = "", version = 1, timeout = 300, keyFunction = defaultKey, makingTimeout = 30 } = options;
    this.#backend = backend;
    this.prefix = prefix;
    this.version = version;
    this.#timeout = timeout;
    this.#keyFunction = keyFunction;
    this.#makeOnce = new MakeOnce(backend, makingTimeout * 1000);
  }

  /** The value; undefined, or `default`, where there is none. `get<number>("n", { default: 0 })` */
  get<T = unknown>(key: string, options?: VersionOption): Promise<T | undefined>;
  get<T = unknown, D = T>(key: string, options: VersionOption & { default: D }): Promise<T | D>;
  async get(key: string, options: VersionOption & { default?: unknown } = {}): Promise<unknown> {
    const kept = await this.#find(this.#whole(key, options));
    this.counts[kept === undefined ? "misses" : "hits"]++;
    return kept === undefined ? options.default : decodeValue(readFreshness(kept).text);
  }

  /** Keeps a value, for `timeout` seconds. @throws CACHE_BAD_VALUE */
  async set(key: string, value: unknown, options: SetOptions = {}): Promise<void> {
    await this.setMany([[key, value]], options);
  }

  /** Keeps a value where there is none; false where there is one. Of several callers one alone is told true. */
  async add(key: string, value: unknown, options: SetOptions = {}): Promise<boolean> {
    const whole = this.#whole(key, options);
    const text = encodeValue(key, value);
    const life = this.#life(options.timeout);
    return isOver(life) ? (await this.#find(whole)) === undefined : this.#backend.add(whole, text, life);
  }

  /** False where there was none. */
  async delete(key: string, options: VersionOption = {}): Promise<boolean> {
    return (await this.deleteMany([key], options)) > 0;
  }

  async has(key: string, options: VersionOption = {}): Promise<boolean> {
    return (await this.#find(this.#whole(key, options))) !== undefined;
  }

  /** The values that are there, by key. */
  async getMany<T = unknown>(keys: Iterable<string>, options: VersionOption = {}): Promise<Map<string, T>> {
    const asked = [...new Set(keys)];
    const texts = asked.length === 0 ? [] : await this.#backend.getMany(asked.map((key) => this.#whole(key, options)));
    const found = new Map<string, T>();
    for (const [index, key] of asked.entries()) {
      const kept = texts[index];
      if (kept === undefined) this.counts.misses++;
      else {
        this.counts.hits++;
        found.set(key, decodeValue(readFreshness(kept).text) as T);
      }
    }
    return found;
  }

  /** Keeps several values, together where the backend can. @throws CACHE_BAD_VALUE before any is kept */
  async setMany(entries: CacheEntries, options: SetOptions = {}): Promise<void> {
    const pairs = Symbol.iterator in entries ? [...(entries as Iterable<readonly [string, unknown]>)] : Object.entries(entries);
    const texts = pairs.map(([key, value]) => [this.#whole(key, options), encodeValue(key, value)] as const);
    const life = this.#life(options.timeout);
    if (texts.length === 0) return;
    if (isOver(life)) await this.#backend.deleteMany(texts.map(([whole]) => whole));
    else await this.#backend.setMany(texts, life);
  }

  /** How many there were. What is being made under these keys will not be kept. */
  async deleteMany(keys: Iterable<string>, options: VersionOption = {}): Promise<number> {
    const whole = [...new Set(keys)].map((key) => this.#whole(key, options));
    if (whole.length === 0) return 0;
    const [count] = await Promise.all([this.#backend.deleteMany(whole), this.#makeOnce.forget(whole)]);
    return count;
  }

  /**
   * Adds to a whole number, at once for all callers, and gives the sum. Its time-out stays.
   * @throws CACHE_NO_NUMBER where there is none and no `initial`
   */
  async increment(key: string, delta = 1, options: IncrementOptions = {}): Promise<number> {
    const whole = this.#whole(key, options);
    const { initial, timeout } = options;
    if (!Number.isSafeInteger(delta)) throw cacheErrors.CACHE_BAD_STEP({ given: inspect(delta) });
    for (;;) {
      const sum = await this.#backend
        .increment(whole, delta)
        .catch((error: unknown) => this.#explainIncrement(key, whole, error));
      if (sum !== undefined) return sum;
      if (initial === undefined) throw cacheErrors.CACHE_NO_NUMBER({ key, held: "nothing" });
      if (isOver(this.#life(timeout))) return initial + delta;
      // Where another caller was first, its number is there now; where it is over already, once more.
      if (await this.#backend.add(whole, encodeValue(key, initial + delta), this.#life(timeout))) return initial + delta;
    }
  }

  /** A backend's own failure stays what it is; where the entry is no number, that is said. */
  async #explainIncrement(key: string, whole: string, error: unknown): Promise<never> {
    const kept = await this.#find(whole);
    if (kept === undefined || isWholeNumber(kept)) throw error;
    const held = inspect(decodeValue(readFreshness(kept).text), { depth: 0 }).slice(0, 60);
    throw cacheErrors.CACHE_NO_NUMBER({ key, held });
  }

  /** Takes from a whole number: `increment` with the sign turned. @throws CACHE_NO_NUMBER */
  decrement(key: string, delta = 1, options: IncrementOptions = {}): Promise<number> {
    return this.increment(key, -delta, options);
  }

  /** Gives a value a new time-out; false where there is none. */
  async touch(key: string, options: SetOptions = {}): Promise<boolean> {
    const whole = this.#whole(key, options);
    const life = this.#life(options.timeout);
    return isOver(life) ? (await this.#backend.deleteMany([whole])) > 0 : this.#backend.touch(whole, life);
  }

  /** Removes what was kept under this cache's prefix. With a key function of your own, everything that the backend holds. */
  async clear(): Promise<void> {
    this.#makeOnce.forgetAll();
    await this.#backend.clear(this.#keyFunction === defaultKey ? `${this.prefix}:` : "");
  }

  /**
   * The value; where there is none it is made and kept. Many callers at once make it once, in this process and, where the
   * backend is shared, in all: see `make-once.ts`.
   *
   * ```ts
   * const menu = await cache().getOrSet("menu", () => Coffee.objects.values("name"), { timeout: 600 });
   * ```
   * @throws what `make` throws, to all who wait for it
   */
  async getOrSet<T>(key: string, make: T | (() => T | Promise<T>), options: GetOrSetOptions = {}): Promise<T> {
    const whole = this.#whole(key, options);
    const kept = await this.#find(whole);
    let own = false;
    const making = this.#making(key, {
      options,
      seen: kept,
      make: () => {
        own = true;
        return typeof make === "function" ? (make as () => T | Promise<T>)() : make;
      },
    });
    if (kept === undefined) {
      this.counts.misses++;
      const text = await this.#makeOnce.run(making);
      if (!own) this.counts.shared++;
      return decodeValue(text) as T;
    }
    this.counts.hits++;
    const { text, until } = readFreshness(kept);
    const anew = until <= Date.now() ? await this.#makeOnce.refresh(making) : undefined;
    return decodeValue(anew ?? text) as T;
  }

  /** Moves a value to another version, and gives that version. @throws CACHE_NO_KEY */
  async incrementVersion(key: string, delta = 1, { version = this.version, timeout }: SetOptions = {}): Promise<number> {
    const [from, to] = [this.#whole(key, { version }), this.#whole(key, { version: version + delta })];
    const kept = await this.#find(from);
    if (kept === undefined) throw cacheErrors.CACHE_NO_KEY({ key, version });
    await this.#backend.setMany([[to, readFreshness(kept).text]], this.#life(timeout));
    await this.#backend.deleteMany([from]);
    return version + delta;
  }

  /** Ends the connections of the backend. */
  async close(): Promise<void> {
    await this.#backend.close?.();
  }

  #making(key: string, given: { make: () => unknown; options: GetOrSetOptions; seen: string | undefined }): Making {
    const { make, options, seen } = given;
    const whole = this.#whole(key, options);
    const life = this.#life(options.timeout);
    const isNew = (kept: string | undefined) => kept !== undefined && kept !== seen;
    const keep = async (text: string): Promise<void> => {
      const kept = withFreshness(text, freshUntil(life, options.refreshAhead));
      // What was set meanwhile is newer than what was begun before.
      if (seen === undefined) await this.#backend.add(whole, kept, life);
      else if (!isNew(await this.#find(whole))) await this.#backend.setMany([[whole, kept]], life);
    };
    return {
      key: whole,
      make: async () => {
        this.counts.made++;
        return encodeValue(key, await make());
      },
      look: async () => {
        const kept = await this.#find(whole);
        return isNew(kept) ? readFreshness(kept!).text : undefined;
      },
      keep: isOver(life) ? undefined : keep,
    };
  }

  async #find(whole: string): Promise<string | undefined> {
    return (await this.#backend.getMany([whole]))[0];
  }

  #whole(key: string, { version = this.version }: VersionOption): string {
    if (typeof key !== "string") throw cacheErrors.CACHE_BAD_KEY({ given: inspect(key, { depth: 0 }) });
    return this.#keyFunction(key, this.prefix, version);
  }

  /** Milliseconds. */
  #life(timeout: Timeout | undefined): number | null {
    const seconds = timeout === undefined ? this.#timeout : timeout;
    if (seconds === null) return null;
    if (typeof seconds !== "number" || Number.isNaN(seconds)) throw cacheErrors.CACHE_BAD_TIMEOUT({ given: inspect(seconds) });
    return seconds === Infinity ? null : Math.ceil(seconds * 1000);
  }
}

function isOver(life: number | null): boolean {
  return life !== null && life <= 0;
}

/** The moment from which a value is made anew while it can still be given. */
function freshUntil(life: number | null, refreshAhead: number | undefined): number | null {
  if (life === null || refreshAhead === 0) return null;
  const ahead = refreshAhead === undefined ? Math.min(life / 10, 60_000) : refreshAhead * 1000;
  return Date.now() + life - Math.min(ahead, life);
}
