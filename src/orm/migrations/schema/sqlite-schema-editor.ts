import { quoteName, quoteText } from "../../names.ts";
import type { SchemaHints } from "../operations/operation.ts";
import type { ProjectState } from "../state/project-state.ts";
import type { ColumnShape } from "./column-shape.ts";
import { type ConstraintShape, isConstraint, isForeignKey, type PartShape } from "./shapes.ts";
import { columnNames, createIndexSql, fillSql, referencesSql } from "./sql-text.ts";
import { type Attachments, noAttachments, readAttachments } from "./sqlite-attachments.ts";
import { sqliteCast } from "./sqlite-casts.ts";
import { brokenDependents, refuseBroken } from "./sqlite-dependents.ts";
import { type KeptColumn, type PartChanges, sameColumn, type TableChange } from "./table-changes.ts";
import { TableEditor } from "./table-editor.ts";
import type { TableShape } from "./table-shape.ts";
import { refuseNulls, refuseUnfitRows } from "./value-guards.ts";

/**
 * Brings SQLite's tables from one state to another. SQLite alters little: columns are added and renamed in
 * place where it can, everything else copies the table into a new one with the same rows, numbering, indexes,
 * triggers, and columns and rules that no model knows. Unique constraints are unique indexes, so that
 * they come and go without a copy. Foreign keys must be off meanwhile; the executor sees to it.
 */
export class SqliteSchemaEditor extends TableEditor {
  readonly dialect = "sqlite";

  override async transform(from: ProjectState, to: ProjectState, hints: SchemaHints): Promise<void> {
    const before = await brokenDependents(this.db);
    await super.transform(from, to, hints);
    refuseBroken(before, await brokenDependents(this.db));
  }

  protected override createTable(table: TableShape): Promise<void> {
    return this.execute(createTableSql(table, table.name, noAttachments));
  }

  protected override async dropPart(_table: TableShape, part: PartShape): Promise<void> {
    if (!isConstraint(part)) await this.execute(`DROP INDEX ${quoteName(part.name)}`);
  }

  protected override async addPart(table: TableShape, part: PartShape): Promise<void> {
    if (!isConstraint(part)) await this.execute(createIndexSql(table, part));
  }

  protected override async renamePart(table: TableShape, { from, to }: PartChanges["renamed"][number]): Promise<void> {
    await this.dropPart(table, from);
    await this.addPart(table, to);
  }

  protected override async settle(): Promise<void> {}

  protected override async alterColumns(change: TableChange, hints: SchemaHints): Promise<void> {
    if (mustRebuild(change)) return this.#rebuild(change, hints);
    const { to, added } = change;
    const table = quoteName(to.name);
    for (const column of added) {
      await this.execute(`ALTER TABLE ${table} ADD COLUMN ${definition(to, column)}`);
      const fill = column.generated ? undefined : fillSql(to.id, column, { hints, dialect: this.dialect });
      if (fill !== undefined && fill !== column.default)
        await this.execute(`UPDATE ${table} SET ${quoteName(column.name)} = ${fill}`);
    }
  }

  /** The table under its new name, copied row by row into one of the wanted shape. */
  async #rebuild(change: TableChange, hints: SchemaHints): Promise<void> {
    const { from, to, parts } = change;
    const attachments = this.db ? await readAttachments(this.db, change) : noAttachments;
    const [table, copy] = [quoteName(to.name), quoteName(copyName(to))];
    const columns = await this.#copiedColumns(change, hints);
    for (const { name, copied } of attachments.columns) if (copied) columns.push([quoteName(name), quoteName(name)]);
    const rowid = attachments.hasRowid ? rowNumber(change, attachments) : undefined;
    if (rowid !== undefined) columns.unshift([rowid, rowid]);
    await this.execute(createTableSql(to, copyName(to), attachments));
    const [names, values] = [columns.map(([name]) => name).join(", "), columns.map(([, value]) => value).join(", ")];
    await this.execute(`INSERT INTO ${copy} (${names}) SELECT ${values} FROM ${table}`);
    if (isNumbered(from) && isNumbered(to)) for (const sql of keepNumbering(to)) await this.execute(sql);
    await this.execute(`DROP TABLE ${table}`);
    // Without it, renaming fails on views and triggers of other tables that mention the dropped table.
    await this.execute("PRAGMA legacy_alter_table = ON");
    await this.execute(`ALTER TABLE ${copy} RENAME TO ${table}`);
    await this.execute("PRAGMA legacy_alter_table = OFF");
    const kept = to.indexes.filter((index) => !parts.fresh.includes(index));
    for (const sql of [...kept.map((index) => createIndexSql(to, index)), ...attachments.statements]) await this.execute(sql);
  }

  async #copiedColumns({ to, kept, added }: TableChange, hints: SchemaHints): Promise<[name: string, value: string][]> {
    const fill = (column: ColumnShape): string | undefined => fillSql(to.id, column, { hints, dialect: this.dialect });
    const columns: [name: string, value: string][] = [];
    for (const pair of kept.filter((one) => !one.to.generated)) {
      const value = await this.#convertedValue(to, pair);
      const missing = pair.from.null && !pair.to.null ? fill(pair.to) : undefined;
      if (pair.from.null && !pair.to.null && missing === undefined) await refuseNulls(this.db, { table: to, column: pair.to });
      columns.push([quoteName(pair.to.name), missing === undefined ? value : `coalesce(${value}, ${missing})`]);
    }
    for (const column of added.filter((one) => !one.identity && !one.generated)) {
      columns.push([quoteName(column.name), fill(column) ?? "NULL"]);
    }
    return columns;
  }

  /** A kept column's value in its new type. @throws MIGRATIONS_UNFIT_VALUES */
  async #convertedValue(table: TableShape, { from, to }: KeptColumn): Promise<string> {
    const source = quoteName(to.name);
    if (from.type === to.type) return source;
    const { value, unfit } = sqliteCast(source, from.type, to.type);
    if (unfit !== undefined) await refuseUnfitRows(this.db, { table, column: to, from: from.type, unfit, source });
    return value;
  }
}

