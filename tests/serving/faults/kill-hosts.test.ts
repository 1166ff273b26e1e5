import assert from "node:assert/strict";
import { it } from "node:test";
import { percentile } from "./http-load.ts";
import { killHosts } from "./kill-hosts.ts";

const KILLS = process.env["CORTADO_LONG"] ? 100 : 8;
const skip = process.platform === "linux" ? false : "the processes of hosts are found in /proc";

it("hosts that are killed one after the other under load cost no answer, and the web process nothing", { skip }, async (t) => {
  const { kills, requests, failed, recoveries, memory, files } = await killHosts(KILLS);
  t.diagnostic(`${kills} hosts killed, ${requests} requests, ${failed.length} failed`);
  t.diagnostic(`answers after a kill: p50 ${percentile(recoveries, 0.5)} ms, at most ${percentile(recoveries, 1)} ms`);
  const megabytes = (bytes = 0) => Math.round(bytes / 2 ** 20);
  t.diagnostic(
    `web process: ${megabytes(memory[0])} → ${megabytes(memory.at(-1))} MiB, ${files[0]} → ${files.at(-1)} open files`,
  );
  assert.equal(failed.length, 0, JSON.stringify(failed[0]));
  // What a busy machine adds to a second.
  assert.ok(Math.max(...recoveries) < 20_000);
  assert.ok(memory.at(-1)! < memory[0]! * 1.5 + 100 * 2 ** 20, memory.join());
  assert.ok(files.at(-1)! < files[0]! + 20, files.join());
});
