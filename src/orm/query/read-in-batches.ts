import { setImmediate } from "node:timers/promises";
import { loadAfter } from "../relations/load-paths.ts";
import { loadsMore } from "./fetch.ts";
import { prepare } from "./plan.ts";
import { checkSize } from "./check-size.ts";
import type { QueryState } from "./query-state.ts";

/** The rows of a query in batches, with the relations that it loads; between two batches other work has its turn. */
export async function* readInBatches<Row>(state: QueryState, size: number): AsyncGenerator<Row[], void, undefined> {
  checkSize(size, "batchSize");
  if (state.empty) return;
  const { db, sql, params, read } = prepare(state);
  let isFirst = true;
  for await (const rows of db.batches(sql, params, size)) {
    if (!isFirst && db.rowsNow !== undefined) await setImmediate();
    isFirst = false;
    const found = read(rows) as Row[];
    if (loadsMore(state)) await loadAfter(state, found as object[]);
    yield found;
  }
}