/** SQLite adds a column in place when the rows that exist need no more than a constant; all else copies the table. */
function mustRebuild(change: TableChange): boolean {
  const { kept, added, removed, parts } = change;
  const isNewReference = (part: PartShape): boolean =>
    isForeignKey(part) && part.columns.every((id) => added.some((column) => column.id === id && column.default === undefined));
  return (
    removed.length > 0 ||
    kept.some((pair) => !sameColumn(pair, change)) ||
    added.some((column) => !canBeAdded(column)) ||
    parts.gone.some(isConstraint) ||
    parts.fresh.some((part) => isConstraint(part) && !isNewReference(part)) ||
    parts.renamed.some(({ to }) => isConstraint(to) && to.kind === "check")
  );
}

function canBeAdded(column: ColumnShape): boolean {
  if (column.identity || column.generated?.stored) return false;
  if (column.default !== undefined) return isConstant(column.default);
  return column.null;
}

function isConstant(sql: string): boolean {
  return /^(?:-?[\d.]+|X?'(?:[^']|'')*'|NULL)$/i.test(sql);
}

function createTableSql(table: TableShape, name: string, { columns, rules }: Attachments): string {
  const own = table.columns.map((column) => definition(table, column));
  const key = table.constraints.filter((part) => part.kind === "primaryKey" && part.columns.length > 1);
  const keys = key.map((part) => `CONSTRAINT ${quoteName(part.name)} PRIMARY KEY (${columnNames(table, part.columns)})`);
  const checks = table.constraints.filter((part) => part.kind === "check").map(checkSql);
  return `CREATE TABLE ${quoteName(name)} (\n  ${[...own, ...columns.map(({ sql }) => sql), ...keys, ...checks, ...rules].join(",\n  ")}\n)`;
}

function checkSql(part: ConstraintShape): string {
  return `CONSTRAINT ${quoteName(part.name)} CHECK (${part.sql})`;
}

function definition(table: TableShape, column: ColumnShape): string {
  const own = table.constraints.filter((part) => part.columns.includes(column.id));
  const isKey = own.some((part) => part.kind === "primaryKey" && part.columns.length === 1);
  const reference = own.find(isForeignKey);
  const { generated, collation } = column;
  return [
    quoteName(column.name),
    column.type,
    collation !== undefined && `COLLATE ${quoteName(collation)}`,
    !column.null && "NOT NULL",
    isKey && `PRIMARY KEY${column.identity ? " AUTOINCREMENT" : ""}`,
    column.default !== undefined && `DEFAULT ${isConstant(column.default) ? column.default : `(${column.default})`}`,
    generated && `GENERATED ALWAYS AS (${generated.sql}) ${generated.stored ? "STORED" : "VIRTUAL"}`,
    reference && referencesSql(reference),
  ]
    .filter((part) => typeof part === "string")
    .join(" ");
}

function copyName(table: TableShape): string {
  return `new__${table.name}`;
}

function isNumbered(table: TableShape): boolean {
  return table.columns.some((column) => column.identity);
}

/** The name under which rows that have no integer key are numbered; undefined where the key is that number. */
function rowNumber({ from, to }: TableChange, { columns }: Attachments): string | undefined {
  if ([from, to].some(hasRowKey)) return undefined;
  const taken = new Set([...from.columns, ...to.columns, ...columns].map(({ name }) => name.toLowerCase()));
  return ["rowid", "_rowid_", "oid"].find((name) => !taken.has(name));
}

function hasRowKey(table: TableShape): boolean {
  const key = table.constraints.find((part) => part.kind === "primaryKey");
  return key?.columns.length === 1 && table.columns.some(({ id, type }) => id === key.columns[0] && type === "integer");
}

/** The highest number ever given stays, so that a deleted row's number is not given again. */
function keepNumbering(table: TableShape): string[] {
  const copy = quoteText(copyName(table));
  return [
    `DELETE FROM sqlite_sequence WHERE name = ${copy}`,
    `INSERT INTO sqlite_sequence (name, seq) SELECT ${copy}, seq FROM sqlite_sequence WHERE name = ${quoteText(table.name)}`,
  ];
}
