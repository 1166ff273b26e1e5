import { performance } from "node:perf_hooks";
import { sameRowShape, splitTensors, stackTensors } from "../../tensors/stack.ts";
import type { Tensors } from "../../tensors/tensor.ts";
import type { OnnxSession } from "./session.ts";

/** How many rows the trial batch has. */
const ROWS = 4;
/** Batching has to take at most this part of the time of single runs to be worth it. */
const WORTH = 0.9;

/** True when rows run together give what they give alone, in less time. Measured, because for many models neither holds. */
export async function rowsBatch(session: OnnxSession, samples: readonly Tensors[]): Promise<boolean> {
  const rows = Array.from({ length: ROWS }, (_, i) => samples[i % samples.length]!);
  if (rows.some((row) => !sameRowShape(rows[0]!, row))) return false;
  try {
    const together = splitTensors(
      await session.run(stackTensors(rows)),
      rows.map(() => 1),
    );
    for (const [i, sample] of samples.slice(0, ROWS).entries()) {
      if (!sameTensors(await session.run(sample), together[i]!)) return false;
    }
    const alone = await quickest(() => session.run(rows[0]!));
    return (await quickest(() => session.run(stackTensors(rows)))) < alone * ROWS * WORTH;
  } catch {
    return false;
  }
}

/** The shortest of a few runs; of one run only, where a run is long. */
async function quickest(run: () => Promise<unknown>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5 && (i === 0 || best < 5); i++) {
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
