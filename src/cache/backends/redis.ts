import type { createClient } from "redis";
import { importOptional, withoutPassword } from "#kernel";
import type { CacheBackend } from "../cache-backend.ts";
import { cacheErrors } from "../errors.ts";

type Client = ReturnType<typeof createClient>;

interface Connection {
  client: Client;
  /** Whether the server said no, and not the way to it. */
  isReply: (error: unknown) => boolean;
}

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
  readonly #connections = new Map<number, Promise<Connection>>();

  constructor(urls: string | readonly string[]) {
    this.#urls = typeof urls === "string" ? [urls] : urls;
  }

  getMany(keys: readonly string[]): Promise<(string | undefined)[]> {
    return this.#run(this.#reader(), async (client) => {
      const found = keys.length === 1 ? [await client.get(keys[0]!)] : await client.mGet([...keys]);
      return found.map((text) => text ?? undefined);
    });
  }

  setMany(entries: readonly (readonly [string, string])[], life: number | null): Promise<void> {
    // Commands that are given together travel together.
    return this.#run(0, async (client) => {
      await Promise.all(entries.map(([key, text]) => client.set(key, text, expiration(life))));
    });
  }

  add(key: string, text: string, life: number | null): Promise<boolean> {
    return this.#run(0, async (client) => (await client.set(key, text, { ...expiration(life), condition: "NX" })) !== null);
  }

  deleteMany(keys: readonly string[]): Promise<number> {
    return this.#run(0, (client) => client.unlink([...keys]));
  }

  touch(key: string, life: number | null): Promise<boolean> {
    return this.#run(0, async (client) => {
      if (life !== null) return (await client.pExpire(key, life)) === 1;
      const [, exists] = await Promise.all([client.persist(key), client.exists(key)]);
      return exists === 1;
    });
  }

  increment(key: string, delta: number): Promise<number | undefined> {
    return this.#run(0, async (client) => {
      const sum = await client.eval(incrementScript, { keys: [key], arguments: [String(delta)] });
      return sum === null ? undefined : Number(sum);
    });
  }

  clear(beginning: string): Promise<void> {
    const pattern = `${beginning.replace(/[*?[\]\\]/g, "\\$&")}*`;
    return this.#run(0, async (client) => {
      for await (const keys of client.scanIterator({ MATCH: pattern, COUNT: 1000 })) {
        if (keys.length > 0) await client.unlink(keys);
      }
    });
  }

  async close(): Promise<void> {
    const connections = await Promise.allSettled(this.#connections.values());
    this.#connections.clear();
    for (const each of connections) if (each.status === "fulfilled") each.value.client.destroy();
  }

  #reader(): number {
    return this.#urls.length === 1 ? 0 : 1 + Math.floor(Math.random() * (this.#urls.length - 1));
  }

  /** Runs commands on the connection to an address. @throws CACHE_UNREACHABLE where they did not come through */
  async #run<T>(index: number, run: (client: Client) => Promise<T>): Promise<T> {
    const { client, isReply } = await this.#connection(index);
    try {
      return await run(client);
    } catch (cause) {
      if (isReply(cause) || cause instanceof TypeError) throw cause;
      throw cacheErrors.CACHE_UNREACHABLE({ url: withoutPassword(this.#urls[index]!), cause });
    }
  }

  /** Made once, and again where that failed. */
  #connection(index: number): Promise<Connection> {
    const known = this.#connections.get(index);
    if (known !== undefined) return known;
    const connecting = connect(this.#urls[index]!);
    this.#connections.set(index, connecting);
    connecting.catch(() => this.#connections.delete(index));
    return connecting;
  }
}

/** The package that speaks with Redis. @throws KERNEL_MISSING_PACKAGE */
export const redisPackage = () => importOptional("redis", "A cache on a Redis server", () => import("redis"));

async function connect(url: string): Promise<Connection> {
  const { createClient, ErrorReply } = await redisPackage();
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
    return { client, isReply: (error) => error instanceof ErrorReply };
  } catch (cause) {
    client.destroy();
    throw cacheErrors.CACHE_UNREACHABLE({ url: withoutPassword(url), cause });
  }
}

function expiration(life: number | null): { expiration?: { type: "PX"; value: number } } {
  return life === null ? {} : { expiration: { type: "PX", value: life } };
}
