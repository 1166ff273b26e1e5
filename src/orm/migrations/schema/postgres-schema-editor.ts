import type { Database } from "../../database/database.ts";
import { quoteName } from "../../names.ts";
import type { SchemaEditor, SchemaHints } from "../operations/operation.ts";
import type { ProjectState } from "../project-state.ts";
import { columnNames, createIndexSql, fillSql, referencesSql } from "./sql-text.ts";
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
 * Brings PostgreSQL's tables from one state to another with ALTER. Foreign keys are set last and dropped
 * first, so that tables may refer to one another in any order.
 */
export class PostgresSchemaEditor implements SchemaEditor {
  readonly dialect = "postgres";
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
    const steps = changes.altered.map((change) => ({ change, parts: this.#parts(change, changes) }));
    for (const { change, parts } of steps) for (const part of parts.gone) await this.execute(dropPart(change.from, part));
    for (const table of changes.dropped)
      for (const part of table.constraints.filter(isForeignKey)) await this.execute(dropPart(table, part));
    for (const table of changes.dropped) await this.execute(`DROP TABLE ${quoteName(table.name)}`);
    for (const { change, parts } of steps) await this.#rename(change, parts.renamed);
    for (const table of changes.created) await this.#create(table);
    for (const { change } of steps) await this.#alterColumns(change, hints);
    const added = steps.flatMap(({ change, parts }) => parts.fresh.map((part) => ({ table: change.to, part })));
    const keys = changes.created.flatMap((table) => table.constraints.filter(isForeignKey).map((part) => ({ table, part })));
    for (const { table, part } of [...added, ...keys].sort(
      (a, b) => Number(isForeignKey(a.part)) - Number(isForeignKey(b.part)),
    )) {
      await this.execute(addPart(table, part));
    }
  }

  /** A foreign key whose column changes its type, on either end, is taken away and set again. */
  #parts(change: TableChange, changes: TableChanges): ReturnType<typeof partChanges> {
    const parts = partChanges(change, changes.rename);
    const retyped = new Set(
      changes.altered.flatMap(({ to, kept }) =>
        kept.filter((pair) => pair.from.type !== pair.to.type).map((pair) => `${to.id}.${pair.to.id}`),
      ),
    );
    const touched = (part: ConstraintShape): boolean =>
      retyped.has(`${part.target!.table}.${part.target!.column}`) ||
      part.columns.some((id) => retyped.has(`${change.to.id}.${id}`));
    const again = change.to.constraints.filter((part) => isForeignKey(part) && touched(part) && !parts.fresh.includes(part));
    const old = again.flatMap(
      (part) =>
        parts.renamed.find((pair) => pair.to === part)?.from ??
        change.from.constraints.find(({ name }) => name === part.name) ??
        [],
    );
    return {
      gone: [...parts.gone, ...old],
      fresh: [...parts.fresh, ...again],
      renamed: parts.renamed.filter((pair) => !again.includes(pair.to as ConstraintShape)),
    };
  }

  async #create(table: TableShape): Promise<void> {
    const columns = table.columns.map((column) => definition(column));
    const constraints = table.constraints.filter((part) => !isForeignKey(part)).map((part) => constraintSql(table, part));
    await this.execute(`CREATE TABLE ${quoteName(table.name)} (\n  ${[...columns, ...constraints].join(",\n  ")}\n)`);
    for (const index of table.indexes) await this.execute(createIndexSql(table, index));
  }

