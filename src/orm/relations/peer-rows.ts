import { stateOf } from "../model/rows/instance-state.ts";
import { type AnyRow, metaOf } from "../model/rows/row.ts";
import { loadAfter } from "./load-paths.ts";
import { loadMany } from "./load-rows.ts";
import { peersWithout } from "./load-relations.ts";
import { type ManyLink, manyLink } from "./many-link.ts";

/**
 * How it works
 *
 * `await roaster.coffees.all()` asks the database each time, as in Django, and yet a loop over roasters asks
 * once: the first call loads for every row that came in the same query, and each of these takes its rows from
 * there at its own first call; its second call takes part in a second load, and so on. A write of this process
 * to the table in between makes what was loaded stale.
 */
interface Round {
  readonly writes: number;
  readonly rows: Promise<Map<AnyRow, AnyRow[]>>;
}

interface Pool {
  readonly rounds: (Round | undefined)[];
  /** How many rounds a row has taken part in. */
  readonly taken: WeakMap<AnyRow, number>;
}

const pools = new WeakMap<object, Map<string, Pool>>();

/** The rows of a to-many relation, fresh for this row, and loaded for its peers too. */
export async function takeRows(row: AnyRow, name: string): Promise<AnyRow[]> {
  const peers = row[stateOf].peers as readonly AnyRow[] | undefined;
  const link = manyLink(metaOf(row).member(name) as never);
  if (peers === undefined || peers.length < 2) return (await loadMany([row], link, { after: loadAfter }))[0]!;
  const pool = poolOf(peers, name);
  const at = pool.taken.get(row) ?? 0;
  pool.taken.set(row, at + 1);
  const round = pool.rounds[at];
  if (round !== undefined && round.writes === writesOf(link)) {
    const loaded = await round.rows;
    const rows = loaded.get(row);
    loaded.delete(row);
    if (rows !== undefined) return rows;
  }
  return (await startRound(pool, at, { peers: peersWithout(peers, row, name), row, link })) ?? [];
}

async function startRound(
  pool: Pool,
  at: number,
  { peers, row, link }: { peers: readonly AnyRow[]; row: AnyRow; link: ManyLink },
): Promise<AnyRow[] | undefined> {
  const waiting = peers.filter((peer) => peer === row || (pool.taken.get(peer) ?? 0) <= at);
  const rows = loadMany(waiting, link, { after: loadAfter }).then(
    (lists) => new Map(waiting.map((peer, i) => [peer, lists[i]!])),
  );
  pool.rounds[at] = { writes: writesOf(link), rows };
  rows.catch(() => (pool.rounds[at] = undefined));
  const loaded = await rows;
  const own = loaded.get(row);
  loaded.delete(row);
  return own;
}

/** Makes what was loaded for a row's peers stale. */
export function forgetRounds(row: AnyRow, name: string): void {
  const peers = row[stateOf].peers;
  if (peers) pools.get(peers)?.delete(name);
}

function poolOf(peers: object, name: string): Pool {
  let byName = pools.get(peers);
  if (byName === undefined) pools.set(peers, (byName = new Map()));
  let pool = byName.get(name);
  if (pool === undefined) byName.set(name, (pool = { rounds: [], taken: new WeakMap() }));
  return pool;
}

function writesOf({ target, middle }: ManyLink): number {
  return target.writes + (middle?.through.writes ?? 0);
}
