import type { Database } from "../database/database.ts";
import { tableLines } from "../migrations/schema/sqlite-table-lines.ts";
import { quoteName } from "../names.ts";
import { columnType } from "./column-type.ts";
import type {
  CheckDescription,
  ColumnDescription,
  ForeignKeyDescription,
  IndexDescription,
  TableDescription,
} from "./table-description.ts";

type Rows = Record<string, any>[];

/** Reads what SQLite knows of its tables. */
export async function describeSqlite(db: Database): Promise<TableDescription[]> {
  const found: Rows = await db.query(
    "SELECT name, type, sql FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
  );
  const tables: TableDescription[] = [];
  for (const { name, type, sql } of found) tables.push(await describeTable(db, { name, kind: type, sql: sql ?? "" }));
  return tables;
}

interface Found {
  readonly name: string;
  readonly kind: "table" | "view";
  readonly sql: string;
}

async function describeTable(db: Database, { name, kind, sql }: Found): Promise<TableDescription> {
  const columns: Rows = await db.query(`PRAGMA table_xinfo(${quoteName(name)})`);
  const keys = columns.filter(({ pk }) => pk > 0).sort((a, b) => a["pk"] - b["pk"]);
  const lines = tableLines(sql);
  const lineOf = (column: string) => lines.find((line) => line.column === column)?.sql ?? "";
  return {
    name,
    kind,
    columns: columns
      .filter(({ hidden }) => hidden !== 1)
      .map((column) => describeColumn(column, lineOf(column["name"]), keys.length)),
    primaryKey: keys.map((column) => column["name"] as string),
    foreignKeys: kind === "view" ? [] : await foreignKeys(db, name),
    indexes: kind === "view" ? [] : await indexes(db, name),
    checks: lines.flatMap((line) => checksOf(line.sql)),
    comment: undefined,
  };
}

function describeColumn(column: Rows[number], line: string, keys: number): ColumnDescription {
  const { type, sizes } = columnType(String(column["type"]));
  const generated = /\bGENERATED\s+ALWAYS\s+AS\s*\(([\s\S]*)\)\s*(STORED|VIRTUAL)?/i.exec(line) ?? undefined;
  return {
    name: column["name"] as string,
    type,
    sizes,
    null: column["notnull"] === 0 && column["pk"] === 0,
    defaultSql: column["dflt_value"] === null ? undefined : String(column["dflt_value"]),
    generated: generated && { sql: generated[1]!.trim(), stored: column["hidden"] === 3 },
    // An `integer` that alone is the key is the row's number, which SQLite allots.
    identity: column["pk"] === 1 && keys === 1 && type === "integer",
    comment: undefined,
  };
}

async function foreignKeys(db: Database, table: string): Promise<ForeignKeyDescription[]> {
  const rows: Rows = await db.query(`PRAGMA foreign_key_list(${quoteName(table)})`);
  const byId = Map.groupBy(rows, ({ id }) => id as number);
  const keys: ForeignKeyDescription[] = [];
  for (const parts of [...byId.values()].reverse()) {
    const [first] = parts;
    const target = first!["table"] as string;
    const named = parts.map(({ to }) => to as string | null);
    keys.push({
      columns: parts.map(({ from }) => from as string),
      table: target,
      targetColumns: named.includes(null) ? await primaryKeyOf(db, target) : (named as string[]),
      onDelete: first!["on_delete"] === "NO ACTION" ? undefined : (first!["on_delete"] as string),
    });
  }
  return keys;
}

/** A reference that names no columns leads to the primary key. */
async function primaryKeyOf(db: Database, table: string): Promise<string[]> {
  const columns: Rows = await db.query(`PRAGMA table_info(${quoteName(table)})`);
  return columns
    .filter(({ pk }) => pk > 0)
    .sort((a, b) => a["pk"] - b["pk"])
    .map(({ name }) => name as string);
}

async function indexes(db: Database, table: string): Promise<IndexDescription[]> {
  const list: Rows = await db.query(`PRAGMA index_list(${quoteName(table)})`);
  const found: IndexDescription[] = [];
  for (const { name, unique, origin, partial } of list.reverse()) {
    if (origin === "pk") continue;
    const columns: Rows = await db.query(`PRAGMA index_xinfo(${quoteName(name)})`);
    const [made] = await db.query("SELECT sql FROM sqlite_master WHERE type = 'index' AND name = ?", [name]);
    const sql = String(made?.["sql"] ?? "");
    found.push({
      name: name as string,
      columns: columns
        .filter(({ key }) => key === 1)
        .map((column) => (column["name"] === null ? undefined : `${column["desc"] ? "-" : ""}${column["name"]}`)),
      unique: unique === 1,
      condition: partial === 1 ? /\bWHERE\b([\s\S]*)$/i.exec(sql)?.[1]?.trim() : undefined,
      sql,
    });
  }
  return found;
}

function checksOf(line: string): CheckDescription[] {
  const found = /(?:CONSTRAINT\s+("(?:[^"]|"")+"|\w+)\s+)?\bCHECK\s*\(([\s\S]*)\)/i.exec(line);
  if (!found) return [];
  return [{ name: found[1]?.replace(/^"|"$/g, ""), sql: balanced(found[2]!) }];
}

/** What stands before the bracket that closes the check; a rule of the column may follow it. */
function balanced(text: string): string {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "(") depth++;
    if (text[i] === ")" && --depth < 0) return text.slice(0, i).trim();
  }
  return text.trim();
}
