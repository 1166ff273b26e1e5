import type { Database } from "../../database/database.ts";
import { quoteName } from "../../names.ts";
import { migrationErrors } from "../errors.ts";
import type { ColumnShape } from "./column-shape.ts";
import type { TableShape } from "./table-shape.ts";

interface Place {
  table: TableShape;
  column: ColumnShape;
}

/** Rows without a value keep a column from becoming required. @throws MIGRATIONS_NULLS_LEFT */
export async function refuseNulls(db: Database | undefined, { table, column }: Place): Promise<void> {
  const rows = await count(db, table, `${quoteName(column.name)} IS NULL`);
  if (rows > 0) throw migrationErrors.MIGRATIONS_NULLS_LEFT({ field: `${table.id}.${column.id}`, rows });
}

/** Runs a change of a column's type. @throws MIGRATIONS_UNFIT_VALUES where PostgreSQL finds a value that is none of it */
export async function refuseUnfit({ table, column, from }: Place & { from: string }, change: () => Promise<void>): Promise<void> {
  try {
    await change();
  } catch (error) {
    // Class 22 is about data: what cannot be read, is too long or out of range.
    const cause = (error as Error).cause as { code?: string; message?: string } | undefined;
    if (!cause?.code?.startsWith("22")) throw error;
    throw unfitValues({ table, column, from, reason: cause.message ?? "" });
  }
}

/** Values that are none of the new type keep a column from changing. @throws MIGRATIONS_UNFIT_VALUES */
export async function refuseUnfitRows(
  db: Database | undefined,
  place: Place & { from: string; unfit: string; source: string },
): Promise<void> {
  const { table, unfit, source } = place;
  const rows = await count(db, table, unfit);
  if (rows === 0) return;
  const [sample] = await db!.query(`SELECT ${source} AS value FROM ${quoteName(table.name)} WHERE ${unfit} LIMIT 1`);
  const reason = `${rows} row${rows === 1 ? " has" : "s have"} a value like ${JSON.stringify(sample!["value"])}`;
  throw unfitValues({ ...place, reason });
}

function unfitValues({ table, column, from, reason }: Place & { from: string; reason: string }): Error {
  return migrationErrors.MIGRATIONS_UNFIT_VALUES({ field: `${table.id}.${column.id}`, from, to: column.type, reason });
}

async function count(db: Database | undefined, table: TableShape, condition: string): Promise<number> {
  if (!db) return 0;
  const [row] = await db.query(`SELECT count(*) AS rows FROM ${quoteName(table.name)} WHERE ${condition}`);
  return Number(row!["rows"]);
}
