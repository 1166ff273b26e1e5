import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  cache,
  type CacheBackend,
  Cache,
  hasCache,
  MemoryBackend,
  MemoryCache,
  openCache,
  openCaches,
  useCaches,
} from "cortado/cache";
import { Decimal, Temporal } from "cortado/validation";

const kept = new MemoryCache();
const copyOf = async (value: unknown): Promise<unknown> => {
  await kept.set("value", value);
  return kept.get("value");
};

describe("values", () => {
  test("of every kind that data is made of come back equal, and as copies", async () => {
    const deep = Array.from({ length: 100 }).reduce<unknown>((inner) => [inner], "deep");
    const values: unknown[] = [
      0, -1, -0, 1.5, Number.NaN, Infinity, -Infinity, Number.MAX_SAFE_INTEGER, 2 ** 60, "", "text", "s", "j{}", "t", "@1 s", "42",
      "\0", "\ud800", true, false, null, undefined, 12n, -(2n ** 90n), [], {}, [1, [2, { a: undefined }]], { $: "date", v: 3 },
      { a: { $: { $: 1 } } }, new Date(0), new Map<unknown, unknown>([[1, { a: new Date(5) }], ["x", new Map()]]), new Set([1, "a", [2]]),
      Buffer.from("bytes"), new Uint8Array([1, 2]), new Float32Array([1.5, -2]), new BigInt64Array([1n]), deep,
    ]; // prettier-ignore
    for (const value of values) {
      const copy = await copyOf(value);
      assert.deepStrictEqual(copy, value);
      if (typeof value === "object" && value !== null) assert.notEqual(copy, value);
    }
    assert.ok(Number.isNaN(((await copyOf(new Date(Number.NaN))) as Date).getTime()));
  });

  test("of rows come back as what they are", async () => {
    const row = {
      price: new Decimal("12.50"),
      day: Temporal.PlainDate.from("2026-01-31"),
      time: Temporal.PlainTime.from("08:30"),
      length: Temporal.Duration.from("PT90S"),
    };
    const copy = (await copyOf([row])) as [typeof row];
    assert.deepEqual(
      [copy[0].price.toFixed(2), copy[0].day.toString(), copy[0].time.hour, copy[0].length.total("seconds")],
      ["12.50", "2026-01-31", 8, 90],
    );
    assert.ok(copy[0].price instanceof Decimal && copy[0].day instanceof Temporal.PlainDate);
  });

  test("that are changed after they were kept, or read, change nothing that is kept", async () => {
    const cart = { items: [1] };
    await kept.set("cart", cart);
    cart.items.push(2);
    (await kept.get<typeof cart>("cart"))!.items.push(3);
    assert.deepEqual(await kept.get("cart"), { items: [1] });
  });

  test("named __proto__ are values like any other", async () => {
    for (const text of ['{"__proto__":{"admin":true}}', '{"__proto__":{"admin":true},"when":1}']) {
      const value = JSON.parse(text) as Record<string, unknown>;
      if ("when" in value) value["when"] = new Date(0);
      const copy = (await copyOf(value)) as Record<string, unknown>;
      assert.deepEqual([Object.keys(copy), (copy as { admin?: boolean }).admin], [Object.keys(value), undefined]);
    }
    await kept.setMany({ ["__proto__"]: 1 });
    assert.equal(await kept.get("__proto__"), 1);
  });

  test("that cannot be kept are refused with their place, before anything is kept", async () => {
    class Coffee {}
    const circle: Record<string, unknown> = {};
    circle["self"] = circle;
    for (const [value, problem] of [
      [() => 1, "it is a function"],
      [Symbol("x"), "it is a symbol"],
      [{ list: [1, new Coffee()] }, "it.list[1] is a Coffee"],
      [new Map([["a", /x/]]), "it.get(a) is a RegExp"],
      [new Error("x"), "it is a Error"],
      [Promise.resolve(1), "it is a Promise"],
      [new WeakMap(), "it is a WeakMap"],
    ] as const)
      await assert.rejects(kept.setMany([["ok", 1], ["latte", value]]), {
        code: "CACHE_BAD_VALUE",
        message: `The value for "latte" cannot be kept: ${problem}.`,
        hint: "Keep plain data: texts, numbers, lists, objects, Date, Map, Set, bytes. Of rows keep what values() gives.",
      }); // prettier-ignore
    await assert.rejects(kept.set("circle", circle), { message: /is nested too deeply, or refers to itself/ });
    assert.equal(await kept.has("ok"), false);
  });
});

