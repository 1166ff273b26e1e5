// Started as a child: opens one subject of a case, measures a window whenever it is told to, and ends.
import type { Case, Turning } from "./measure.ts";

const windowMs = 250;
const [suite, caseName, name] = process.argv.slice(2);
const { cases } = (await import(`./${suite}/cases.ts`)) as { cases: readonly Case[] };
const each = cases.find((one) => one.name === caseName)!;
const subject = each.subjects.find((one) => one.name === name)!;

try {
  const turning = await subject.open();
  const n = await calibrate(turning);
  process.on("message", (message) => {
    if (message === "window") void measured(turning, n).then((value) => process.send!({ value }), refuse);
    else void close(turning);
  });
  process.send!({});
} catch (error) {
  refuse(error);
}

function refuse(error: unknown): void {
  process.send!({ error: (error as Error).message }, () => process.exit(1));
}

async function close(turning: Turning): Promise<void> {
  await turning.close?.();
  process.exit(0);
}

/**
 * A `run` that answers a number has measured itself; otherwise the CPU time of one turn of the loop, in microseconds, is taken:
 * unlike the time on the wall it does not grow with what else the machine has to do. A case whose work is shared with a server
 * says `wall`.
 */
async function measured(turning: Turning, n: number): Promise<number> {
  const before = process.cpuUsage();
  const began = performance.now();
  const own = await turning.run(n);
  const elapsed = (performance.now() - began) * 1000;
  const { user, system } = process.cpuUsage(before);
  return own ?? (each.clock === "wall" ? elapsed : user + system) / n;
}

/** How many turns fill a window, after a warm-up. */
async function calibrate(turning: Turning): Promise<number> {
  for (let n = 8; ; n *= 2) {
    const started = performance.now();
    if ((await turning.run(n)) !== undefined) return n;
    const spent = performance.now() - started;
    if (spent > windowMs / 2) return Math.max(1, Math.round((n * windowMs) / spent));
  }
}
