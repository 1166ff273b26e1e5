import assert from "node:assert/strict";
import { it } from "node:test";
import { percentile } from "./http-load.ts";
import { storm } from "./storm.ts";

/** How long the storm lasts; the whole minute is for a machine that does nothing else. */
const SECONDS = process.env["CORTADO_LONG"] ? 60 : 8;

it("a new version every 100 ms under full load over HTTP: no failed request, no wrong version after an alias has moved", async (t) => {
  const { took, failed, wrong, moves, published, answered, last, memory, seconds } = await storm(SECONDS);
  t.diagnostic(
    `${took.length} requests (${Math.round(took.length / seconds)} a second, p99 ${percentile(took, 0.99)} ms), ${failed.length} failed`,
  );
  t.diagnostic(
    `${published} versions, ${answered.size} of them answered, the alias moved ${moves} times, ${wrong.length} wrong after it`,
  );
  t.diagnostic(`memory of the server and its hosts: ${memory.map((bytes) => Math.round(bytes / 2 ** 20)).join(", ")} MiB`);
  assert.deepEqual([failed.length, wrong.length], [0, 0], JSON.stringify((failed[0] ?? wrong[0])?.body));
  assert.equal(last, String(published));
  assert.ok(answered.size > 1 && moves > 0, `${answered.size} versions answered, ${moves} moves`);
  const [first = 0, end = 0] = [memory[0], memory.at(-1)];
  assert.ok(end < first * 1.6 + 200 * 2 ** 20, `${first} → ${end}`);
});
