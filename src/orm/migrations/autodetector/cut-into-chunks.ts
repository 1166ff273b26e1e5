import type { Change } from "./change.ts";

/** Changes of one app that go into one migration. */
export interface Chunk {
  readonly app: string;
  readonly changes: readonly Change[];
}

/** For each change, the changes that must come before it. */
export type Givers = ReadonlyMap<Change, ReadonlySet<Change>>;

/**
 * Takes an app's changes whole wherever everything that they need of other apps is done. Only when no app
 * can be taken whole, what can be done of one is cut off, so that apps in a ring get two migrations each at most.
 */
export function cutIntoChunks(sorted: ReadonlyMap<string, readonly Change[]>, givers: Givers): Chunk[] {
  const waiting = new Map(sorted);
  const done = new Set<Change>();
  const chunks: Chunk[] = [];
  let mayCut = false;
  while (waiting.size > 0) {
    const before = chunks.length;
    for (const [app, changes] of waiting) {
      const ready = readyOnes(changes, done, givers);
      if (ready.length === 0 || (ready.length < changes.length && !mayCut)) continue;
      chunks.push({ app, changes: ready });
      for (const change of ready) done.add(change);
      mayCut = false;
      const rest = changes.filter((change) => !done.has(change));
      if (rest.length > 0) waiting.set(app, rest);
      else waiting.delete(app);
    }
    if (chunks.length > before) continue;
    if (mayCut) throw new Error("Changes need one another in a ring. This is a bug in Cortado.");
    mayCut = true;
  }
  return chunks;
}

/** The changes whose needs are met by what is done or by one another. */
function readyOnes(changes: readonly Change[], done: ReadonlySet<Change>, givers: Givers): Change[] {
  const taken = new Set<Change>();
  for (const change of changes) {
    if ([...givers.get(change)!].every((giver) => done.has(giver) || taken.has(giver))) taken.add(change);
  }
  return [...taken];
}
