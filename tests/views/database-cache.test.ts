import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { Cache } from "cortado/cache";
import { makeMigrations } from "cortado/orm/migrations";
import { cacheConformance } from "cortado/testing";
import { cacheApp, CacheEntry, DatabaseCacheBackend } from "cortado/views";
import { openTablesOf } from "./open-tables.ts";

openTablesOf(cacheApp);

cacheConformance("in the database", () => new DatabaseCacheBackend());

test("the migration of the cache makes what the model declares", async () => {
  assert.deepEqual(await makeMigrations([cacheApp], { dryRun: true }), []);
});

test("what is over goes, and beyond its limit a cache forgets what ends soonest", async () => {
  const name = randomUUID();
  const cache = new Cache(new DatabaseCacheBackend({ name, maxEntries: 30 }));
  for (let n = 0; n < 49; n++) await cache.set(`short${n}`, n, { timeout: 0.001 });
  for (let n = 0; n < 51; n++) await cache.set(`long${n}`, n, { timeout: 100 + n });
  const left = await CacheEntry.objects.filter({ key: { startsWith: name } }).count();
  assert.equal(left, 20);
  assert.deepEqual([await cache.has("long50"), await cache.has("long0")], [true, false]);
});

test("more are kept, read and deleted at once than a statement takes", async () => {
  const cache = new Cache(new DatabaseCacheBackend({ name: randomUUID() }));
  const keys = Array.from({ length: 2500 }, (_, index) => `key${index}`);
  await cache.setMany(keys.map((key, index) => [key, index] as const));
  assert.equal((await cache.getMany(keys)).size, 2500);
  assert.equal(await cache.deleteMany(keys), 2500);
});

test("a cache in the database is as its transaction", async () => {
  const cache = new Cache(new DatabaseCacheBackend({ name: randomUUID() }));
  const { transaction } = await import("cortado/orm");
  await assert.rejects(
    transaction(async () => {
      await cache.set("coffee", 1);
      assert.equal(await cache.get("coffee"), 1);
      throw new Error("undone");
    }),
    /undone/,
  );
  assert.equal(await cache.get("coffee"), undefined);
});
