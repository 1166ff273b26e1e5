import assert from "node:assert/strict";
import { after, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { loopModel, putModel, temporaryFolder } from "../models.ts";
import { Callers, type Outcome, percentile } from "./http-load.ts";
import { serveCommand } from "./served.ts";

/** The queue that a model has by itself. */
const QUEUE = 256;
/** Callers that wait at once: as many as the queue holds, and then several times as many. */
const CALLERS = QUEUE * 4;
const SECONDS = process.env["CORTADO_LONG"] ? 30 : 4;

const root = temporaryFolder();
putModel(root, "slow/1", loopModel());
const served = await serveCommand(root);
after(() => served.child.kill("SIGKILL"));
const callers = new Callers(served.url);
const watcher = new Callers(served.url);
/** How far the model counts: so far that it takes some ten milliseconds. */
let count = 500;
const body = () => ({ inputs: [{ name: "count", shape: [], datatype: "INT64", data: [count] }] });
const predict = () => callers.ask("/v2/models/slow/infer", body());

it("ten times more than a model can answer over HTTP: bounded waits, told when to come back, healthy, and over at once", async (t) => {
  for (let least = 0; least < 8; count *= 2) {
    const tries = [await predict(), await predict(), await predict()];
    for (const { status, body: answer } of tries) assert.equal(status, 200, JSON.stringify(answer));
    least = Math.min(...tries.map(({ took }) => took));
  }
  // What one caller after the other gets answered in a second.
  const since = performance.now();
  let alone = 0;
  for (; performance.now() - since < 1000; alone++) assert.equal((await predict()).status, 200);

  const outcomes: Outcome[] = [];
  const health: Outcome[] = [];
  watcher.repeat(1, async () => health.push(await watcher.ask("/v2/health/ready"), await watcher.ask("/health/live")), 20);
  const started = performance.now();
  callers.repeat(CALLERS, async () => {
    const outcome = await predict();
    outcomes.push(outcome);
    // As it was told.
    if (outcome.status === 503) await sleep(1000);
  });
  await sleep(SECONDS * 1000);
  const offered = outcomes.length;
  const seconds = (performance.now() - started) / 1000;
  await callers.stop();
  const stopped = performance.now();
  const first = await predict();
  const recovered = performance.now() - stopped;
  await watcher.stop();

  const accepted = outcomes.filter(({ status }) => status === 200);
  const refused = outcomes.filter(({ status }) => status === 503);
  assert.equal(
    accepted.length + refused.length,
    outcomes.length,
    JSON.stringify(outcomes.find(({ status }) => ![200, 503].includes(status))),
  );
  for (const { retryAfter } of refused) assert.ok(Number(retryAfter) >= 1, `retry-after: ${retryAfter}`);
  assert.ok(refused.length > 0 && accepted.length > 0);
  const took = accepted.map((each) => each.took);
  t.diagnostic(
    `alone ${alone} a second; ${Math.round(offered / seconds)} offered a second, ${Math.round(accepted.length / seconds)} answered`,
  );
  t.diagnostic(
    `${refused.length} of ${outcomes.length} refused in ${percentile(
      refused.map((each) => each.took),
      0.5,
    )} ms (median)`,
  );
  t.diagnostic(`accepted: p50 ${percentile(took, 0.5)} ms, p99 ${percentile(took, 0.99)} ms`);
  t.diagnostic(
    `health: ${health.length} asked, p99 ${percentile(
      health.map((each) => each.took),
      0.99,
    )} ms; after the load an answer in ${Math.round(recovered)} ms`,
  );
  assert.ok(health.length > 0 && health.every(({ status }) => status === 200));
  assert.equal(first.status, 200);
  // A full queue is worked through in this time, and nobody waits longer; the machine may be busy with other things.
  assert.ok(percentile(took, 0.99) < 20_000);
  callers.close();
  watcher.close();
});
