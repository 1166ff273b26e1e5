import { servingErrors } from "../../errors.ts";
import { describe } from "../../tensors/read-json.ts";
import type { SamplingItem } from "./sampling-item.ts";

/** The most answers of one request. */
const MOST = 128;

/** How many answers to a question `n` asks for. @throws SERVING_BAD_INPUT */
export function answerCount({ n }: Readonly<Record<string, unknown>>): number {
  if (n === undefined || n === null) return 1;
  if (Number.isSafeInteger(n) && (n as number) >= 1 && (n as number) <= MOST) return n as number;
  const problem = `is ${describe(n)}, and must be a whole number from 1 to ${MOST}`;
  throw servingErrors.SERVING_BAD_INPUT({ where: "n", problem });
}

/** Questions, each so often, with another seed each time where one is given: the same one gives the same answer. @throws SERVING_BAD_INPUT */
export function repeated<T extends SamplingItem>(items: readonly T[], count: number): T[] {
  if (items.length * count > MOST) {
    const problem = `has ${items.length} texts for ${count} answers each, and a request has at most ${MOST} answers`;
    throw servingErrors.SERVING_BAD_INPUT({ where: "prompt", problem });
  }
  if (count === 1) return [...items];
  return items.flatMap((item) =>
    Array.from({ length: count }, (_, i) => (item.seed === undefined ? item : { ...item, seed: item.seed + i })),
  );
}
