import type { Database } from "../../database/database.ts";
import { quoteName } from "../../names.ts";
import type { ColumnShape, TableShape } from "./table-shape.ts";

/** What hangs on a table without any model knowing it: made by SQL of the project's own. */
export interface Attachments {
  readonly columns: readonly { readonly name: string; readonly sql: string }[];
  /** Statements that make its indexes and triggers again. */
  readonly statements: readonly string[];
}

export const noAttachments: Attachments = { columns: [], statements: [] };

interface RebuiltTable {
  from: TableShape;
  to: TableShape;
  removed: readonly ColumnShape[];
}

/** Reads what a copy of the table would lose. Indexes over a removed column go with it. */
export async function readAttachments(db: Database, { from, to, removed }: RebuiltTable): Promise<Attachments> {
  const known = new Set([...from.columns, ...to.columns].map((column) => column.name));
  const found = await db.query(`PRAGMA table_info(${quoteName(to.name)})`);
  const columns = found.filter((column) => !known.has(String(column["name"]))).map(foreignColumn);
  return { columns, statements: await foreignStatements(db, { from, to, removed }) };
}

function foreignColumn(column: Record<string, unknown>): Attachments["columns"][number] {
  const name = String(column["name"]);
  const fallback = column["dflt_value"] === null ? "" : ` DEFAULT ${String(column["dflt_value"])}`;
  return { name, sql: `${quoteName(name)} ${String(column["type"])}${column["notnull"] ? " NOT NULL" : ""}${fallback}` };
}

async function foreignStatements(db: Database, { from, to, removed }: RebuiltTable): Promise<string[]> {
  const own = new Set([from, to].flatMap((table) => [...table.indexes, ...table.constraints].map((part) => part.name)));
  const gone = new Set(removed.map((column) => column.name));
  const rows = await db.query(
    "SELECT type, name, sql FROM sqlite_master WHERE tbl_name = ? AND type IN ('index', 'trigger') AND sql IS NOT NULL",
    [to.name],
  );
  const statements: string[] = [];
  for (const { type, name, sql } of rows) {
    if (own.has(String(name))) continue;
    const covered = type === "index" ? await db.query(`PRAGMA index_info(${quoteName(String(name))})`) : [];
    if (!covered.some((column) => gone.has(String(column["name"])))) statements.push(String(sql));
  }
  return statements;
}
