import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { it } from "node:test";
import { temporaryFolder } from "../models.ts";

const LONG = process.env["CORTADO_LONG"] !== undefined;
const PREDICTIONS = LONG ? 1_000_000 : 50_000;
const RELOADS = LONG ? 200 : 5;
const skip = process.platform === "linux" ? false : "open files are counted in /proc";

it("predictions leave nothing on the heap, reloads no open file, and a server that closes no folder", { skip }, (t) => {
  const child = join(import.meta.dirname, "leak-child.ts");
  const args = ["--conditions=cortado-source", "--disable-warning=ExperimentalWarning", child];
  const env = { ...process.env, TMPDIR: temporaryFolder() };
  const { stdout, stderr } = spawnSync(process.execPath, [...args, String(PREDICTIONS), String(RELOADS)], {
    encoding: "utf8",
    env,
  });
  assert.match(stdout, /^\{/, stderr);
  const { before, after, afterReloads, files, filesAfter, left } = JSON.parse(stdout) as Record<string, number> & {
    left: string[];
  };
  const megabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
  t.diagnostic(`heap ${megabytes(before!)} MB, after ${PREDICTIONS} predictions ${megabytes(after!)} MB`);
  t.diagnostic(`after ${RELOADS} reloads ${megabytes(afterReloads!)} MB, open files ${files} → ${filesAfter}`);
  assert.ok(after! - before! < 4 * 2 ** 20, `${before} → ${after}`);
  assert.ok(afterReloads! - after! < 8 * 2 ** 20, `${after} → ${afterReloads}`);
  assert.ok(filesAfter! <= files! + 2, `${files} → ${filesAfter}`);
  assert.deepEqual(left, []);
});
