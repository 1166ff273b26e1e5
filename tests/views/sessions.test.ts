import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryCache } from "cortado/cache";
import { clearModels, countQueries } from "cortado/orm";
import { makeMigrations } from "cortado/orm/migrations";
import { cachedDatabaseSessionStore, clearExpiredSessions, databaseSessionStore, Session, sessionsApp } from "cortado/views";
import { openTables } from "./open-tables.ts";

const later = new Date(Date.now() + 60_000);
const before = new Date(Date.now() - 60_000);

test("sessions are kept in the database until they are over", async (t) => {
  await openTables(t, [sessionsApp]);
  const store = databaseSessionStore();
  await store.create("a", { data: { cart: [1, 2], __proto__x: "é" }, changed: [], expiresAt: later });
  await store.create("old", { data: { n: 1 }, changed: [], expiresAt: before });
  assert.deepEqual(await store.load("a"), { cart: [1, 2], __proto__x: "é" });
  assert.equal(await store.load("old"), null);
  assert.equal(await store.load("none"), null);
  assert.equal(await store.save("a", { data: { cart: [] }, changed: ["cart"], expiresAt: later }), true);
  assert.deepEqual(await store.load("a"), { cart: [] });
  assert.equal(await clearExpiredSessions(), 1);
  assert.equal(await Session.objects.count(), 1);
  await store.remove("a");
  assert.equal(await store.save("a", { data: { back: true }, changed: ["back"], loaded: { cart: [] }, expiresAt: later }), false);
  assert.equal(await store.load("a"), null);
});

test("two requests that change a session at once keep what each changed, in the database and through a cache", async (t) => {
  await openTables(t, [sessionsApp]);
  const memory = new MemoryCache();
  for (const [key, store] of Object.entries({ a: databaseSessionStore(), b: cachedDatabaseSessionStore(() => memory) })) {
    const loaded = { n: 1, both: "old" };
    await store.create(key, { data: loaded, changed: ["n", "both"], expiresAt: later });
    assert.deepEqual(await store.load(key), loaded);
    await store.save(key, { data: { n: 2, both: "old" }, loaded, changed: ["n"], expiresAt: later });
    await store.save(key, { data: { n: 1, new: { a: [1] } }, loaded, changed: ["new", "both"], expiresAt: later });
    assert.deepEqual(await store.load(key), { n: 2, new: { a: [1] } });
    await store.remove(key);
    assert.equal(await store.load(key), null);
    assert.equal(await store.save(key, { data: { n: 3 }, loaded, changed: ["n"], expiresAt: later }), false);
    assert.equal(await store.load(key), null);
  }
});

test("a session that a cache holds is read without a query, and outlives the cache", async (t) => {
  await openTables(t, [sessionsApp]);
  const memory = new MemoryCache();
  const store = cachedDatabaseSessionStore(() => memory);
  await store.create("a", { data: { n: 1 }, changed: [], expiresAt: later });
  await store.load("a");
  assert.equal(await countQueries(() => store.load("a")), 0);
  await memory.clear();
  assert.deepEqual(await store.load("a"), { n: 1 });
});

test("the migration of the sessions makes what the model declares", async () => {
  assert.deepEqual(await makeMigrations([sessionsApp], { dryRun: true }), []);
  clearModels();
});
