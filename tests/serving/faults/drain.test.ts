import assert from "node:assert/strict";
import { once } from "node:events";
import { it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { loopModel, putModel, temporaryFolder } from "../models.ts";
import { Callers } from "./http-load.ts";
import { serveCommand } from "./served.ts";

const IN_FLIGHT = 6;

it("SIGTERM: what is in flight is answered, what comes later is not taken, and the process and its hosts are gone in time", async (t) => {
  const root = temporaryFolder();
  putModel(root, "slow/1", loopModel());
  const { url, child } = await serveCommand(root);
  const callers = new Callers(url);
  const late = new Callers(url);
  const predict = (count: number, by = callers) => by.ask("/api/models/slow/predict", { input: { count } });
  let count = 1000;
  for (let took = 0; took < 200; count *= 2) ({ took } = await predict(count));
  const flying = Array.from({ length: IN_FLIGHT }, () => predict(count));
  await sleep(100);
  child.kill("SIGTERM");
  const asked = performance.now();
  const answers = await Promise.all(flying);
  assert.deepEqual(
    answers.map(({ status }) => status),
    Array.from({ length: IN_FLIGHT }, () => 200),
    JSON.stringify(answers.find(({ status }) => status !== 200)?.body),
  );
  if (child.exitCode === null) await once(child, "exit");
  assert.equal(child.exitCode, 0);
  assert.equal((await predict(1, late)).status, 0);
  t.diagnostic(`${IN_FLIGHT} in flight answered; gone after ${Math.round(performance.now() - asked)} ms`);
  assert.ok(performance.now() - asked < 40_000);
  callers.close();
  late.close();
});