  async #rename({ from, to, kept }: TableChange, parts: readonly { from: PartShape; to: PartShape }[]): Promise<void> {
    const table = quoteName(to.name);
    if (from.name !== to.name) await this.execute(`ALTER TABLE ${quoteName(from.name)} RENAME TO ${table}`);
    for (const pair of kept) {
      if (pair.from.name === pair.to.name) continue;
      await this.execute(`ALTER TABLE ${table} RENAME COLUMN ${quoteName(pair.from.name)} TO ${quoteName(pair.to.name)}`);
    }
    for (const pair of parts) {
      const names = `${quoteName(pair.from.name)} TO ${quoteName(pair.to.name)}`;
      const what = isConstraint(pair.from)
        ? `TABLE ${table} RENAME CONSTRAINT ${names}`
        : `INDEX ${quoteName(pair.from.name)} RENAME TO ${quoteName(pair.to.name)}`;
      await this.execute(`ALTER ${what}`);
    }
  }

  async #alterColumns({ to, kept, added, removed }: TableChange, hints: SchemaHints): Promise<void> {
    const alter = (what: string): Promise<void> => this.execute(`ALTER TABLE ${quoteName(to.name)} ${what}`);
    for (const column of removed) await alter(`DROP COLUMN ${quoteName(column.name)}`);
    for (const column of added) {
      const fill = fillSql(to.id, column, { hints, dialect: this.dialect });
      await alter(`ADD COLUMN ${definition(column)}${fill === undefined || column.identity ? "" : ` DEFAULT ${fill}`}`);
      if (fill !== undefined && !column.identity) await alter(`ALTER COLUMN ${quoteName(column.name)} DROP DEFAULT`);
    }
    for (const pair of kept.filter((one) => !sameColumn(one.from, one.to))) {
      for (const sql of this.#columnChanges(to, pair, hints)) await this.execute(sql);
    }
  }

  #columnChanges(table: TableShape, { from, to }: { from: ColumnShape; to: ColumnShape }, hints: SchemaHints): string[] {
    const name = quoteName(to.name);
    const alter = (what: string): string => `ALTER TABLE ${quoteName(table.name)} ALTER COLUMN ${name} ${what}`;
    const statements: string[] = [];
    if (from.identity && !to.identity) statements.push(alter("DROP IDENTITY"));
    if (from.type !== to.type) statements.push(alter(`TYPE ${to.type} USING ${castSql(name, from.type, to.type)}`));
    if (!from.null && to.null) statements.push(alter("DROP NOT NULL"));
    if (from.null && !to.null) {
      const fill = fillSql(table.id, to, { hints, dialect: this.dialect });
      if (fill !== undefined) statements.push(`UPDATE ${quoteName(table.name)} SET ${name} = ${fill} WHERE ${name} IS NULL`);
      // A table with deferred checks waiting, which the UPDATE may leave, cannot be altered.
      statements.push("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED", alter("SET NOT NULL"));
    }
    if (!from.identity && to.identity)
      statements.push(alter("ADD GENERATED BY DEFAULT AS IDENTITY"), nextIdentity(table.name, to.name));
    return statements;
  }
}

function isForeignKey(part: PartShape): part is ConstraintShape {
  return isConstraint(part) && part.kind === "foreignKey";
}

function definition(column: ColumnShape): string {
  const identity = column.identity ? " GENERATED BY DEFAULT AS IDENTITY" : "";
  return `${quoteName(column.name)} ${column.type}${identity}${column.null ? "" : " NOT NULL"}`;
}

const numberTypes = /^(?:smallint|integer|bigint|numeric|double precision)/;

/** A column's values as another type; PostgreSQL itself has no way between most numbers and boolean. */
function castSql(name: string, from: string, to: string): string {
  if (to === "boolean" && numberTypes.test(from)) return `${name} <> 0`;
  if (from === "boolean" && numberTypes.test(to)) return `${name}::integer::${to}`;
  return `${name}::${to}`;
}

/** Numbers go on after the highest one in use. */
function nextIdentity(table: string, column: string): string {
  const [name, key] = [quoteName(table), quoteName(column)];
  return `SELECT setval(pg_get_serial_sequence('${name.replaceAll("'", "''")}', '${column}'), coalesce(max(${key}), 0) + 1, false) FROM ${name}`;
}

function constraintSql(table: TableShape, part: ConstraintShape): string {
  const head = `CONSTRAINT ${quoteName(part.name)}`;
  const columns = columnNames(table, part.columns);
  if (part.kind === "check") return `${head} CHECK (${part.sql})`;
  if (part.kind === "foreignKey") return `${head} FOREIGN KEY (${columns}) ${referencesSql(part)}`;
  return `${head} ${part.kind === "primaryKey" ? "PRIMARY KEY" : "UNIQUE"} (${columns})`;
}

function addPart(table: TableShape, part: PartShape): string {
  return isConstraint(part)
    ? `ALTER TABLE ${quoteName(table.name)} ADD ${constraintSql(table, part)}`
    : createIndexSql(table, part);
}

function dropPart(table: TableShape, part: PartShape): string {
  return isConstraint(part)
    ? `ALTER TABLE ${quoteName(table.name)} DROP CONSTRAINT ${quoteName(part.name)}`
    : `DROP INDEX ${quoteName(part.name)}`;
}
