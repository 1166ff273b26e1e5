import type { createClient } from "redis";
import { importOptional } from "#kernel";
import type { CacheBackend } from "../cache-backend.ts";
import { cacheErrors } from "../errors.ts";

type Client = ReturnType<typeof createClient>;

/** Milliseconds that a server may take to be reached; the next request tries again. */
const connectTimeout = 2000;
const longestPause = 2000;

/** Adds to what is there, and keeps its life; a bare INCRBY would begin at nothing. */
const incrementScript =
  "if redis.call('EXISTS', KEYS[1]) == 0 then return false end return redis.call('INCRBY', KEYS[1], ARGV[1])";

/**
 * Entries on a Redis server. Of several addresses the first is written to and the others are read from.
 * Values are texts that are parsed and never run, so a server that others can write to can spoil values and nothing more.
 */
export class RedisBackend implements CacheBackend {
  readonly isShared = true;
  readonly #urls: readonly string[];
  readonly #clients = new Map<number, Promise<Client>>();

  constructor(urls: string | readonly string[]) {
    this.#urls = typeof urls === "string" ? [urls] : urls;
  }

  async getMany(keys: readonly string[]): Promise<(string | undefined)[]> {
    const client = await this.#reader();
    const found = keys.length === 1 ? [await client.get(keys[0]!)] : await client.mGet([...keys]);
    return found.map((text) => text ?? undefined);
  }

  async setMany(entries: readonly (readonly [string, string])[], life: number | null): Promise<void> {
    const client = await this.#writer();
    // Commands that are given together travel together.
    await Promise.all(entries.map(([key, text]) => client.set(key, text, expiration(life))));
  }

  async add(key: string, text: string, life: number | null): Promise<boolean> {
    const client = await this.#writer();
    return (await client.set(key, text, { ...expiration(life), condition: "NX" })) !== null;
  }

  async deleteMany(keys: readonly string[]): Promise<number> {
    return (await this.#writer()).unlink([...keys]);
  }

  async touch(key: string, life: number | null): Promise<boolean> {
    const client = await this.#writer();
    if (life !== null) return (await client.pExpire(key, life)) === 1;
    const [, exists] = await Promise.all([client.persist(key), client.exists(key)]);
    return exists === 1;
  }

  async increment(key: string, delta: number): Promise<number | undefined> {
    const client = await this.#writer();
    const sum = await client.eval(incrementScript, { keys: [key], arguments: [String(delta)] });
    return sum === null ? undefined : Number(sum);
  }

  async clear(beginning: string): Promise<void> {
    const client = await this.#writer();
    const pattern = `${beginning.replace(/[*?[\]\\]/g, "\\$&")}*`;
    for await (const keys of client.scanIterator({ MATCH: pattern, COUNT: 1000 })) {
      if (keys.length > 0) await client.unlink(keys);
    }
  }

  async close(): Promise<void> {
    const clients = await Promise.allSettled(this.#clients.values());
    this.#clients.clear();
    for (const client of clients) if (client.status === "fulfilled") client.value.destroy();
  }

  #writer(): Promise<Client> {
    return this.#client(0);
  }

  #reader(): Promise<Client> {
    return this.#client(this.#urls.length === 1 ? 0 : 1 + Math.floor(Math.random() * (this.#urls.length - 1)));
  }

  /** The connection to an address: made once, and again where that failed. */
  #client(index: number): Promise<Client> {
    const known = this.#clients.get(index);
    if (known !== undefined) return known.then((client) => ready(client, this.#urls[index]!));
    const connecting = connect(this.#urls[index]!);
    this.#clients.set(index, connecting);
    connecting.catch(() => this.#clients.delete(index));
    return connecting;
  }
}

async function connect(url: string): Promise<Client> {
  const { createClient } = await importOptional("redis", "A cache on a Redis server", () => import("redis"));
  const client = createClient({
    url,
    // A command that cannot be sent fails at once: a page waits for no cache.
    disableOfflineQueue: true,
    socket: { connectTimeout, reconnectStrategy: (tries) => Math.min(50 * 2 ** tries, longestPause) },
  }) as Client;
  let problem: unknown;
  const gaveUp = new AbortController();
  client.on("error", (error) => {
    problem = error;
    gaveUp.abort();
  });
  const refused = new Promise<never>((_, reject) => {
    gaveUp.signal.addEventListener("abort", () => reject(problem as Error), { once: true });
  });
  try {
    await Promise.race([client.connect(), refused]);
    refused.catch(() => undefined);
    return client;
  } catch (cause) {
    client.destroy();
    throw cacheErrors.CACHE_UNREACHABLE({ url: withoutPassword(url), cause });
  }
}

/** While a lost connection is made anew, what is asked for fails at once. */
function ready(client: Client, url: string): Client {
  if (!client.isReady) throw cacheErrors.CACHE_UNREACHABLE({ url: withoutPassword(url) });
  return client;
}

function withoutPassword(url: string): string {
  return URL.canParse(url) ? Object.assign(new URL(url), { username: "", password: "" }).href : "redis://";
}

function expiration(life: number | null): { expiration?: { type: "PX"; value: number } } {
  return life === null ? {} : { expiration: { type: "PX", value: life } };
}
