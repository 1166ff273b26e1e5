import type { CacheBackend } from "../cache-backend.ts";
import { addToNumber } from "../codec/whole-number.ts";

interface Entry {
  text: string;
  /** Milliseconds of the clock; Infinity for no end. */
  end: number;
  bytes: number;
}

/** How much a backend in memory holds. */
export interface MemoryLimits {
  /** Entries: 10,000. */
  maxEntries?: number | undefined;
  /** Bytes of keys and texts: 64 MB. */
  maxBytes?: number | undefined;
}

/** What an entry costs beside its texts, roughly. */
const overhead = 100;

/** Entries in the memory of this process. Beyond its limits those go that were not used for the longest time. */
export class MemoryBackend implements CacheBackend {
  readonly isShared = false;
  /** In the order of their last use: a Map keeps the order of insertion. */
  readonly #entries = new Map<string, Entry>();
  readonly #maxEntries: number;
  readonly #maxBytes: number;
  #bytes = 0;

  constructor({ maxEntries = 10_000, maxBytes = 64_000_000 }: MemoryLimits = {}) {
    this.#maxEntries = maxEntries;
    this.#maxBytes = maxBytes;
  }

  /** Entries and bytes that are held, those included that are over and not yet removed. */
  get held(): { entries: number; bytes: number } {
    return { entries: this.#entries.size, bytes: this.#bytes };
  }

  async getMany(keys: readonly string[]): Promise<(string | undefined)[]> {
    return keys.map((key) => this.#find(key)?.text);
  }

  async setMany(entries: readonly (readonly [string, string])[], life: number | null): Promise<void> {
    for (const [key, text] of entries) this.#put(key, text, endOf(life));
  }

  async add(key: string, text: string, life: number | null): Promise<boolean> {
    if (this.#find(key) !== undefined) return false;
    this.#put(key, text, endOf(life));
    return true;
  }

  async deleteMany(keys: readonly string[]): Promise<number> {
    return keys.filter((key) => this.#find(key) !== undefined && this.#remove(key)).length;
  }

  async touch(key: string, life: number | null): Promise<boolean> {
    const entry = this.#find(key);
    if (entry !== undefined) entry.end = endOf(life);
    return entry !== undefined;
  }

  async increment(key: string, delta: number): Promise<number | undefined> {
    const entry = this.#find(key);
    if (entry === undefined) return undefined;
    const sum = addToNumber(entry.text, delta);
    this.#put(key, String(sum), entry.end);
    return sum;
  }

  async clear(beginning: string): Promise<void> {
    for (const key of this.#entries.keys()) if (key.startsWith(beginning)) this.#remove(key);
  }

  /** The entry, moved to the end of the queue of those that go. */
  #find(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.end <= Date.now()) {
      this.#remove(key);
      return undefined;
    }
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }

  #put(key: string, text: string, end: number): void {
    this.#remove(key);
    const bytes = Buffer.byteLength(key) + Buffer.byteLength(text) + overhead;
    // What is larger than everything that may be held is not held, and drives nothing else out.
    if (bytes > this.#maxBytes || this.#maxEntries < 1) return;
    this.#entries.set(key, { text, end, bytes });
    this.#bytes += bytes;
    if (this.#isOverfull) this.#makeRoom();
  }

  get #isOverfull(): boolean {
    return this.#bytes > this.#maxBytes || this.#entries.size > this.#maxEntries;
  }

  #makeRoom(): void {
    for (const key of this.#entries.keys()) {
      if (!this.#isOverfull) return;
      this.#remove(key);
    }
  }

  #remove(key: string): boolean {
    const entry = this.#entries.get(key);
    if (entry === undefined) return false;
    this.#bytes -= entry.bytes;
    return this.#entries.delete(key);
  }
}

function endOf(life: number | null): number {
  return life === null ? Infinity : Date.now() + life;
}
