import type { Database } from "../database/database.ts";
import type { Field } from "../fields/field.ts";
import { integer } from "../fields/number-fields.ts";
import { placeholder, quoteName } from "../names.ts";
import { preparedValue } from "./saving/insert-row.ts";
import type { ModelClass } from "./model-class.ts";
import type { ModelMeta } from "./meta.ts";
import type { AnyRow } from "./rows/row.ts";

/** The column of `orderWithRespectTo`: the place of a row among those that refer to the same one, from 0. */
export const orderField = "_order";

export function makeOrderField(model: ModelClass): Field {
  return integer({ editable: false }).bind(orderField, model);
}

/** Gives new rows the places after those that are there. */
export async function placeLast(rows: readonly AnyRow[], meta: ModelMeta, db: Database): Promise<void> {
  const field = meta.columnField(meta.options.orderWithRespectTo!);
  const unplaced = rows.filter((row) => row[orderField] === null || row[orderField] === undefined);
  const column = quoteName(field.column);
  const sql = `SELECT MAX(${quoteName(orderField)}) FROM ${quoteName(meta.table)} WHERE ${column} = ${placeholder(db.dialect, 1)}`;
  for (const [owner, group] of Map.groupBy(unplaced, (row) => preparedValue(row, field, true))) {
    const last = (await db.rows(sql, [field.toDatabase(owner, db.dialect)]))[0]![0];
    let place = last === null ? 0 : Number(last) + 1;
    for (const row of group) row[orderField] = place++;
  }
}
