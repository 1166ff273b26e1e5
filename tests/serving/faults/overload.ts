import { setTimeout as sleep } from "node:timers/promises";
import { loopModel, putModel, temporaryFolder } from "../models.ts";
import { Callers, type Outcome } from "./http-load.ts";
import { serveCommand } from "./served.ts";

/** The queue that a model has by itself. */
export const QUEUE = 256;
/** Callers that wait at once: as many as the queue holds, and then several times as many. */
const CALLERS = QUEUE * 4;

/** What came of an overload. */
export interface Overload {
  seconds: number;
  /** Milliseconds that each of a caller's requests took who asked alone. */
  alone: number[];
  /** How many were answered in a second before. */
  capacity: number;
  accepted: Outcome[];
  refused: Outcome[];
  /** What was answered otherwise. */
  failed: Outcome[];
  /** How many were sent in a second, and how many of them answered. */
  offered: number;
  answered: number;
  health: Outcome[];
  /** Milliseconds from the end of the load to an answer. */
  recovery: number;
}

/** Asks a model of some ten milliseconds for far more than it can answer, for so long, and the server's health meanwhile. */
export async function overload(seconds: number): Promise<Overload> {
  const root = temporaryFolder();
  putModel(root, "slow/1", loopModel());
  const served = await serveCommand(root);
  const callers = new Callers(served.url);
  const watcher = new Callers(served.url);
  try {
    const predict = await slowQuestion(callers);
    const alone = await askAlone(predict);
    const outcomes: Outcome[] = [];
    const health: Outcome[] = [];
    watcher.repeat(1, async () => health.push(await watcher.ask("/v2/health/ready"), await watcher.ask("/health/live")), 20);
    callers.repeat(CALLERS, async () => {
      const outcome = await predict();
      outcomes.push(outcome);
      // As it was told.
      if (outcome.status === 503) await sleep(1000);
    });
    await sleep(seconds * 1000);
    const offered = outcomes.length / seconds;
    const answered = outcomes.filter(({ status }) => status === 200).length / seconds;
    await callers.stop();
    const stopped = performance.now();
    outcomes.push(await predict());
    const recovery = performance.now() - stopped;
    await watcher.stop();
    const accepted = outcomes.filter(({ status }) => status === 200);
    const isRefused = ({ status, retryAfter }: Outcome) => status === 503 && Number(retryAfter) >= 1;
    const refused = outcomes.filter(isRefused);
    const failed = outcomes.filter((each) => each.status !== 200 && !isRefused(each));
    return { seconds, alone, capacity: alone.length, accepted, refused, failed, offered, answered, health, recovery };
  } finally {
    callers.close();
    watcher.close();
    served.child.kill("SIGKILL");
  }
}

/** Has the model count so far that it takes some ten milliseconds. */
async function slowQuestion(callers: Callers): Promise<() => Promise<Outcome>> {
  const body = (count: number) => ({ inputs: [{ name: "count", shape: [], datatype: "INT64", data: [count] }] });
  for (let count = 500; ; count *= 2) {
    const predict = () => callers.ask("/v2/models/slow/infer", body(count));
    const tries = [await predict(), await predict(), await predict()];
    if (tries.some(({ status }) => status !== 200)) throw new Error(JSON.stringify(tries[0]!.body));
    if (Math.min(...tries.map(({ took }) => took)) >= 8) return predict;
  }
}

/** What one caller after the other gets answered in a second. */
async function askAlone(predict: () => Promise<Outcome>): Promise<number[]> {
  const took: number[] = [];
  for (const end = performance.now() + 1000; performance.now() < end;) took.push((await predict()).took);
  return took;
}
