import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { temporaryFolder } from "../models.ts";
import { publish } from "../versions/served.ts";
import { Callers, type Outcome, percentile } from "./http-load.ts";
import { residentBytes, serveCommand } from "./served.ts";

/** How long the storm lasts; the whole minute is for a machine that does nothing else. */
const SECONDS = process.env["CORTADO_LONG"] ? 60 : 8;

const root = temporaryFolder();
for (const version of ["1", "2", "3"]) await publish(root, version);
const served = await serveCommand(root);
after(() => served.child.kill("SIGKILL"));
const callers = new Callers(served.url);
const address = (...rest: string[]) => ["/api/models/times", ...rest].join("/");
const input = { input: { x: [1, 1] } };

/** The version that answered; what it computed must be that version's. */
function versionOf({ status, body }: Outcome): number {
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(String(body.output.y[0]), body.version);
  return Number(body.version);
}

it("a new version every 100 ms under full load over HTTP: no failed request, no wrong version after an alias has moved", async (t) => {
  const took: number[] = [];
  const versions = new Set<number>();
  let pinned: { version: number; since: number } | undefined;
  let moves = 0;
  callers.repeat(16, async () => {
    const outcome = await callers.ask(address("predict"), input);
    took.push(outcome.took);
    versions.add(versionOf(outcome));
  });
  // The alias that is moved while the storm goes on.
  callers.repeat(4, async () => {
    const before = pinned;
    const outcome = await callers.ask(address("aliases", "stable", "predict"), input);
    if (before === undefined && outcome.status === 404) return;
    const version = versionOf(outcome);
    if (pinned === before && before && outcome.sent > before.since) assert.equal(version, before.version);
  });
  let newest = 3;
  const memory: number[] = [];
  const started = performance.now();
  const mover = async () => {
    while (performance.now() - started < SECONDS * 1000) {
      const version = (moves % 2) + 2;
      pinned = undefined;
      const moved = await callers.ask(address("aliases", "stable"), { version: String(version) }, "PUT");
      assert.equal(moved.status, 200, JSON.stringify(moved.body));
      pinned = { version, since: performance.now() };
      moves++;
      await sleep(300);
    }
  };
  const publisher = async () => {
    while (performance.now() - started < SECONDS * 1000) {
      await publish(root, String(++newest));
      if (newest > 63) rmSync(join(root, `times/${newest - 60}`), { recursive: true, force: true });
      if (newest % 10 === 0) memory.push(residentBytes(served.child.pid!));
      await sleep(100);
    }
  };
  const work = Promise.all([mover(), publisher()]);
  await work;
  let last = 0;
  for (let i = 0; i < 400 && last !== newest; i++) {
    last = versionOf(await callers.ask(address("predict"), input));
    await sleep(25);
  }
  await callers.stop();
  const seconds = (performance.now() - started) / 1000;
  assert.equal(last, newest);
  assert.ok(versions.size > 1 && moves > 0, `${versions.size} versions answered, ${moves} moves`);
  const [first = 0, end = 0] = [memory[0], memory.at(-1)];
  t.diagnostic(
    `${took.length} answers (${Math.round(took.length / seconds)} a second, p99 ${percentile(took, 0.99)} ms), none failed`,
  );
  t.diagnostic(`${newest} versions, ${versions.size} of them answered, the alias moved ${moves} times, never wrong after it`);
  t.diagnostic(`memory of the server and its hosts: ${memory.map((bytes) => Math.round(bytes / 2 ** 20)).join(", ")} MiB`);
  assert.ok(end < first * 1.6 + 200 * 2 ** 20, `${first} → ${end}`);
  callers.close();
});
