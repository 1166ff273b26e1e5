import type { Database } from "../../database/database.ts";
import { raiseIdentitySql } from "../../database/raise-identity.ts";
import { type Dialect, quoteName } from "../../names.ts";
import type { Operation, OperationContext } from "./operation.ts";

/** Where tables of another program are kept beside those of the project: a schema, or a beginning of their names. */
const asideName = "aside";

/** A table that was set aside, as SQL. */
function asideTable(table: string, dialect: Dialect): string {
  return dialect === "postgres" ? `${asideName}.${quoteName(table)}` : quoteName(`${asideName}_${table}`);
}

/** What `setTablesAside()` takes. */
export interface SetTablesAsideOptions {
  tables: readonly string[];
}

/**
 * Moves tables of another program out of the way, so that the project's own can have their names; `copyRows` reads them there.
 * PostgreSQL keeps them in the schema `aside`, SQLite with names that begin with `aside_`. Tables that a database does not have
 * are passed over, so that the migration does nothing in a new one.
 *
 * ```ts
 * setTablesAside({ tables: ["shop_coffee", "shop_roaster"] })
 * ```
 */
export function setTablesAside({ tables }: SetTablesAsideOptions): Operation {
  return {
    ...adopting("setTablesAside", { tables }),
    describe: () => `Set ${tables.length} table${tables.length === 1 ? "" : "s"} aside`,
    async forward({ editor }) {
      if (!editor.db) return editor.remark(`sets aside ${tables.join(", ")}, where they are`);
      const found = await existing(editor.db, tables, false);
      if (found.length > 0 && editor.dialect === "postgres") await editor.execute(`CREATE SCHEMA IF NOT EXISTS ${asideName}`);
      if (editor.dialect === "sqlite") await keepIndexes(editor.db, found);
      for (const table of found) await editor.execute(moveSql(table, editor.dialect));
    },
    async backward({ editor }) {
      if (!editor.db) return editor.remark(`brings back ${tables.join(", ")}`);
      const schema = editor.dialect === "postgres" ? await currentSchema(editor.db) : "";
      for (const table of await existing(editor.db, tables, true))
        await editor.execute(moveBackSql(table, editor.dialect, schema));
      if (editor.dialect === "sqlite") await bringIndexesBack(editor.db);
    },
  };
}

function moveSql(table: string, dialect: Dialect): string {
  if (dialect === "postgres") return `ALTER TABLE ${quoteName(table)} SET SCHEMA ${asideName}`;
  return `ALTER TABLE ${quoteName(table)} RENAME TO ${asideTable(table, dialect)}`;
}

function moveBackSql(table: string, dialect: Dialect, schema: string): string {
  if (dialect === "postgres") return `ALTER TABLE ${asideTable(table, dialect)} SET SCHEMA ${quoteName(schema)}`;
  return `ALTER TABLE ${asideTable(table, dialect)} RENAME TO ${quoteName(table)}`;
}

async function currentSchema(db: Database): Promise<string> {
  return String((await db.query("SELECT current_schema() AS name"))[0]!["name"]);
}

/** SQLite's indexes share one space of names, which the project's own are to have: what made them is kept, and they are dropped. */
async function keepIndexes(db: Database, tables: readonly string[]): Promise<void> {
  await db.execute(`CREATE TABLE IF NOT EXISTS ${asideName}_indexes (sql text NOT NULL)`);
  for (const table of tables) {
    const indexes = await db.query(
      "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL",
      [table],
    );
    for (const { name, sql } of indexes) {
      await db.execute(`INSERT INTO ${asideName}_indexes (sql) VALUES (?)`, [sql]);
      await db.execute(`DROP INDEX ${quoteName(String(name))}`);
    }
  }
}

async function bringIndexesBack(db: Database): Promise<void> {
  if (!(await isThere(db, "indexes", true))) return;
  for (const { sql } of await db.query(`SELECT sql FROM ${asideName}_indexes`)) await db.execute(String(sql));
  await db.execute(`DROP TABLE ${asideName}_indexes`);
}

/** Those of the tables that are there, or that were set aside. */
async function existing(db: Database, tables: readonly string[], aside: boolean): Promise<string[]> {
  const found: string[] = [];
  for (const table of tables) if (await isThere(db, table, aside)) found.push(table);
  return found;
}

async function isThere(db: Database, table: string, aside: boolean): Promise<boolean> {
  if (db.dialect === "postgres") {
    const name = aside ? asideTable(table, "postgres") : quoteName(table);
    return (await db.query("SELECT to_regclass($1) AS found", [name]))[0]!["found"] !== null;
  }
  const name = aside ? `${asideName}_${table}` : table;
  return (await db.query("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", [name])).length > 0;
}

/** How one table is filled. */
export interface RowsCopy {
  /** The table of the project that gets the rows. */
  to: string;
  /** The table that was set aside. */
  from: string;
  /** The columns that have another value than the column of the same name there, as SQL; `{shop_coffee}` stands for a table set aside. */
  values?: Readonly<Record<string, string>> | undefined;
  /** The columns that are taken over as they are. */
  columns?: readonly string[] | undefined;
  /** Which rows, as SQL; default all. */
  where?: string | undefined;
}

/** What `copyRows()` takes. */
export interface CopyRowsOptions {
  tables: readonly RowsCopy[];
}

/**
 * Fills tables with the rows of those that were set aside, all together: rows may refer to rows that come later. Where one is not
 * there, nothing happens.
 *
 * ```ts
 * copyRows({
 *   tables: [{ from: "shop_coffee", to: "shop_coffee", columns: ["id", "name"], values: { added: "replace(added, ' ', 'T')" } }],
 * })
 * ```
 */
export function copyRows({ tables }: CopyRowsOptions): Operation {
  return {
    ...adopting("copyRows", { tables }),
    describe: () => `Copy the rows of ${tables.length} table${tables.length === 1 ? "" : "s"}`,
    async forward({ editor }) {
      for (const copy of tables) if (!editor.db || (await isThere(editor.db, copy.from, true))) await copyTable(copy, editor);
    },
    async backward({ editor }) {
      for (const { to } of tables.toReversed()) await editor.execute(`DELETE FROM ${quoteName(to)}`);
    },
  };
}

async function copyTable(copy: RowsCopy, editor: OperationContext["editor"]): Promise<void> {
  await editor.execute(copySql(copy, editor));
  if (editor.dialect === "postgres" && columnsOf(copy).includes("id")) await editor.execute(raiseIdentitySql(copy.to, "id"));
}

function columnsOf({ columns = [], values = {} }: RowsCopy): string[] {
  return [...columns, ...Object.keys(values)];
}

function copySql(options: RowsCopy, { dialect }: OperationContext["editor"]): string {
  const { to, from, columns = [], values = {}, where } = options;
  const filled = (sql: string) => sql.replace(/\{(\w+)\}/g, (_, table: string) => asideTable(table, dialect));
  const selected = [...columns.map(quoteName), ...Object.values(values).map(filled)];
  const condition = where === undefined ? "" : ` WHERE ${filled(where)}`;
  return `INSERT INTO ${quoteName(to)} (${columnsOf(options).map(quoteName).join(", ")}) SELECT ${selected.join(", ")} FROM ${asideTable(from, dialect)}${condition}`;
}

/** What both have in common: tables change, and no model knows of it. */
function adopting(kind: string, options: object) {
  return {
    kind,
    options: options as Record<string, unknown>,
    symbol: "s" as const,
    fragment: undefined,
    reversible: true,
    elidable: true,
    applyToState: () => {},
  };
}
