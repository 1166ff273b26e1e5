import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { FileBackend, MemoryBackend, RedisBackend } from "cortado/cache";
import { cacheConformance } from "cortado/testing";

const folder = await mkdtemp(join(tmpdir(), "cortado-cache-"));
after(() => rm(folder, { recursive: true, force: true }));

cacheConformance("in memory", () => new MemoryBackend());
cacheConformance("in files", () => new FileBackend(folder));

const redis = process.env["CORTADO_TEST_REDIS"];
if (redis === undefined) test("on a Redis server", { skip: "CORTADO_TEST_REDIS is not set" }, () => undefined);
else {
  cacheConformance("on a Redis server", (t) => {
    const backend = new RedisBackend(redis);
    t.after(() => backend.close());
    return backend;
  });
}
