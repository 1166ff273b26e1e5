import type { Database } from "../../database/database.ts";
import { quoteName } from "../../names.ts";
import { isConstraint } from "./shapes.ts";
import { tableLines } from "./sqlite-table-lines.ts";
import type { TableChange } from "./table-changes.ts";

/** What hangs on a table without any model knowing it: made by SQL of the project's own. */
export interface Attachments {
  /** Columns as lines of CREATE TABLE; `copied` is false for those that the database computes. */
  readonly columns: readonly { readonly name: string; readonly sql: string; readonly copied: boolean }[];
  /** Rules as lines of CREATE TABLE. */
  readonly rules: readonly string[];
  /** Statements that make its indexes and triggers again. */
  readonly statements: readonly string[];
  /** Whether its rows have numbers of their own, which search tables and the like may refer to. */
  readonly hasRowid: boolean;
}

export const noAttachments: Attachments = { columns: [], rules: [], statements: [], hasRowid: true };

/** Reads what a copy of the table would lose. Indexes over a removed column go with it. */
export async function readAttachments(db: Database, change: TableChange): Promise<Attachments> {
  const { from, to, removed } = change;
  const [table] = await db.query("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", [to.name]);
  const sql = String(table?.["sql"] ?? "");
  const lines = tableLines(sql);
  const known = new Set([...from.columns, ...to.columns].map((column) => column.name));
  const found = await db.query(`PRAGMA table_xinfo(${quoteName(to.name)})`);
  const gone = new Set(removed.map((column) => column.name));
  return {
    columns: found
      .filter((column) => !known.has(String(column["name"])))
      .map((column) => {
        const name = String(column["name"]);
        return { name, sql: lines.find((line) => line.column === name)?.sql ?? quoteName(name), copied: column["hidden"] === 0 };
      }),
    rules: lines.filter((line) => line.column === undefined && isForeignRule(line.sql, change, gone)).map((line) => line.sql),
    statements: await foreignStatements(db, change, gone),
    hasRowid: !/\bWITHOUT\s+ROWID\b/i.test(sql.slice(sql.lastIndexOf(")"))),
  };
}

/** A rule that no state has: not a key, not one of ours, and not over a column that goes. */
function isForeignRule(sql: string, { from, to }: TableChange, gone: ReadonlySet<string>): boolean {
  if (/^(?:CONSTRAINT\s+\S+\s+)?PRIMARY\b/i.test(sql)) return false;
  const name = /^CONSTRAINT\s+(?:"((?:[^"]|"")+)"|(\S+))/i.exec(sql);
  const own = [...from.constraints, ...to.constraints].map((part) => part.name);
  if (name && own.includes(name[1] ?? name[2]!)) return false;
  const words: readonly string[] = sql.match(/\w+/g) ?? [];
  if (words.some((word) => gone.has(word))) return false;
  const isReference = /^(?:CONSTRAINT\s+\S+\s+)?FOREIGN\b/i.test(sql);
  const references = to.columns.filter((column) =>
    to.constraints.some((part) => part.kind === "foreignKey" && part.columns.includes(column.id)),
  );
  return !isReference || !references.some((column) => words.includes(column.name));
}

async function foreignStatements(db: Database, { from, to }: TableChange, gone: ReadonlySet<string>): Promise<string[]> {
  const parts = [from, to].flatMap((table) => [...table.indexes, ...table.constraints]);
  const own = new Set(parts.filter((part) => !isConstraint(part)).map((part) => part.name));
  const rows = await db.query(
    "SELECT type, name, sql FROM sqlite_master WHERE tbl_name = ? AND type IN ('index', 'trigger') AND sql IS NOT NULL",
    [to.name],
  );
  const statements: string[] = [];
  for (const { type, name, sql } of rows) {
    if (type === "index" && own.has(String(name))) continue;
    const text = type === "index" ? String(sql).replace(/^.*?\bON\b/is, "") : "";
    const words: readonly string[] = text.match(/\w+/g) ?? [];
    if (!words.some((word) => gone.has(word))) statements.push(String(sql));
  }
  return statements;
}
