import assert from "node:assert/strict";
import { test } from "node:test";
import { countQueries } from "cortado/orm";
import { databaseSessionStore, sessionsApp } from "cortado/views";
import { openTablesOf } from "./open-tables.ts";

const expiresAt = new Date(Date.now() + 60_000);

openTablesOf(sessionsApp);

test("a session that nobody else changed is written by one statement, and merged where somebody did", async () => {
  const store = databaseSessionStore();
  const key = `key-${process.pid}`;
  const loaded = { b: 1, a: { deep: ["é", 1.5, null, true] }, "1": "one" };
  await store.create(key, { data: loaded, changed: [], expiresAt });
  const read = (await store.load(key))!;
  assert.deepEqual(read, loaded);
  const data = { ...loaded, b: 2 };
  assert.equal(await countQueries(() => store.save(key, { data, loaded: read, changed: ["b"], expiresAt })), 1);
  const late = { data: { ...loaded, c: 3 }, loaded: read, changed: ["c"], expiresAt };
  assert.equal(await countQueries(() => store.save(key, late)), 3);
  assert.deepEqual(await store.load(key), { ...loaded, b: 2, c: 3 });
});

test("many requests that change one session at once lose nothing", async () => {
  const store = databaseSessionStore();
  const key = `many-${process.pid}`;
  await store.create(key, { data: { n: 0 }, changed: [], expiresAt });
  const names = Array.from({ length: 12 }, (_, index) => `name${index}`);
  const save = (name: string) => store.save(key, { data: { n: 0, [name]: true }, loaded: { n: 0 }, changed: [name], expiresAt });
  assert.deepEqual(
    await Promise.all(names.map(save)),
    names.map(() => true),
  );
  assert.deepEqual(Object.keys((await store.load(key))!).toSorted(), ["n", ...names].toSorted());
  await store.remove(key);
});
