/*
 * How it works. All caches in the database share one table; a cache's name stands before its keys. A row is live until `expiresAt`;
 * what is over is not seen, is overwritten by the next who writes its key, and goes in a sweep every hundred writes.
 * `add` is one statement that both databases decide for one caller: insert, or overwrite a row that is over, or nothing.
 */
import { createHash } from "node:crypto";
import type { CacheBackend } from "#cache";
import { aliasFor, Q, sql, transaction } from "#orm";
import { CacheEntry } from "./cache-entry-model.ts";

const sweepEvery = 100;
/** A statement takes only so many parameters. */
const keysAtOnce = 1000;
const longestKey = 200;
const readableStart = 100;
const wholeNumber = /^-?\d{1,16}$/;

type Row = Pick<CacheEntry, "key" | "text" | "number" | "expiresAt">;

export interface DatabaseCacheOptions {
  /** Keeps the entries of several caches apart. */
  name?: string | undefined;
  /** Entries: 10,000. */
  maxEntries?: number | undefined;
}

/** Entries in the project's database, which all its processes share. */
export class DatabaseCacheBackend implements CacheBackend {
  readonly isShared = true;
  readonly #name: string;
  readonly #maxEntries: number;
  #writes = 0;

  constructor({ name = "", maxEntries = 10_000 }: DatabaseCacheOptions = {}) {
    this.#name = name;
    this.#maxEntries = maxEntries;
  }

  async getMany(keys: readonly string[]): Promise<(string | undefined)[]> {
    const columns = keys.map((key) => this.#column(key));
    const found = new Map<string, string>();
    for (let from = 0; from < columns.length; from += keysAtOnce) {
      const rows = await live(columns.slice(from, from + keysAtOnce)).values("key", "text", "number");
      for (const { key, text, number } of rows) found.set(key, text ?? String(number));
    }
    return columns.map((column) => found.get(column));
  }

  async setMany(entries: readonly (readonly [string, string])[], life: number | null): Promise<void> {
    const rows = new Map(entries.map(([key, text]) => [this.#column(key), text]));
    // In one order everywhere: two callers that write the same keys must not wait for each other.
    const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
    await CacheEntry.objects.bulkCreate(
      sorted.map(([key, text]) => new CacheEntry(rowOf(key, text, life))),
      { updateConflicts: true, updateFields: ["text", "number", "expiresAt"], uniqueFields: ["key"] },
    );
    await this.#countWrite();
  }

  async add(key: string, value: string, life: number | null): Promise<boolean> {
    const { key: column, text, number, expiresAt } = rowOf(this.#column(key), value, life);
    const added = await sql`
      INSERT INTO ${CacheEntry} (key, text, number, expires_at) VALUES (${column}, ${text}, ${number}, ${expiresAt})
      ON CONFLICT (key) DO UPDATE SET text = excluded.text, number = excluded.number, expires_at = excluded.expires_at
      WHERE ${CacheEntry}.expires_at <= ${new Date()}`.run({ using: home() });
    await this.#countWrite();
    return added > 0;
  }

  async deleteMany(keys: readonly string[]): Promise<number> {
    const columns = keys.map((key) => this.#column(key));
    let count = 0;
    for (let from = 0; from < columns.length; from += keysAtOnce)
      count += await live(columns.slice(from, from + keysAtOnce)).update({ expiresAt: new Date(0) });
    return count;
  }

  async touch(key: string, life: number | null): Promise<boolean> {
    return (await live([this.#column(key)]).update({ expiresAt: endOf(life) })) > 0;
  }

  async increment(key: string, delta: number): Promise<number | undefined> {
    const found = live([this.#column(key)]);
    return transaction(
      async () => {
        for (;;) {
          const changed = await found
            .filter({ number: { isNull: false } })
            .update((entry) => ({ number: entry.number.add(BigInt(delta)) }));
          const row = await found.values("number").first();
          if (changed > 0 || !row) return row ? Number(row.number) : undefined;
          if (row.number === null) throw new TypeError("The entry is no whole number.");
          // Someone added the number between the two statements: it is there to be counted on now.
        }
      },
      { database: home() },
    );
  }

  async clear(beginning: string): Promise<void> {
    await entries()
      .filter({ key: { startsWith: `${this.#name}:${beginning}` } })
      .delete();
  }

  /** What a key is in the column: itself where it fits, else its beginning and a hash. */
  #column(key: string): string {
    const whole = `${this.#name}:${key}`;
    if (whole.length <= longestKey && whole.isWellFormed() && !whole.includes("\0")) return whole;
    const hash = createHash("sha256").update(whole).digest("hex");
    return `${whole.slice(0, readableStart).toWellFormed().replaceAll("\0", "")}#${hash}`;
  }

  async #countWrite(): Promise<void> {
    if (++this.#writes % sweepEvery === 0) await this.#sweep();
  }

  /** Removes what is over and, where there is still too much, a third of it, what ends soonest first. */
  async #sweep(): Promise<void> {
    const own = entries().filter({ key: { startsWith: `${this.#name}:` } });
    await own.filter({ expiresAt: { lte: new Date() } }).delete();
    const count = await own.count();
    if (count <= this.#maxEntries) return;
    const going = await own
      .orderBy("expiresAt", "key")
      .valuesList("key", { flat: true })
      .slice(0, count - Math.floor((this.#maxEntries * 2) / 3));
    await entries()
      .filter({ key: { in: going } })
      .delete();
  }
}

/** The database that is written to: a copy of it would say too late who added first. */
function home(): string {
  return aliasFor("write", CacheEntry.meta) ?? "default";
}

function entries() {
  return CacheEntry.objects.using(home());
}

function live(columns: readonly string[]) {
  return entries().filter(
    Q.and({ key: { in: columns } }, Q.or({ expiresAt: { isNull: true } }, { expiresAt: { gt: new Date() } })),
  );
}

function rowOf(key: string, text: string, life: number | null): Row {
  const isNumber = wholeNumber.test(text);
  return { key, text: isNumber ? null : text, number: isNumber ? BigInt(text) : null, expiresAt: endOf(life) };
}

function endOf(life: number | null): Date | null {
  return life === null ? null : new Date(Date.now() + life);
}
