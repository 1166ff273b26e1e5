import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Cache, type CacheBackend } from "#cache";

/** Opens the backend that is tried; close what you opened with `t.after`. All that is opened see the same entries where the backend is shared. */
export type OpenBackend = (t: TestContext) => CacheBackend | Promise<CacheBackend>;

type Trial = (cache: Cache, t: TestContext) => Promise<void>;

const seconds = 60;

/** Waits until something holds; fails when it does not come to hold in ten seconds. */
async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  for (const end = Date.now() + 10_000; !(await holds()); await sleep(10)) assert.ok(Date.now() < end, what);
}

const keeping: Readonly<Record<string, Trial>> = {
  "a value that was kept is given back, and one that was not is undefined": async (cache) => {
    await cache.set("latte", { price: 4500, tags: ["milk"] });
    assert.deepEqual(await cache.get("latte"), { price: 4500, tags: ["milk"] });
    assert.equal(await cache.get("mocha"), undefined);
    assert.equal(await cache.get("mocha", { default: 3 }), 3);
    assert.deepEqual([await cache.has("latte"), await cache.has("mocha")], [true, false]);
  },
  "a later value replaces an earlier one, of whatever kind": async (cache) => {
    for (const value of [1, "two", { three: 3 }, null, undefined, 6]) {
      await cache.set("value", value);
      assert.deepEqual(await cache.get("value", { default: "none" }), value);
    }
  },
  "add keeps a value only where there is none": async (cache) => {
    assert.equal(await cache.add("latte", 1), true);
    assert.equal(await cache.add("latte", 2), false);
    assert.equal(await cache.get("latte"), 1);
    await cache.set("over", 1, { timeout: 0.02 });
    await until(() => cache.add("over", 2), "what is over is in the way of add");
    assert.equal(await cache.get("over"), 2);
  },
  "of many that add at once one alone is told true": async (cache) => {
    const told = await Promise.all(Array.from({ length: 20 }, (_, index) => cache.add("latte", index)));
    assert.equal(told.filter(Boolean).length, 1);
    assert.equal(await cache.get("latte"), told.indexOf(true));
  },
  "delete says whether there was something": async (cache) => {
    await cache.set("latte", 1);
    assert.equal(await cache.delete("latte"), true);
    assert.equal(await cache.delete("latte"), false);
    assert.equal(await cache.get("latte"), undefined);
  },
  "several are read, kept and deleted together": async (cache) => {
    await cache.setMany({ a: 1, b: [2], c: undefined });
    const found = await cache.getMany(["c", "none", "a", "b", "a"]);
    assert.deepEqual(Object.fromEntries(found), { a: 1, b: [2], c: undefined });
    assert.deepEqual([found.has("c"), found.has("none")], [true, false]);
    assert.equal(await cache.deleteMany(["a", "none", "b"]), 2);
    assert.deepEqual([...(await cache.getMany(["a", "b", "c"])).keys()], ["c"]);
    await cache.setMany([]);
    assert.equal(await cache.deleteMany([]), 0);
    assert.equal((await cache.getMany([])).size, 0);
  },
  "many are kept, read and deleted together": async (cache) => {
    const keys = Array.from({ length: 200 }, (_, index) => `key${index}`);
    await cache.setMany(keys.map((key, index) => [key, index] as const));
    const found = await cache.getMany(keys);
    assert.deepEqual([found.size, found.get("key199")], [200, 199]);
    assert.equal(await cache.deleteMany(keys), 200);
  },
  "texts and keys of every kind are kept as they are": async (cache) => {
    const texts = ["", "a\nb", "\0", "naïve 날짜 😀", "%00{}'\"\\", "x".repeat(300_000), "@12 s", "s", "42"];
    for (const [index, text] of texts.entries()) await cache.set(`${text.slice(0, 1000)}#${index}`, text);
    for (const [index, text] of texts.entries()) assert.equal(await cache.get(`${text.slice(0, 1000)}#${index}`), text);
    await cache.set("*?[a]", 1);
    await cache.set("x".repeat(5000), 2);
    assert.deepEqual([await cache.get("*?[a]"), await cache.get("x".repeat(5000)), await cache.get("y")], [1, 2, undefined]);
  },
};

