import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { temporaryFolder } from "../models.ts";
import { publish } from "../versions/served.ts";
import { Callers, type Outcome } from "./http-load.ts";
import { residentBytes, serveCommand } from "./served.ts";

/** How many versions lie in the folder at once. */
const KEPT = 60;

/** What came of a storm of versions. */
export interface Storm {
  seconds: number;
  /** Milliseconds that each answer took. */
  took: number[];
  /** Requests that were not answered as they must be. */
  failed: Outcome[];
  /** Answers by a version which the alias had been moved away from before they were asked for. */
  wrong: Outcome[];
  /** How often the alias was moved. */
  moves: number;
  published: number;
  /** The versions that answered. */
  answered: Set<string>;
  /** The version that answered when all was over. */
  last: string;
  /** Bytes of the server and its hosts, every second. */
  memory: number[];
}

const input = { input: { x: [1, 1] } };
const address = (...rest: string[]) => ["/api/models/times", ...rest].join("/");

/** What it computed is what its version computes. */
const isRight = ({ status, body }: Outcome) => status === 200 && String(body?.output?.y?.[0]) === body.version;

/** Publishes a version every 100 ms for so long, and moves an alias to and fro, while 20 callers ask again and again over HTTP. */
export async function storm(seconds: number): Promise<Storm> {
  const root = temporaryFolder();
  for (const version of ["1", "2", "3"]) await publish(root, version);
  const served = await serveCommand(root);
  const callers = new Callers(served.url);
  const found: Storm = {
    seconds,
    took: [],
    failed: [],
    wrong: [],
    moves: 0,
    published: 3,
    answered: new Set(),
    last: "",
    memory: [],
  };
  try {
    const since = performance.now();
    const lasts = () => performance.now() - since < seconds * 1000;
    const alias = new MovingAlias(callers, found);
    callers.repeat(16, async () => {
      const outcome = await callers.ask(address("predict"), input);
      found.took.push(outcome.took);
      if (isRight(outcome)) found.answered.add(outcome.body.version);
      else found.failed.push(outcome);
    });
    callers.repeat(4, () => alias.ask());
    await Promise.all([alias.move(lasts), publishUntil(lasts, root, found), watch(lasts, served.child.pid!, found)]);
    for (let i = 0; i < 400 && found.last !== String(found.published); i++) {
      found.last = (await callers.ask(address("predict"), input)).body.version;
      await sleep(25);
    }
    await callers.stop();
    found.seconds = (performance.now() - since) / 1000;
    return found;
  } finally {
    callers.close();
    served.child.kill("SIGKILL");
    rmSync(root, { recursive: true, force: true });
  }
}

/** An alias that is moved between two versions, and asked all the while. */
class MovingAlias {
  readonly #callers: Callers;
  readonly #found: Storm;
  #pinned: { version: string; since: number } | undefined;

  constructor(callers: Callers, found: Storm) {
    this.#callers = callers;
    this.#found = found;
  }

  async move(lasts: () => boolean): Promise<void> {
    while (lasts()) {
      const version = String((this.#found.moves % 2) + 2);
      this.#pinned = undefined;
      const moved = await this.#callers.ask(address("aliases", "stable"), { version }, "PUT");
      if (moved.status !== 200) this.#found.failed.push(moved);
      this.#pinned = { version, since: performance.now() };
      this.#found.moves++;
      await sleep(300);
    }
  }

  async ask(): Promise<void> {
    const before = this.#pinned;
    const outcome = await this.#callers.ask(address("aliases", "stable", "predict"), input);
    // There is no such alias before it is moved for the first time.
    if (before === undefined && outcome.status === 404 && this.#found.moves === 0) return;
    this.#found.took.push(outcome.took);
    if (!isRight(outcome)) this.#found.failed.push(outcome);
    else if (this.#pinned === before && before && outcome.sent > before.since && outcome.body.version !== before.version)
      this.#found.wrong.push(outcome);
  }
}

async function publishUntil(lasts: () => boolean, root: string, found: Storm): Promise<void> {
  while (lasts()) {
    await publish(root, String(++found.published));
    const oldest = found.published - KEPT;
    if (oldest > 3) rmSync(join(root, `times/${oldest}`), { recursive: true, force: true });
    await sleep(100);
  }
}

async function watch(lasts: () => boolean, pid: number, found: Storm): Promise<void> {
  for (; lasts(); await sleep(1000)) found.memory.push(residentBytes(pid));
}

/** How much larger the second half of the numbers is than the first, of which the very first ones do not count. */
export function growth(numbers: readonly number[]): number {
  const settled = numbers.slice(Math.floor(numbers.length / 4));
  const middle = Math.floor(settled.length / 2);
  const mean = (part: readonly number[]) => part.reduce((sum, each) => sum + each, 0) / part.length;
  return mean(settled.slice(middle)) / mean(settled.slice(0, middle));
}
