import { performance } from "node:perf_hooks";
import { sameRowShape, splitTensors, stackTensors } from "../../tensors/stack.ts";
import type { Tensors } from "../../tensors/tensor.ts";
import type { OnnxSession } from "./session.ts";

/** How many rows the trial batch has. */
const ROWS = 4;
/** Batching has to take at most this part of the time of single runs to be worth it. */
const WORTH = 0.9;
/** The first of them pay for what is done only once. */
const RUNS = 12;

/** True when rows run together give what they give alone, in less time. Measured, because for many models neither holds. */
export async function rowsBatch(session: OnnxSession, samples: readonly Tensors[]): Promise<boolean> {
  if ((await rowsProblem(session, samples)) !== undefined) return false;
  const rows = rowsOf(samples);
  const stacked = stackTensors(rows);
  const alone = await quickest(() => session.run(rows[0]!));
  return (await quickest(() => session.run(stacked))) < alone * ROWS * WORTH;
}

/** Why rows cannot be run together; undefined where they give what they give alone. */
export async function rowsProblem(session: OnnxSession, samples: readonly Tensors[]): Promise<string | undefined> {
  const rows = rowsOf(samples);
  if (rows.some((row) => !sameRowShape(rows[0]!, row))) return "the rows it was tried with have different shapes";
  try {
    const together = splitTensors(
      await session.run(stackTensors(rows)),
      rows.map(() => 1),
    );
    for (const [i, sample] of samples.slice(0, ROWS).entries()) {
      if (!sameTensors(await session.run(sample), together[i]!)) return "rows that run together give other answers than alone";
    }
    return undefined;
  } catch (error) {
    return `rows do not run together: ${(error as Error).message}`;
  }
}

function rowsOf(samples: readonly Tensors[]): Tensors[] {
  return Array.from({ length: ROWS }, (_, i) => samples[i % samples.length]!);
}

/** The shortest of several runs; of one run only, where a run is long. */
async function quickest(run: () => Promise<unknown>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < RUNS && (i === 0 || best < 5); i++) {
    const started = performance.now();
    await run();
    best = Math.min(best, performance.now() - started);
  }
  return best;
}

function sameTensors(a: Tensors, b: Tensors): boolean {
  for (const name in a) {
    const [left, right] = [a[name]!, b[name]!];
    if (left.shape.join() !== right.shape.join()) return false;
    for (let i = 0; i < left.data.length; i++) if (!near(left.data[i]!, right.data[i]!)) return false;
  }
  return true;
}

/** Equal but for the rounding of another order of additions. */
function near(a: number | bigint | string, b: number | bigint | string): boolean {
  if (typeof a !== "number" || typeof b !== "number") return a === b;
  return Object.is(a, b) || Math.abs(a - b) <= 1e-5 + 1e-4 * Math.abs(a);
}
