import { loadToMany } from "../relations/load-relations.ts";
import type { QueryState } from "./query-state.ts";
import { runQuery } from "./run.ts";

/** Runs a query, and loads the to-many relations that it was told to load. */
export async function fetchRows<Row>(state: QueryState): Promise<Row[]> {
  const rows = await runQuery<Row>(state);
  if (state.load.length > 0 && state.selection === undefined) await loadToMany(state.meta, rows as object[], state.load);
  return rows;
}
