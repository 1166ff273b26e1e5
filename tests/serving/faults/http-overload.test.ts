import assert from "node:assert/strict";
import { it } from "node:test";
import { type Outcome, percentile } from "./http-load.ts";
import { overload } from "./overload.ts";

const SECONDS = process.env["CORTADO_LONG"] ? 30 : 4;
const times = (outcomes: readonly Outcome[]) => outcomes.map(({ took }) => took);

it("ten times more than a model can answer over HTTP: bounded waits, told when to come back, healthy, and over at once", async (t) => {
  const { alone, capacity, accepted, refused, failed, offered, answered, health, recovery } = await overload(SECONDS);
  const took = times(accepted);
  t.diagnostic(
    `alone ${capacity} a second, p99 ${percentile(alone, 0.99)} ms; ${Math.round(offered)} sent a second, ${Math.round(answered)} answered`,
  );
  t.diagnostic(`${refused.length} refused in ${percentile(times(refused), 0.5)} ms (median)`);
  t.diagnostic(`accepted: p50 ${percentile(took, 0.5)} ms, p99 ${percentile(took, 0.99)} ms`);
  t.diagnostic(
    `health: ${health.length} asked, p99 ${percentile(times(health), 0.99)} ms; after the load an answer in ${Math.round(recovery)} ms`,
  );
  assert.equal(failed.length, 0, JSON.stringify(failed[0]));
  assert.ok(refused.length > 0 && accepted.length > 0);
  assert.ok(health.length > 0 && health.every(({ status }) => status === 200));
  // A full queue is worked through in this time, and nobody waits longer; the machine may be busy with other things.
  assert.ok(percentile(took, 0.99) < 20_000);
});
