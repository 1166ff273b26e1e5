import type { Database } from "../../database/database.ts";

/** The columns of a table that exists; none of one that does not. */
export async function existingColumns(db: Database, table: string): Promise<Set<string>> {
  const rows =
    db.dialect === "sqlite"
      ? await db.query("SELECT name FROM pragma_table_xinfo(?)", [table])
      : await db.query(
          "SELECT attname AS name FROM pg_attribute WHERE attrelid = to_regclass(quote_ident($1)) AND attnum > 0 AND NOT attisdropped",
          [table],
        );
  return new Set(rows.map((row) => String(row["name"])));
}
