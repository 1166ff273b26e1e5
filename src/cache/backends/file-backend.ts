/*
 * How it works. One file an entry, named by a hash of its key, so that no key can lead anywhere else; its first line says the key
 * and the end. A file appears whole: it is written beside its place and renamed. What reads before it writes (add, increment, touch)
 * does so under a lock file, which other processes heed. Files that are over go in a sweep, every hundred writes or more.
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat, unlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { CacheBackend } from "../cache-backend.ts";
import { addToNumber } from "../codec/whole-number.ts";

interface Entry {
  key: string;
  end: number | null;
  text: string;
}

const extension = ".entry";
const sweepEvery = 100;
/** A process may hold open only so many. */
const filesAtOnce = 64;
/** A lock this old, in milliseconds, is of a process that died. */
const abandoned = 10_000;

/** Entries in a folder, which several processes may share. */
export class FileBackend implements CacheBackend {
  readonly isShared = true;
  readonly directory: string;
  readonly #maxEntries: number;
  #writesUntilSweep = sweepEvery;

  constructor(directory: string, { maxEntries = 10_000 }: { maxEntries?: number | undefined } = {}) {
    this.directory = directory;
    this.#maxEntries = maxEntries;
  }

  getMany(keys: readonly string[]): Promise<(string | undefined)[]> {
    return someAtOnce(keys, async (key) => (await this.#find(key))?.text);
  }

  async setMany(entries: readonly (readonly [string, string])[], life: number | null): Promise<void> {
    await someAtOnce(entries, ([key, text]) => this.#locked(key, () => this.#write({ key, text, end: endOf(life) })));
  }

  add(key: string, text: string, life: number | null): Promise<boolean> {
    return this.#locked(key, async () => {
      if ((await this.#find(key)) !== undefined) return false;
      await this.#write({ key, text, end: endOf(life) });
      return true;
    });
  }

  async deleteMany(keys: readonly string[]): Promise<number> {
    const gone = await someAtOnce(keys, async (key) => (await this.#find(key)) !== undefined && remove(this.#path(key)));
    return gone.filter(Boolean).length;
  }

  touch(key: string, life: number | null): Promise<boolean> {
    return this.#locked(key, async () => {
      const found = await this.#find(key);
      if (found !== undefined) await this.#write({ ...found, end: endOf(life) });
      return found !== undefined;
    });
  }

  increment(key: string, delta: number): Promise<number | undefined> {
    return this.#locked(key, async () => {
      const found = await this.#find(key);
      if (found === undefined) return undefined;
      const sum = addToNumber(found.text, delta);
      await this.#write({ ...found, text: String(sum) });
      return sum;
    });
  }

  async clear(beginning: string): Promise<void> {
    for (const path of await this.#paths()) {
      if (beginning === "" || (await readEntry(path))?.key.startsWith(beginning)) await remove(path);
    }
  }

  async #find(key: string): Promise<Entry | undefined> {
    const path = this.#path(key);
    const entry = await readEntry(path);
    if (entry === undefined || entry.key !== key) return undefined;
    return isOver(entry) ? undefined : entry;
  }

  async #write({ key, text, end }: Entry): Promise<void> {
    const path = this.#path(key);
    const part = `${path}.${randomUUID()}.part`;
    await writeFile(part, `${JSON.stringify([end, key])}\n${text}`, { mode: 0o600 });
    await rename(part, path);
    if (--this.#writesUntilSweep > 0) return;
    this.#writesUntilSweep = sweepEvery;
    await this.removeExpired();
  }

  async #locked<T>(key: string, run: () => Promise<T>): Promise<T> {
    const lock = `${this.#path(key)}.lock`;
    while (!(await takeLock(lock))) await sleep(1 + Math.random() * 4);
    try {
      return await run();
    } finally {
      await remove(lock);
    }
  }

  /** Removes what is over, and says how much that was. Where there is still too much, a third of it goes, the oldest first. */
  async removeExpired(): Promise<number> {
    let count = 0;
    const kept: { path: string; time: number }[] = [];
    for (const path of await this.#paths()) {
      const entry = await readEntry(path);
      if (entry === undefined || isOver(entry)) count += Number(await remove(path));
      else kept.push({ path, time: (await stat(path).catch(() => undefined))?.mtimeMs ?? 0 });
    }
    // Looking through many costs more: it is done the more seldom.
    this.#writesUntilSweep = Math.max(sweepEvery, Math.floor(Math.min(kept.length, this.#maxEntries / 10)));
    if (kept.length <= this.#maxEntries) return count;
    kept.sort((a, b) => a.time - b.time);
    for (const { path } of kept.slice(0, kept.length - Math.floor((this.#maxEntries * 2) / 3))) await remove(path);
    return count;
  }

  async #paths(): Promise<string[]> {
    const names = await readdir(this.directory, { recursive: true }).catch(() => []);
    return names.filter((name) => name.endsWith(extension)).map((name) => join(this.directory, name));
  }

  #path(key: string): string {
    const hash = createHash("sha256").update(key).digest("hex");
    return join(this.directory, hash.slice(0, 2), hash.slice(2) + extension);
  }
}

/** Does something with each, with so many at once as a process may hold open. */
async function someAtOnce<T, R>(all: readonly T[], run: (one: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (let from = 0; from < all.length; from += filesAtOnce)
    done.push(...(await Promise.all(all.slice(from, from + filesAtOnce).map(run))));
  return done;
}

async function takeLock(lock: string): Promise<boolean> {
  try {
    await (await open(lock, "wx", 0o600)).close();
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") {
      await mkdir(dirname(lock), { recursive: true, mode: 0o700 });
      return takeLock(lock);
    }
    if (code !== "EEXIST") throw error;
    const made = await stat(lock).catch(() => undefined);
    if (made !== undefined && Date.now() - made.mtimeMs > abandoned) await breakLock(lock);
    return false;
  }
}

/** Of several that find an abandoned lock one alone can move it away. */
async function breakLock(lock: string): Promise<void> {
  const away = `${lock}.${randomUUID()}`;
  await rename(lock, away).catch(() => undefined);
  await rm(away, { force: true });
}

/** What a file says; undefined where there is none, and where it is none of ours. */
async function readEntry(path: string): Promise<Entry | undefined> {
  const content = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  const at = content?.indexOf("\n") ?? -1;
  if (content === undefined || at < 0) return undefined;
  try {
    const [end, key] = JSON.parse(content.slice(0, at)) as [number | null, string];
    return { key, end, text: content.slice(at + 1) };
  } catch {
    return undefined;
  }
}

async function remove(path: string): Promise<boolean> {
  return unlink(path).then(
    () => true,
    () => false,
  );
}

function isOver({ end }: Entry): boolean {
  return end !== null && end <= Date.now();
}

function endOf(life: number | null): number | null {
  return life === null ? null : Date.now() + life;
}
