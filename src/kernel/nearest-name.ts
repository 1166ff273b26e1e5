/** The candidate that `given` was most likely meant to be, or undefined when none is near. */
export function nearestName(given: string, candidates: Iterable<string>): string | undefined {
  const wanted = normalise(given);
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    const name = normalise(candidate);
    // A name from outside may be as long as a book: texts differ by at least their lengths.
    if (Math.abs(name.length - wanted.length) >= bestDistance) continue;
    const distance = editDistance(wanted, name);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** `Did you mean "title"?`, or undefined when no candidate is near. */
export function didYouMean(given: string, candidates: Iterable<string>): string | undefined {
  const name = nearestName(given, candidates);
  return name === undefined ? undefined : `Did you mean "${name}"?`;
}

/** Case, dashes and underscores are slips of spelling, not differences. */
function normalise(name: string): string {
  return name.replace(/[-_]/g, "").toLowerCase();
}

/** Damerau–Levenshtein distance with adjacent swaps counted as one. */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, beforePrevious[j - 2]! + 1);
      row.push(best);
    }
    [beforePrevious, previous] = [previous, row];
  }
  return previous[b.length]!;
}
