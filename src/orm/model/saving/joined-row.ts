import type { Database } from "../../database/database.ts";
import type { Field } from "../../fields/field.ts";
import { writeValue } from "../../fields/write-value.ts";
import { placeholder, quoteName } from "../../names.ts";
import { insertPlanFor } from "./insert-plan.ts";
import { insertColumns, paramsOf } from "./insert-row.ts";
import { stateOf } from "../rows/instance-state.ts";
import type { ModelMeta } from "../meta.ts";
import type { AnyRow } from "../rows/row.ts";
import { tablesOf } from "./update-row.ts";

/** Inserts a row of a child into its parents' tables and its own, in one transaction; they all have its key. */
export async function insertJoined(row: AnyRow, meta: ModelMeta, db: Database): Promise<void> {
  const tables = tablesOf(meta).reverse();
  const keys = tables.map((table) => table.primaryKey);
  const before = keys.map((key) => row[key.attname] as unknown);
  shareKey(row, keys);
  const columns = new Map<Field, unknown>();
  try {
    await db.transaction(async () => {
      for (const table of tables) {
        const stored = await writePart(row, table, { db, isParent: table !== meta.concrete.meta });
        table.localFields.forEach((field, i) => columns.set(field, stored[i]));
        shareKey(row, keys);
      }
    });
  } catch (error) {
    keys.forEach((key, i) => (row[key.attname] = before[i]));
    throw error;
  }
  row[stateOf].stored = meta.fields.map((field) => columns.get(field));
  row[stateOf].layout = undefined;
}

/** Every table has the same key; whichever is known is everyone's. */
function shareKey(row: AnyRow, keys: readonly Field[]): void {
  const known = keys.map((key) => row[key.attname] as unknown).find((value) => value !== null && value !== undefined);
  if (known !== undefined) for (const key of keys) row[key.attname] = known;
}

/** One table's columns. A parent that is there already is updated: a row becomes a child's by its key. */
async function writePart(
  row: AnyRow,
  table: ModelMeta,
  { db, isParent }: { db: Database; isParent: boolean },
): Promise<readonly unknown[]> {
  const key = table.primaryKey;
  const isKnown = row[key.attname] !== null && row[key.attname] !== undefined;
  const updated = isParent && isKnown ? await updatePart(row, table, db) : undefined;
  return updated ?? insertColumns(row, table, db);
}

async function updatePart(row: AnyRow, table: ModelMeta, db: Database): Promise<unknown[] | undefined> {
  const plan = insertPlanFor(row, table, db);
  const params = paramsOf(row, plan);
  const key = table.primaryKey;
  const sets = plan.fields.map((field, i) => `${quoteName(field.column)} = ${placeholder(db.dialect, i + 1)}`);
  const write = key.writer(db.dialect);
  const value = write === undefined ? row[key.attname] : writeValue(write, row[key.attname], key);
  const sql = `UPDATE ${quoteName(table.table)} SET ${sets.join(", ")} WHERE ${quoteName(key.column)} = ${placeholder(db.dialect, params.length + 1)}`;
  if ((await db.execute(sql, [...params, value])).rowCount === 0) return undefined;
  return plan.order.map((at) => params[at]);
}
