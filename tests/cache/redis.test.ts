import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Cache, openCache, RedisBackend } from "cortado/cache";
import { startRedis } from "../../scripts/start-redis.ts";

const url = process.env["CORTADO_TEST_REDIS"];
const needsServer = { skip: url === undefined ? "CORTADO_TEST_REDIS is not set" : false };

test("a server that is not there is named without its password, at once and for every call", async () => {
  const cache = openCache("redis://user:secret@127.0.0.1:9/0", { root: "/" });
  for (const call of [() => cache.get("a"), () => cache.set("a", 1), () => cache.getOrSet("a", 1)])
    await assert.rejects(call(), {
      code: "CACHE_UNREACHABLE",
      message: "The cache at redis://user:…@127.0.0.1:9/0 cannot be reached.",
      hint: "See that the server runs and takes connections from here. A lost connection is made again by itself.",
    });
  await cache.close();
});

test("a server that comes back is used again", needsServer, async (t) => {
  const first = await startRedis();
  const port = Number(new URL(first.url).port);
  const cache = openCache(first.url, { root: "/" });
  t.after(() => cache.close());
  await cache.set("a", 1);
  await first.stop();
  await assert.rejects(
    async () => {
      for (let tries = 0; tries < 100; tries++) {
        await cache.get("a");
        await sleep(20);
      }
    },
    { code: "CACHE_UNREACHABLE" },
  );
  const second = await startRedis({ port });
  t.after(() => second.stop());
  const end = Date.now() + 15_000;
  while (Date.now() < end && !(await cache.set("b", 2).then(() => true, () => false))) await sleep(50); // prettier-ignore
  assert.equal(await cache.get("b"), 2);
});

test("of several addresses the first is written to and the others are read from", needsServer, async (t) => {
  const primary = new URL(url!);
  const replica = await startRedis({ replicaOf: Number(primary.port) });
  const cache = openCache({ backend: [url!, replica.url], prefix: randomUUID() }, { root: "/" });
  t.after(() => cache.close());
  t.after(() => replica.stop());
  await cache.set("a", 1);
  const end = Date.now() + 15_000;
  while (Date.now() < end && (await cache.get("a")) === undefined) await sleep(20);
  assert.equal(await cache.get("a"), 1);
  const direct = new RedisBackend(replica.url);
  t.after(() => direct.close());
  await assert.rejects(new Cache(direct).set("a", 1), /READONLY/);
});

test("what Django wrote beside it, and wild characters in a prefix, are left alone by clear", needsServer, async (t) => {
  const [one, other] = [
    openCache({ backend: url!, prefix: "a*" }, { root: "/" }),
    openCache({ backend: url!, prefix: "ab" }, { root: "/" }),
  ];
  t.after(() => Promise.all([one.close(), other.close()]));
  await other.set("kept", 1);
  await one.set("gone", 1);
  await one.clear();
  assert.deepEqual([await one.get("gone"), await other.get("kept")], [undefined, 1]);
});
