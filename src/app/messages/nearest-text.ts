/** Texts that share less with one another are no older form of it. */
const leastLikeness = 0.6;

/** How much two texts have in common, 0 to 1: of their words and of their letters in pairs. */
function likeness(a: Map<string, number>, b: Map<string, number>): number {
  let common = 0;
  let all = 0;
  for (const [pair, count] of a) {
    common += Math.min(count, b.get(pair) ?? 0);
    all += count;
  }
  for (const count of b.values()) all += count;
  return all === 0 ? 0 : (2 * common) / all;
}

function pairsOf(text: string): Map<string, number> {
  const pairs = new Map<string, number>();
  const lower = text.toLowerCase();
  for (let at = 0; at < lower.length - 1; at++) {
    const pair = lower.slice(at, at + 2);
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return pairs;
}

/** The candidate whose text is most like one, where one is like it at all. */
export function nearestText<T>(text: string, candidates: readonly T[], textOf: (candidate: T) => string): T | undefined {
  const wanted = pairsOf(text);
  let best: T | undefined;
  let most = leastLikeness;
  for (const candidate of candidates) {
    const found = likeness(wanted, pairsOf(textOf(candidate)));
    if (found > most) [best, most] = [candidate, found];
  }
  return best;
}
