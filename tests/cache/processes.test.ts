import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { openCache } from "cortado/cache";
import { temporaryFolder } from "../temporary-folder.ts";

const script = join(import.meta.dirname, "maker-process.ts");
const start = (address: string, key: string) =>
  promisify(execFile)(process.execPath, [...process.execArgv, script, address, key]).then(
    ({ stdout }) => JSON.parse(stdout) as { made: number; values: number[] },
  );

async function tryProcesses(address: string): Promise<void> {
  const key = randomUUID();
  const told = await Promise.all(Array.from({ length: 4 }, () => start(address, key)));
  assert.equal(
    told.reduce((sum, { made }) => sum + made, 0),
    1,
  );
  assert.equal(new Set(told.flatMap(({ values }) => values)).size, 1);
}

test("several processes that want one value at once make it once, in files", async (t) => {
  await tryProcesses(`file:${temporaryFolder(t)}`);
});

const redis = process.env["CORTADO_TEST_REDIS"];
test("several processes that want one value at once make it once, on Redis", { skip: redis === undefined }, async () => {
  await tryProcesses(redis!);
});

test("where the process that makes a value dies, another one makes it when its time is over", async (t) => {
  const address = `file:${temporaryFolder(t)}`;
  const lock = "key\u001fmaking";
  const dying = execFile(process.execPath, [...process.execArgv, script, address, "key", "60000"]);
  const cache = openCache({ backend: address, makingTimeout: 0.4 }, { root: "/" });
  while (!(await cache.has(lock))) await sleep(5);
  dying.kill("SIGKILL");
  // It was given 20 seconds.
  await cache.touch(lock, { timeout: 0.2 });
  assert.equal(await cache.getOrSet("key", () => "made here"), "made here");
});
