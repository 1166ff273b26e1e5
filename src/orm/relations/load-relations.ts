import { stateOf } from "../model/rows/instance-state.ts";
import { type AnyRow, metaOf } from "../model/rows/row.ts";
import { loadOne } from "./load-paths.ts";

/** Loads that are under way, so that rows of one query that are awaited together load once. */
const underWay = new WeakMap<object, Map<string, Promise<void>>>();

/** Loads a relation of a row and of every row that came with it; gives the row's own. */
export async function loadRelated(row: AnyRow, name: string): Promise<unknown> {
  const peers = (row[stateOf].peers ?? [row]) as readonly AnyRow[];
  let loads = underWay.get(peers);
  if (loads === undefined) underWay.set(peers, (loads = new Map()));
  let load = loads.get(name);
  if (load === undefined) {
    const running = loads;
    load = loadOne(peersWithout(peers, row, name), name).finally(() => running.delete(name));
    loads.set(name, load);
  }
  await load;
  const related = row[stateOf].related?.[name];
  if (related !== undefined) return related;
  await loadOne([row], name);
  return row[stateOf].related?.[name] ?? null;
}

/** The peers that lack the relation. A row that was changed since then is not taken for its peers' sake. */
export function peersWithout(peers: readonly AnyRow[], row: AnyRow, name: string): AnyRow[] {
  const meta = metaOf(row);
  return peers.filter(
    (peer) =>
      peer === row ||
      (peer[stateOf].stored !== undefined && peer[stateOf].related?.[name] === undefined && metaOf(peer) === meta),
  );
}
