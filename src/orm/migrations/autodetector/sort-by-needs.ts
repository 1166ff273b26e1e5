import type { Change } from "./change.ts";
import type { Givers } from "./cut-into-chunks.ts";

/**
 * Changes of one app in layers: those that need none of the others, then those that need only these, and
 * so on. Within a layer they stand in the order in which the last thing that they need came about.
 */
export function sortByNeeds(changes: readonly Change[], givers: Givers): Change[] {
  const own = new Set(changes);
  const missing = new Map(changes.map((change) => [change, new Set([...givers.get(change)!].filter((giver) => own.has(giver)))]));
  const takers = new Map<Change, Change[]>();
  for (const change of changes)
    for (const giver of missing.get(change)!) takers.set(giver, [...(takers.get(giver) ?? []), change]);
  const sorted = changes.filter((change) => missing.get(change)!.size === 0);
  // The list grows while it is gone through.
  for (const done of sorted) {
    for (const taker of takers.get(done) ?? []) {
      const open = missing.get(taker)!;
      open.delete(done);
      if (open.size === 0) sorted.push(taker);
    }
  }
  if (sorted.length < changes.length) throw new Error("Changes of one app need one another in a ring. This is a bug in Cortado.");
  return sorted;
}
