import { loadAfter } from "../relations/load-paths.ts";
import { noteWholeTable } from "../relations/whole-tables.ts";
import type { QueryState } from "./query-state.ts";
import { runQuery } from "./run.ts";

/** Runs a query, and loads the relations that it was told to load and did not join. */
export async function fetchRows<Row>(state: QueryState): Promise<Row[]> {
  const rows = await runQuery<Row>(state);
  if (loadsMore(state)) {
    noteWholeTable(state, rows);
    await loadAfter(state, rows as object[]);
  }
  return rows;
}

/** Whether a query loads more than its own rows. */
export function loadsMore({ load, prefetch }: QueryState): boolean {
  return load.length > 0 || prefetch !== undefined;
}
