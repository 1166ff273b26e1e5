import type { Database } from "../database/database.ts";
import type { ModelClass } from "../model/model-class.ts";
import { quoteName } from "../names.ts";
import { serializationErrors } from "./errors.ts";

/** Looks, before the transaction is committed, whether the rows of these models refer to rows that are there. @throws SERIALIZATION_BROKEN_REFERENCE */
export async function checkReferences(db: Database, models: Iterable<ModelClass>): Promise<void> {
  if (db.dialect === "sqlite") for (const { meta } of models) await checkTable(db, meta.table);
  else await settleConstraints(db);
}

/** PostgreSQL checks references at the end of a transaction, or when it is told to. */
async function settleConstraints(db: Database): Promise<void> {
  try {
    await db.script("SET CONSTRAINTS ALL IMMEDIATE");
  } catch (cause) {
    const { code, message, detail } = cause as { code?: string; message: string; detail?: string };
    if (code !== "ORM_INTEGRITY") throw cause;
    throw serializationErrors.SERIALIZATION_BROKEN_REFERENCE({ reference: detail ?? message, cause });
  }
}

async function checkTable(db: Database, table: string): Promise<void> {
  const broken = await db.query(`PRAGMA foreign_key_check(${quoteName(table)})`);
  const first = broken[0] as { rowid: number; parent: string; fkid: number } | undefined;
  if (first === undefined) return;
  const keys = (await db.query(`PRAGMA foreign_key_list(${quoteName(table)})`)) as { id: number; from: string }[];
  const column = keys.find(({ id }) => id === first.fkid)!.from;
  const [row] = await db.query(`SELECT ${quoteName(column)} AS value FROM ${quoteName(table)} WHERE rowid = ?`, [first.rowid]);
  const reference = `${table}.${column} is ${String(row!["value"])} in row ${first.rowid}, and ${first.parent} has no such row`;
  throw serializationErrors.SERIALIZATION_BROKEN_REFERENCE({ reference });
}
