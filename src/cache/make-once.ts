/*
 * How it works. When a value that many ask for is over, all of them would make it at once. Here one does:
 *   in a process   the callers share one promise
 *   among them     where the backend is shared, the one makes it whose `add` of a lock succeeded; the others look again and again
 *                  until the value is there, or the lock is gone because its owner failed or died
 *   before the end a value is made anew by one caller while it can still be given to the others, so that a value in use is never missing
 * A value that is set or deleted while it is being made is not overwritten by what was begun before.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { CacheBackend } from "./cache-backend.ts";
import { cacheErrors } from "./errors.ts";

/** A value to be made, under its whole key. */
export interface Making {
  key: string;
  make: () => Promise<string>;
  /** The text that another one has kept meanwhile. */
  look: () => Promise<string | undefined>;
  /** Undefined where the value is not to be kept: then nothing is agreed upon with other processes. */
  keep: ((text: string) => Promise<void>) | undefined;
}

const firstWait = 10;
const longestWait = 250;

/** The keys that are being made by the code that asks. */
const outerKeys = new AsyncLocalStorage<ReadonlySet<string>>();

/** Makes the values of one cache, each once at a time. */
export class MakeOnce {
  readonly #running = new Map<string, Promise<string>>();
  readonly #backend: CacheBackend;
  readonly #lockLife: number;

  constructor(backend: CacheBackend, lockLife: number) {
    this.#backend = backend;
    this.#lockLife = lockLife;
  }

  /** What was begun under a key is given to those who wait for it, and is not kept. */
  async forget(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.#running.delete(key);
    if (this.#backend.isShared) await this.#backend.deleteMany(keys.map(lockOf));
  }

  forgetAll(): void {
    this.#running.clear();
  }

  /** The text that is made by this caller or by another. @throws CACHE_MAKES_ITSELF */
  run(making: Making): Promise<string> {
    return this.#begin(making);
  }

  /** Makes the value anew if no one else does; undefined where someone does, and where it cannot be made. */
  async refresh(making: Making): Promise<string | undefined> {
    if (this.#running.has(making.key)) return undefined;
    const token = newToken();
    if (this.#backend.isShared && !(await this.#takeLock(making.key, token))) return undefined;
    // The present value is good until its end; who finds none then is told why it cannot be made.
    return this.#begin(making, token).catch(() => undefined);
  }

  #begin(making: Making, token?: string): Promise<string> {
    const { key } = making;
    const outer = outerKeys.getStore();
    if (outer?.has(key)) return Promise.reject(cacheErrors.CACHE_MAKES_ITSELF({ key }));
    const known = this.#running.get(key);
    if (known !== undefined) return known;
    const running: Promise<string> = outerKeys
      .run(new Set(outer).add(key), async () => {
        // Until then the promise is among those that run.
        await Promise.resolve();
        const isWanted = () => this.#running.get(key) === running;
        if (!this.#backend.isShared || making.keep === undefined) return makeAndKeep(making, isWanted);
        return this.#makeUnderLock(making, isWanted, token);
      })
      .finally(() => {
        if (this.#running.get(key) === running) this.#running.delete(key);
      });
    this.#running.set(key, running);
    return running;
  }

  async #makeUnderLock(making: Making, isWanted: () => boolean, held?: string): Promise<string> {
    const { key, look } = making;
    const token = held ?? newToken();
    for (let wait = firstWait; held === undefined; wait = Math.min(wait * 1.5, longestWait)) {
      const isOurs = await this.#takeLock(key, token);
      const found = await look();
      if (found !== undefined) {
        if (isOurs) await this.#backend.deleteMany([lockOf(key)]);
        return found;
      }
      if (isOurs) break;
      await sleep(wait);
    }
    const isOurs = async () => (await this.#backend.getMany([lockOf(key)]))[0] === token;
    try {
      return await makeAndKeep(making, async () => isWanted() && (await isOurs()));
    } finally {
      if (await isOurs()) await this.#backend.deleteMany([lockOf(key)]);
    }
  }

  #takeLock(key: string, token: string): Promise<boolean> {
    return this.#backend.add(lockOf(key), token, this.#lockLife);
  }
}

async function makeAndKeep({ make, keep }: Making, isWanted: () => boolean | Promise<boolean>): Promise<string> {
  const text = await make();
  if (keep !== undefined && (await isWanted())) await keep(text);
  return text;
}

function newToken(): string {
  return `s${randomUUID()}`;
}

function lockOf(key: string): string {
  // No key that someone writes by hand.
  return `${key}\u001fmaking`;
}
