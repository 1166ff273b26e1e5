import type { Database } from "../../database/database.ts";
import { quoteName } from "../../names.ts";
import type { SchemaEditor, SchemaHints } from "../operations/operation.ts";
import type { ProjectState } from "../project-state.ts";
import { createIndexSql, fillSql, referencesSql } from "./sql-text.ts";
import { type Attachments, noAttachments, readAttachments } from "./sqlite-attachments.ts";
import {
  isConstraint,
  type PartShape,
  partChanges,
  sameColumn,
  type TableChange,
  tableChanges,
  type TableChanges,
} from "./table-changes.ts";
import type { ColumnShape, ConstraintShape, TableShape } from "./table-shape.ts";

/**
 * Brings SQLite's tables from one state to another. SQLite alters little: columns are added, dropped and
 * renamed in place where it can, everything else copies the table into a new one with the same rows, numbering,
 * indexes, triggers and columns that no model knows. Unique constraints are unique indexes, so that
 * they come and go without a copy. Foreign keys must be off meanwhile; the executor sees to it.
 */
export class SqliteSchemaEditor implements SchemaEditor {
  readonly dialect = "sqlite";
  readonly db: Database | undefined;
  readonly execute: (sql: string) => Promise<void>;
  readonly remark: (text: string) => void;

  constructor({ db, execute, remark }: Pick<SchemaEditor, "db" | "execute" | "remark">) {
    this.db = db;
    this.execute = execute;
    this.remark = remark;
  }

  async transform(from: ProjectState, to: ProjectState, hints: SchemaHints): Promise<void> {
    const changes = tableChanges(from, to, { hints, dialect: this.dialect });
    for (const table of changes.dropped) await this.execute(`DROP TABLE ${quoteName(table.name)}`);
    for (const table of changes.created) await this.#create(table, table.name, noAttachments);
    for (const table of changes.created) for (const sql of indexesOf(table)) await this.execute(sql);
    for (const change of changes.altered) await this.#alter(change, changes, hints);
  }

  async #create(table: TableShape, name: string, { columns }: Attachments): Promise<void> {
    const lines = [...table.columns.map((column) => definition(table, column)), ...columns.map((column) => column.sql)];
    const checks = table.constraints
      .filter((part) => part.kind === "check")
      .map((part) => `CONSTRAINT ${quoteName(part.name)} CHECK (${part.sql})`);
    await this.execute(`CREATE TABLE ${quoteName(name)} (\n  ${[...lines, ...checks].join(",\n  ")}\n)`);
  }

  async #alter(change: TableChange, changes: TableChanges, hints: SchemaHints): Promise<void> {
    const { from, to, kept } = change;
    const parts = partChanges(change, changes.rename);
    for (const part of [...parts.gone, ...parts.renamed.map((pair) => pair.from)].filter(isIndex)) {
      await this.execute(`DROP INDEX ${quoteName(part.name)}`);
    }
    if (from.name !== to.name) await this.execute(`ALTER TABLE ${quoteName(from.name)} RENAME TO ${quoteName(to.name)}`);
    for (const pair of kept) {
      if (pair.from.name === pair.to.name) continue;
      await this.execute(
        `ALTER TABLE ${quoteName(to.name)} RENAME COLUMN ${quoteName(pair.from.name)} TO ${quoteName(pair.to.name)}`,
      );
    }
    if (mustRebuild(change, [...parts.gone, ...parts.fresh])) return this.#rebuild(change, hints);
    await this.#alterInPlace(change, hints);
    for (const part of [...parts.fresh, ...parts.renamed.map((pair) => pair.to)].filter(isIndex)) {
      await this.execute(createIndexSql(to, part, isConstraint(part)));
    }
  }

  async #alterInPlace({ to, added, removed }: TableChange, hints: SchemaHints): Promise<void> {
    const table = quoteName(to.name);
    for (const column of removed) await this.execute(`ALTER TABLE ${table} DROP COLUMN ${quoteName(column.name)}`);
    for (const column of added) {
      await this.execute(`ALTER TABLE ${table} ADD COLUMN ${definition(to, column)}`);
      const fill = fillSql(to.id, column, { hints, dialect: this.dialect });
      if (fill !== undefined) await this.execute(`UPDATE ${table} SET ${quoteName(column.name)} = ${fill}`);
    }
  }

  /** The table under its new name, copied row by row into one of the wanted shape. */
  async #rebuild(change: TableChange, hints: SchemaHints): Promise<void> {
    const { from, to, removed } = change;
    const attachments = this.db ? await readAttachments(this.db, { from, to, removed }) : noAttachments;
    const [table, copy] = [quoteName(to.name), quoteName(`new__${to.name}`)];
    const columns = [
      ...this.#copiedColumns(change, hints),
      ...attachments.columns.map(({ name }) => [quoteName(name), quoteName(name)] as const),
    ];
    await this.#create(to, `new__${to.name}`, attachments);
    const [names, values] = [columns.map(([name]) => name).join(", "), columns.map(([, value]) => value).join(", ")];
    await this.execute(`INSERT INTO ${copy} (${names}) SELECT ${values} FROM ${table}`);
    if (from.columns.some((column) => column.identity) && to.columns.some((column) => column.identity)) {
      for (const sql of keepNumbering(to.name)) await this.execute(sql);
    }
    await this.execute(`DROP TABLE ${table}`);
    // Without it, renaming fails on views and triggers of other tables that mention the dropped table.
    await this.execute("PRAGMA legacy_alter_table = ON");
    await this.execute(`ALTER TABLE ${copy} RENAME TO ${table}`);
    await this.execute("PRAGMA legacy_alter_table = OFF");
    for (const sql of [...indexesOf(to), ...attachments.statements]) await this.execute(sql);
  }

  #copiedColumns({ to, kept, added }: TableChange, hints: SchemaHints): (readonly [name: string, value: string])[] {
    const fill = (column: ColumnShape): string | undefined => fillSql(to.id, column, { hints, dialect: this.dialect });
    const copied = kept.map((pair) => {
      const name = quoteName(pair.to.name);
      const value = pair.from.null && !pair.to.null ? fill(pair.to) : undefined;
      return [name, value === undefined ? name : `coalesce(${name}, ${value})`] as const;
    });
    const filled = added
      .filter((column) => !column.identity)
      .map((column) => [quoteName(column.name), fill(column) ?? "NULL"] as const);
    return [...copied, ...filled];
  }
}