const lives: Readonly<Record<string, Trial>> = {
  "a value is over after its time-out": async (cache) => {
    await cache.set("short", 1, { timeout: 0.03 });
    await cache.set("long", 2, { timeout: seconds });
    await cache.set("endless", 3, { timeout: null });
    await until(async () => !(await cache.has("short")), "what is over is still there");
    assert.deepEqual([await cache.get("short"), await cache.get("long"), await cache.get("endless")], [undefined, 2, 3]);
    assert.equal(await cache.delete("short"), false);
    assert.equal(await cache.touch("short", { timeout: seconds }), false);
  },
  "a time-out of nothing, or less, keeps nothing": async (cache) => {
    for (const timeout of [0, -5]) {
      await cache.set("value", 1);
      await cache.set("value", 2, { timeout });
      assert.equal(await cache.get("value"), undefined);
      assert.equal(await cache.add("value", 3, { timeout }), true);
      assert.equal(await cache.get("value"), undefined);
    }
  },
  "touch gives a value a new time-out": async (cache) => {
    await cache.set("value", 1, { timeout: seconds });
    assert.equal(await cache.touch("value", { timeout: 0.03 }), true);
    await until(async () => !(await cache.has("value")), "the new time-out is not kept");
    await cache.set("value", 1, { timeout: seconds });
    assert.equal(await cache.touch("value", { timeout: null }), true);
    assert.equal(await cache.get("value"), 1);
    assert.equal(await cache.touch("value", { timeout: 0 }), true);
    assert.equal(await cache.touch("value"), false);
  },
};

const counting: Readonly<Record<string, Trial>> = {
  "a number is incremented and decremented": async (cache) => {
    await cache.set("count", 41);
    assert.equal(await cache.increment("count"), 42);
    assert.equal(await cache.increment("count", 8), 50);
    assert.equal(await cache.decrement("count", 60), -10);
    assert.equal(await cache.get("count"), -10);
  },
  "many increments at once are all counted": async (cache) => {
    await cache.set("count", 0);
    await Promise.all(Array.from({ length: 25 }, () => cache.increment("count", 2)));
    assert.equal(await cache.get("count"), 50);
  },
  "a number that is not there begins where it is said to": async (cache) => {
    const sums = await Promise.all(Array.from({ length: 5 }, () => cache.increment("count", 1, { initial: 10 })));
    assert.deepEqual(
      sums.toSorted((a, b) => a - b),
      [11, 12, 13, 14, 15],
    );
    await assert.rejects(cache.increment("none"), { code: "CACHE_NO_NUMBER" });
  },
  "an increment leaves the time-out as it is": async (cache) => {
    await cache.set("count", 1, { timeout: 0.5 });
    await cache.increment("count");
    await until(async () => !(await cache.has("count")), "the number outlives its time-out");
  },
  "what is no whole number is not incremented": async (cache) => {
    for (const value of ["text", 1.5, { n: 1 }, "42"]) {
      await cache.set("value", value);
      await assert.rejects(cache.increment("value"), { code: "CACHE_NO_NUMBER" });
      assert.deepEqual(await cache.get("value"), value);
    }
  },
};

const apart: Readonly<Record<string, Trial>> = {
  "versions of a key do not see each other": async (cache) => {
    await cache.set("latte", 1);
    await cache.set("latte", 2, { version: 2 });
    assert.deepEqual([await cache.get("latte"), await cache.get("latte", { version: 2 })], [1, 2]);
    assert.equal(await cache.delete("latte", { version: 2 }), true);
    assert.equal(await cache.get("latte"), 1);
    assert.equal(await cache.incrementVersion("latte"), 2);
    assert.deepEqual([await cache.get("latte"), await cache.get("latte", { version: 2 })], [undefined, 1]);
    await assert.rejects(cache.incrementVersion("latte"), { code: "CACHE_NO_KEY" });
  },
  "clear removes everything of this cache": async (cache) => {
    await cache.setMany({ a: 1, b: 2 });
    await cache.set("c", 3, { version: 7 });
    await cache.clear();
    assert.deepEqual([await cache.has("a"), await cache.has("b"), await cache.has("c", { version: 7 })], [false, false, false]);
    await cache.set("a", 4);
    assert.equal(await cache.get("a"), 4);
  },
};

