import { prepare } from "./plan.ts";
import type { QueryState } from "./query-state.ts";

/** Runs a query and reads its rows; to-many relations are loaded by the caller. */
export async function runQuery<Row>(state: QueryState): Promise<Row[]> {
  if (state.empty) return [];
  const { db, sql, params, read } = prepare(state);
  return read(db.rowsNow?.(sql, params) ?? (await db.rows(sql, params))) as Row[];
}