/** A backend in which anyone may have written. */
function foreign(text: string): Cache {
  const memory = new MemoryBackend() as CacheBackend;
  return new Cache({ ...memoryMethods(memory), getMany: async (keys) => keys.map(() => text) });
}

function memoryMethods(memory: CacheBackend): CacheBackend {
  const { isShared } = memory;
  return {
    isShared,
    getMany: (keys) => memory.getMany(keys),
    setMany: (entries, life) => memory.setMany(entries, life),
    add: (key, text, life) => memory.add(key, text, life),
    deleteMany: (keys) => memory.deleteMany(keys),
    touch: (key, life) => memory.touch(key, life),
    increment: (key, delta) => memory.increment(key, delta),
    clear: (beginning) => memory.clear(beginning),
  };
}

test("what another program wrote under a key is refused, and runs nothing", async () => {
  const texts = [
    "", "x", "j{", "t{}}", 't{"$":"constructor","v":"x"}', 't{"$":"__proto__"}', 't{"$":"toString"}', 't{"$":"Buffer"}',
    "\x80\x04\x95", "t[{\"$\":\"bigint\",\"v\":\"1e9\"}]", "@123", "12345678901234567890",
  ]; // prettier-ignore
  for (const text of texts)
    await assert.rejects(foreign(text).get("x"), {
      code: "CACHE_UNREADABLE",
      message: /^A kept value cannot be read\. It begins with /,
      hint: "Something else writes under the same keys. Give the cache a prefix of its own.",
    });
});

describe("a cache", () => {
  test("names its keys by prefix and version, or by a function of the project's", async () => {
    const memory = new MemoryBackend();
    await new Cache(memory, { prefix: "shop", version: 2 }).set("a", 1);
    assert.deepEqual(await memory.getMany(["shop:2:a"]), ["1"]);
    const own = new Cache(memory, { keyFunction: (key, prefix, version) => `${version}/${prefix}/${key}`, prefix: "p" });
    await own.set("a", 2);
    assert.deepEqual(await memory.getMany(["1/p/a"]), ["2"]);
    await own.clear();
    assert.deepEqual(memory.held.entries, 0);
  });

  test("keeps values as long as it says where they say nothing", async (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: 0 });
    const [usual, short, endless] = [new MemoryCache(), new MemoryCache({ timeout: 10 }), new MemoryCache({ timeout: null })];
    for (const each of [usual, short, endless]) await each.set("a", 1);
    const left = () => Promise.all([usual, short, endless].map((each) => each.has("a")));
    t.mock.timers.setTime(11_000);
    assert.deepEqual(await left(), [true, false, true]);
    t.mock.timers.setTime(301_000);
    assert.deepEqual(await left(), [false, false, true]);
  });

  test("counts hits and misses", async () => {
    const counted = new MemoryCache();
    await counted.set("a", 1);
    await counted.getMany(["a", "b", "c"]);
    await counted.get("a");
    await counted.getOrSet("d", 1);
    assert.deepEqual(counted.counts, { hits: 2, misses: 3, made: 1, shared: 0 });
  });

  test("refuses keys, time-outs and steps that are none", async () => {
    await assert.rejects(async () => kept.get(undefined as never), {
      code: "CACHE_BAD_KEY",
      message: "The key of a cached value is undefined. It must be a text.",
      hint: "Make a text of it: `coffee:${id}`.",
    });
    await assert.rejects(kept.set("a", 1, { timeout: Number.NaN }), {
      code: "CACHE_BAD_TIMEOUT",
      message: "The time-out NaN is no number of seconds.",
      hint: "Give seconds, or null for a value that is never over.",
    });
    await kept.set("n", 1);
    await assert.rejects(kept.increment("n", 0.5), {
      code: "CACHE_BAD_STEP",
      message: "0.5 cannot be added to a kept number: it is no whole number.",
      hint: "Keep smaller units: cents for euros, milliseconds for seconds.",
    });
    await kept.set("text", { latte: true });
    await assert.rejects(kept.increment("text"), {
      code: "CACHE_NO_NUMBER",
      message: 'The cache holds { latte: true } under "text", so it cannot be incremented.',
      hint: "Set a whole number first, or say where to begin: increment(key, 1, { initial: 0 }).",
    });
    await assert.rejects(kept.incrementVersion("none"), {
      code: "CACHE_NO_KEY",
      message: 'The cache holds nothing under "none" in version 1.',
      hint: "It was never set, or is over.",
    });
  });

  test("does not wait for a value that asks for itself", async () => {
    const self = () => kept.getOrSet("outer", () => kept.getOrSet("inner", () => kept.getOrSet("outer", 1)));
    await assert.rejects(self(), {
      code: "CACHE_MAKES_ITSELF",
      message: 'What makes the value under ":1:outer" asks for it.',
      hint: "Give what is inside another key.",
    });
  });
});

