import { databaseFor } from "../database/database.ts";
import { quoteName } from "../names.ts";
import { countRows } from "./aggregates.ts";
import { prepareFor } from "./plan.ts";
import { type QueryState, readsWholeTable } from "./query-state.ts";

/** About how many rows a query has, without reading them. */
export async function estimateCount(state: QueryState): Promise<number> {
  if (state.empty) return 0;
  const db = databaseFor("read", state.meta, state.alias);
  if (db.dialect === "postgres") {
    const { sql, params } = prepareFor({ ...state, order: [], lock: undefined }, db);
    const [row] = await db.rows(`EXPLAIN (FORMAT JSON) ${sql}`, params);
    const plan = (typeof row![0] === "string" ? JSON.parse(row![0]) : row![0]) as [{ Plan: { "Plan Rows": number } }];
    return plan[0].Plan["Plan Rows"];
  }
  const { meta } = state;
  if (!readsWholeTable(state) || !meta.primaryKey.autoIncrement) return countRows(state);
  const key = quoteName(meta.primaryKey.column);
  const [row] = await db.rows(`SELECT MAX(${key}) - MIN(${key}) + 1 FROM ${quoteName(meta.table)}`);
  return Number(row![0] ?? 0);
}
