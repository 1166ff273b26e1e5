import { database } from "../database/database.ts";
import type { Field } from "../fields/field.ts";
import { quoteName } from "../names.ts";
import { Compiler } from "../query/compiler.ts";
import { compileHydrator } from "../query/hydration.ts";
import type { Prepared, ReadRows } from "../query/plan.ts";
import type { QueryState } from "../query/query-state.ts";
import { compileOrder, orderClause } from "../query/order-by.ts";
import { instanceColumns } from "../query/columns.ts";
import { compileSelect } from "../query/select.ts";

/**
 * A query whose slice holds for each owner by itself: the rows are numbered within their owner by a
 * window, and the numbers outside the slice are left out. `by` is the far rows' column, or "middle".
 */
export function prepareSliced(state: QueryState, slice: QueryState, by: Field | "middle"): Prepared {
  const db = database(state.alias);
  const compiler = new Compiler(db.dialect);
  let read: ReadRows = (rows) => rows;
  const inner = compileSelect(state, compiler, (scope) => {
    const columns = instanceColumns(scope, state);
    read = compileHydrator(columns.shape!, db.dialect);
    const owner = by === "middle" ? `middle.${quoteName(state.through!.owner.column)}` : scope.column(by);
    const order = orderClause(compileOrder(scope, state));
    return [`ROW_NUMBER() OVER (PARTITION BY ${owner} ${order}) AS place`, ...columns.sql];
  });
  const bounds = [`place > ${slice.start}`, ...(slice.end === undefined ? [] : [`place <= ${slice.end}`])];
  const sql = `SELECT * FROM (${inner}) AS numbered WHERE ${bounds.join(" AND ")} ORDER BY place`;
  return {
    db,
    sql: compiler.statement(sql),
    params: compiler.params,
    single: false,
    read: (rows) => read(rows.map((row) => row.slice(1))),
  };
}
