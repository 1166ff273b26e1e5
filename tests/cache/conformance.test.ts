import { after, test } from "node:test";
import { FileBackend, MemoryBackend, RedisBackend } from "cortado/cache";
import { cacheConformance } from "cortado/testing";
import { temporaryFolder } from "../temporary-folder.ts";

const folder = temporaryFolder({ after });

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