function isIndex(part: PartShape): boolean {
  return !isConstraint(part) || part.kind === "unique";
}

/** SQLite adds a column in place when it may be NULL, and drops one that nothing refers to. */
function mustRebuild({ kept, added, removed, from }: TableChange, parts: readonly PartShape[]): boolean {
  const inline = (id: string): boolean => from.constraints.some((part) => part.columns.includes(id) && part.kind !== "unique");
  const inlineParts = parts.filter((part): part is ConstraintShape => !isIndex(part) && isConstraint(part));
  return (
    kept.some((pair) => !sameColumn(pair.from, pair.to)) ||
    added.some((column) => !column.null || column.identity) ||
    removed.some((column) => inline(column.id)) ||
    (removed.length > 0 && from.constraints.some((part) => part.kind === "check")) ||
    inlineParts.some((part) => part.kind !== "foreignKey" || !added.some((column) => part.columns.includes(column.id)))
  );
}

function definition(table: TableShape, column: ColumnShape): string {
  const own = table.constraints.filter((part) => part.columns.includes(column.id));
  const key = own.some((part) => part.kind === "primaryKey") ? ` PRIMARY KEY${column.identity ? " AUTOINCREMENT" : ""}` : "";
  const reference = own.find((part) => part.kind === "foreignKey");
  return `${quoteName(column.name)} ${column.type}${column.null ? "" : " NOT NULL"}${key}${reference ? ` ${referencesSql(reference)}` : ""}`;
}

function indexesOf(table: TableShape): string[] {
  const unique = table.constraints.filter((part) => part.kind === "unique").map((part) => createIndexSql(table, part, true));
  return [...unique, ...table.indexes.map((index) => createIndexSql(table, index))];
}

/** The highest number ever given stays, so that a deleted row's number is not given again. */
function keepNumbering(table: string): string[] {
  const name = (text: string): string => `'${text.replaceAll("'", "''")}'`;
  return [
    `DELETE FROM sqlite_sequence WHERE name = ${name(`new__${table}`)}`,
    `INSERT INTO sqlite_sequence (name, seq) SELECT ${name(`new__${table}`)}, seq FROM sqlite_sequence WHERE name = ${name(table)}`,
  ];
}