describe("a project's caches", () => {
  const options = { root: "/tmp" };

  test("are opened by their addresses, with a default one in memory", async (t) => {
    const caches = openCaches({ none: "dummy:", small: { backend: "memory:", maxEntries: 1 }, own: new MemoryCache() }, options);
    useCaches(caches);
    t.after(() => useCaches({}));
    assert.deepEqual(Object.keys(caches), ["default", "none", "small", "own"]);
    await cache("none").set("a", 1);
    assert.equal(await cache("none").get("a"), undefined);
    assert.equal(await cache("none").getOrSet("a", () => 3), 3);
    assert.equal(await cache("none").increment("a", 2, { initial: 5 }), 7);
    await cache("small").setMany({ a: 1, b: 2 });
    assert.deepEqual([...(await cache("small").getMany(["a", "b"])).keys()], ["b"]);
    assert.deepEqual([hasCache("small"), hasCache("smal")], [true, false]);
    assert.throws(() => cache("smal"), {
      code: "CACHE_UNKNOWN_ALIAS",
      message: 'There is no cache "smal". Open: default, none, small, own.',
      hint: 'Did you mean "small"?',
    });
    assert.throws(() => cache("pages"), { hint: 'Add it to the setting caches: { pages: "memory:" }.' });
  });

  test("are a backend of the project's own where one is given", async () => {
    const own = openCache({ backend: memoryMethods(new MemoryBackend()), prefix: "p" }, options);
    await own.set("a", 1);
    assert.deepEqual([await own.get("a"), own.prefix], [1, "p"]);
  });

  test("are refused where no backend has such an address", () => {
    for (const [url, hint] of [
      ["memry:", 'Did you mean "memory:"?'],
      ["file:", 'Keep values in this process: caches: { default: "memory:" }.'],
      ["ftp://x", 'Keep values in this process: caches: { default: "memory:" }.'],
      ["", 'Keep values in this process: caches: { default: "memory:" }.'],
    ] as const)
      assert.throws(() => openCache(url, options), {
        code: "CACHE_UNKNOWN_BACKEND",
        message: `The cache "${url}" cannot be opened. Its address must be or begin with: memory:, file:FOLDER, dummy:, redis:, rediss:.`,
        hint,
      });
  });
});
