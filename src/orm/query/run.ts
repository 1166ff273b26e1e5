import { type Prepared, prepare } from "./plan.ts";
import type { QueryState } from "./query-state.ts";

/** Sends a query; gives what the database answers, at once where it need not be waited for. */
export function send({ db, sql, params, single }: Prepared): unknown[][] | Promise<unknown[][]> {
  return db.rowsNow?.(sql, params, single) ?? db.rows(sql, params);
}

/** Runs a query and reads its rows, at once where the database need not be waited for; relations are loaded by the caller. */
export function runQuery<Row>(state: QueryState): Row[] | Promise<Row[]> {
  if (state.empty) return [];
  const prepared = prepare(state);
  const rows = send(prepared);
  return (Array.isArray(rows) ? prepared.read(rows) : rows.then(prepared.read)) as Row[] | Promise<Row[]>;
}
