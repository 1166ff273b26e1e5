import assert from "node:assert/strict";
import { test } from "node:test";
import { clearModels } from "cortado/orm";
import { makeMigrations } from "cortado/orm/migrations";
import { clearExpiredSessions, databaseSessionStore, Session, sessionsApp } from "cortado/views";
import { openTables } from "./open-tables.ts";

const later = new Date(Date.now() + 60_000);
const before = new Date(Date.now() - 60_000);

test("sessions are kept in the database until they are over", async (t) => {
  await openTables(t, [sessionsApp]);
  const store = databaseSessionStore();
  await store.create("a", { cart: [1, 2], __proto__x: "é" }, later);
  await store.create("old", { n: 1 }, before);
  assert.deepEqual(await store.load("a"), { cart: [1, 2], __proto__x: "é" });
  assert.equal(await store.load("old"), null);
  assert.equal(await store.load("none"), null);
  assert.equal(await store.save("a", { cart: [] }, later), true);
  assert.deepEqual(await store.load("a"), { cart: [] });
  assert.equal(await clearExpiredSessions(), 1);
  assert.equal(await Session.objects.count(), 1);
  await store.remove("a");
  assert.equal(await store.save("a", { back: true }, later), false);
  assert.equal(await store.load("a"), null);
});

test("the migration of the sessions makes what the model declares", async () => {
  assert.deepEqual(await makeMigrations([sessionsApp], { dryRun: true }), []);
  clearModels();
});
