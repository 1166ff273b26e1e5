import assert from "node:assert/strict";
import { test } from "node:test";
import { cache, MemoryCache } from "cortado/cache";

test("without a project a cache in memory is at hand", async () => {
  await cache().set("greeting", "hello");
  assert.equal(await cache().get("greeting"), "hello");
  assert.equal(await cache().delete("greeting"), true);
  assert.equal(await cache().get("greeting"), undefined);
});

test("beyond its limit of entries a cache forgets what was not used for the longest time", async () => {
  const kept = new MemoryCache({ maxEntries: 2 });
  await kept.setMany({ a: 1, b: 2 });
  await kept.get("a");
  await kept.set("c", 3);
  assert.deepEqual([...(await kept.getMany(["a", "b", "c"]))], [["a", 1], ["c", 3]]); // prettier-ignore
  assert.equal(kept.held.entries, 2);
});

test("beyond its limit of bytes a cache makes room, and what is larger than the limit drives nothing out", async () => {
  const kept = new MemoryCache({ maxBytes: 5000 });
  await kept.set("a", "x".repeat(2000));
  await kept.set("b", "x".repeat(2000));
  await kept.set("huge", "x".repeat(6000));
  assert.deepEqual([await kept.has("a"), await kept.has("b"), await kept.has("huge")], [true, true, false]);
  await kept.set("c", "x".repeat(2000));
  assert.deepEqual([await kept.has("a"), await kept.has("b"), await kept.has("c")], [false, true, true]);
  assert.ok(kept.held.bytes <= 5000);
});

test("a hundred callers at once make a value once", async () => {
  const kept = new MemoryCache();
  let made = 0;
  const make = async () => {
    made++;
    await new Promise((resolve) => setTimeout(resolve, 20));
    return { drinks: ["latte"] };
  };
  const menus = await Promise.all(Array.from({ length: 100 }, () => kept.getOrSet("menu", make)));
  assert.equal(made, 1);
  menus[0]!.drinks.push("mocha");
  assert.deepEqual(menus[1], { drinks: ["latte"] });
  assert.deepEqual(await kept.get("menu"), { drinks: ["latte"] });
  assert.deepEqual(kept.counts, { hits: 1, misses: 100, made: 1, shared: 99 });
});