/** Begins trials of `getOrSet` by as many callers as there are at once. */
const making: Readonly<Record<string, Trial>> = {
  "a hundred callers at once make a value once": async (cache) => {
    let made = 0;
    const make = async () => {
      made++;
      await sleep(20);
      return { made };
    };
    const values = await Promise.all(Array.from({ length: 100 }, () => cache.getOrSet("value", make)));
    assert.deepEqual([made, values[0], values[99]], [1, { made: 1 }, { made: 1 }]);
    values[0]!.made = 5;
    assert.deepEqual(await cache.get("value"), { made: 1 });
  },
  "a value that cannot be made is an error for all who wait, and is tried again": async (cache) => {
    let tries = 0;
    const make = async () => {
      if (++tries === 1) throw new Error("no milk");
      return "latte";
    };
    const both = await Promise.allSettled([cache.getOrSet("value", make), cache.getOrSet("value", make)]);
    assert.deepEqual(
      both.map(({ status }) => status),
      ["rejected", "rejected"],
    );
    assert.equal(await cache.getOrSet("value", make), "latte");
  },
  "a value that was deleted while it was made is not kept": async (cache) => {
    const [begun, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const old = cache.getOrSet("value", async () => {
      begun.resolve();
      await gate.promise;
      return "old";
    });
    await begun.promise;
    await cache.delete("value");
    gate.resolve();
    assert.equal(await old, "old");
    assert.equal(await cache.get("value"), undefined);
    assert.equal(await cache.getOrSet("value", () => "new"), "new");
  },
  "a value that was set while it was made stays": async (cache) => {
    const made = await cache.getOrSet("value", async () => {
      await cache.set("value", "set");
      return "made";
    });
    assert.deepEqual([made, await cache.get("value")], ["made", "set"]);
  },
  "near its end a value is made anew by one caller, while the others are given the present one": async (cache) => {
    let made = 0;
    const gate = Promise.withResolvers<void>();
    const make = async () => {
      if (++made > 1) await gate.promise;
      return `value ${made}`;
    };
    const options = { timeout: seconds, refreshAhead: seconds };
    assert.equal(await cache.getOrSet("value", make, options), "value 1");
    const first = cache.getOrSet("value", make, options);
    await until(async () => made === 2, "nobody makes the value anew");
    assert.equal(await cache.getOrSet("value", make, options), "value 1");
    gate.resolve();
    assert.equal(await first, "value 2");
    assert.equal(await cache.get("value"), "value 2");
    const failing = cache.getOrSet("value", () => Promise.reject(new Error("no milk")), options);
    assert.equal(await failing, "value 2");
  },
};

/** Where the backend is shared: two caches over it, as in two processes. */
const sharing: Readonly<Record<string, (one: Cache, other: Cache) => Promise<void>>> = {
  "what one keeps the other sees": async (one, other) => {
    await one.set("latte", 1);
    assert.equal(await other.increment("latte"), 2);
    assert.equal(await one.get("latte"), 2);
  },
  "callers on both sides make a value once": async (one, other) => {
    let made = 0;
    const make = async () => {
      made++;
      await sleep(100);
      return "made";
    };
    const values = await Promise.all(Array.from({ length: 20 }, (_, index) => [one, other][index % 2]!.getOrSet("value", make)));
    assert.deepEqual([made, new Set(values)], [1, new Set(["made"])]);
  },
  "what one deletes while the other makes it is not kept": async (one, other) => {
    const value = await one.getOrSet("value", async () => {
      await other.delete("value");
      return "old";
    });
    assert.deepEqual([value, await one.get("value")], ["old", undefined]);
  },
  "where the one fails or takes too long, the other makes the value": async (one, other) => {
    const failing = one.getOrSet("value", () => sleep(50).then(() => Promise.reject(new Error("no milk"))));
    const [failed, made] = await Promise.allSettled([failing, sleep(10).then(() => other.getOrSet("value", () => "made"))]);
    assert.equal(failed.status, "rejected");
    assert.deepEqual(made, { status: "fulfilled", value: "made" });
  },
};

/**
 * Tries a backend against everything that a cache needs of it: for the tests of its author.
 *
 * ```ts
 * cacheConformance("in a folder", () => new FileBackend("/tmp/conformance"));
 * ```
 */
export function cacheConformance(name: string, open: OpenBackend): void {
  const openCache = async (t: TestContext, prefix: string) => new Cache(await open(t), { prefix, makingTimeout: 5 });
  void describe(name, () => {
    for (const [title, trial] of Object.entries({ ...keeping, ...lives, ...counting, ...apart, ...making })) {
      void test(title, async (t) => trial(await openCache(t, randomUUID()), t));
    }
    void test("caches with prefixes of their own do not see each other", async (t) => {
      const [one, other] = [await openCache(t, `a${randomUUID()}`), await openCache(t, `b${randomUUID()}`)];
      await one.set("latte", 1);
      assert.equal(await other.get("latte"), undefined);
      await other.clear();
      assert.equal(await one.get("latte"), 1);
    });
    for (const [title, trial] of Object.entries(sharing)) {
      void test(title, async (t) => {
        const [one, two] = [await open(t), await open(t)];
        if (!one.isShared) return;
        const options = { prefix: randomUUID(), makingTimeout: 5 };
        await trial(new Cache(one, options), new Cache(two, options));
      });
    }
  });
}
