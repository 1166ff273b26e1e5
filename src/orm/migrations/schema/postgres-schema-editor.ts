import { namesIn } from "../../model/rules/schema-sql.ts";
import { quoteName, quoteText } from "../../names.ts";
import { raiseIdentitySql } from "../../database/raise-identity.ts";
import { migrationErrors } from "../errors.ts";
import type { SchemaHints } from "../operations/operation.ts";
import type { ColumnShape } from "./column-shape.ts";
import { postgresCast } from "./postgres-casts.ts";
import { isConstraint, isForeignKey, type ConstraintShape, type PartShape } from "./shapes.ts";
import { columnNames, createIndexSql, fillSql, keyList, referencesSql } from "./sql-text.ts";
import { type KeptColumn, type PartChanges, sameColumn, type TableChange, type TableChanges } from "./table-changes.ts";
import { TableEditor } from "./table-editor.ts";
import type { TableShape } from "./table-shape.ts";
import { refuseNulls, refuseUnfit } from "./value-guards.ts";

/** Brings PostgreSQL's tables from one state to another with ALTER. */
export class PostgresSchemaEditor extends TableEditor {
  readonly dialect = "postgres";

  /** Set again are foreign keys whose column changes its type on either end, what says SQL of such a column, and what covers one that is made anew. */
  protected override partsOf(change: TableChange, changes: TableChanges): PartChanges {
    const { parts, from, to } = change;
    const retyped = new Set(
      changes.altered.flatMap((one) => one.kept.filter(isRetyped).map((pair) => `${one.to.id}.${pair.to.id}`)),
    );
    const remade = change.kept.filter((pair) => isRemade(pair, change)).map((pair) => pair.to);
    const changed = change.kept.filter(isRetyped).map((pair) => pair.to);
    const touched = (part: PartShape): boolean => {
      if (remade.some((column) => covers(part, column))) return true;
      if (changed.some(({ name }) => textsOf(part).some((sql) => mentions(sql, name)))) return true;
      if (!isForeignKey(part)) return false;
      const ends = [
        ...part.columns.map((id) => `${to.id}.${id}`),
        ...part.target!.columns.map((id) => `${part.target!.table}.${id}`),
      ];
      return ends.some((end) => retyped.has(end));
    };
    const again = partsOfTable(to).filter((part) => touched(part) && !parts.fresh.includes(part));
    const old = again.flatMap(
      (part) =>
        parts.renamed.find((pair) => pair.to === part)?.from ?? partsOfTable(from).find(({ name }) => name === part.name) ?? [],
    );
    return {
      gone: [...parts.gone, ...old],
      fresh: [...parts.fresh, ...again],
      renamed: parts.renamed.filter((pair) => !again.includes(pair.to)),
    };
  }

  protected override async createTable(table: TableShape): Promise<void> {
    await this.#refuseVirtual(table, table.columns);
    const columns = table.columns.map(definition);
    const constraints = table.constraints.filter((part) => !isForeignKey(part)).map((part) => constraintSql(table, part));
    await this.execute(`CREATE TABLE ${quoteName(table.name)} (\n  ${[...columns, ...constraints].join(",\n  ")}\n)`);
  }

  /** The sequence behind a key keeps the name that it would have in a new table. */
  protected override async renameTable(from: TableShape, to: TableShape): Promise<void> {
    await super.renameTable(from, to);
    for (const { name } of from.columns.filter((column) => column.identity)) {
      const [before, after] = [`${from.name}_${name}_seq`, `${to.name}_${name}_seq`];
      if (before.length > 63 || after.length > 63) continue;
      await this.execute(`ALTER SEQUENCE IF EXISTS ${quoteName(before)} RENAME TO ${quoteName(after)}`);
    }
  }

  protected override async renamePart({ name }: TableShape, { from, to }: PartChanges["renamed"][number]): Promise<void> {
    const names = `${quoteName(from.name)} TO ${quoteName(to.name)}`;
    if (isConstraint(from)) await this.execute(`ALTER TABLE ${quoteName(name)} RENAME CONSTRAINT ${names}`);
    else await this.execute(`ALTER INDEX ${quoteName(from.name)} RENAME TO ${quoteName(to.name)}`);
  }

  protected override async addPart(table: TableShape, part: PartShape): Promise<void> {
    if (isConstraint(part)) await this.execute(`ALTER TABLE ${quoteName(table.name)} ADD ${constraintSql(table, part)}`);
    else await this.execute(createIndexSql(table, part));
  }

  protected override async dropPart(table: TableShape, part: PartShape): Promise<void> {
    if (isConstraint(part)) await this.execute(`ALTER TABLE ${quoteName(table.name)} DROP CONSTRAINT ${quoteName(part.name)}`);
    else await this.execute(`DROP INDEX ${quoteName(part.name)}`);
  }

  protected override async alterColumns(change: TableChange, hints: SchemaHints): Promise<void> {
    const { to, kept, added, removed } = change;
    const remade = kept.filter((pair) => isRemade(pair, change));
    await this.#refuseVirtual(to, [...added, ...remade.map((pair) => pair.to)]);
    const changed = kept.filter((pair) => !remade.includes(pair) && !sameColumn(pair, change));
    for (const { name } of [...removed.toSorted(generatedFirst), ...remade.map((pair) => pair.to)]) {
      await this.execute(`ALTER TABLE ${quoteName(to.name)} DROP COLUMN ${quoteName(name)}`);
    }
    for (const column of added.filter((one) => !one.generated)) await this.#addColumn(to, column, hints);
    for (const pair of changed) await this.#changeColumn(to, pair, hints);
    for (const column of [...added.filter((one) => one.generated), ...remade.map((pair) => pair.to)]) {
      await this.execute(`ALTER TABLE ${quoteName(to.name)} ADD COLUMN ${definition(column)}`);
    }
  }

  async #addColumn(table: TableShape, column: ColumnShape, hints: SchemaHints): Promise<void> {
    const alter = `ALTER TABLE ${quoteName(table.name)}`;
    const fill = column.identity ? undefined : fillSql(table.id, column, { hints, dialect: this.dialect });
    if (fill === undefined || fill === column.default) return this.execute(`${alter} ADD COLUMN ${definition(column)}`);
    await this.execute(`${alter} ADD COLUMN ${definition({ ...column, default: fill })}`);
    const after = column.default === undefined ? "DROP DEFAULT" : `SET DEFAULT ${column.default}`;
    await this.execute(`${alter} ALTER COLUMN ${quoteName(column.name)} ${after}`);
  }

  async #changeColumn(table: TableShape, { from, to }: KeptColumn, hints: SchemaHints): Promise<void> {
    const name = quoteName(to.name);
    const alter = (what: string): Promise<void> =>
      this.execute(`ALTER TABLE ${quoteName(table.name)} ALTER COLUMN ${name} ${what}`);
    if (from.generated) await alter("DROP EXPRESSION");
    if (from.identity && !to.identity) await alter("DROP IDENTITY");
    const isRetyping = isRetyped({ from, to });
    if (from.default !== undefined && (isRetyping || to.default === undefined)) await alter("DROP DEFAULT");
    if (isRetyping) {
      const collation = to.collation === undefined ? "" : ` COLLATE ${quoteName(to.collation)}`;
      const using = postgresCast(name, from.type, to.type);
      await refuseUnfit({ table, column: to, from: from.type }, () =>
        alter(`TYPE ${to.type}${collation}${using === undefined ? "" : ` USING ${using}`}`),
      );
    }
    if (to.default !== undefined && (isRetyping || to.default !== from.default)) await alter(`SET DEFAULT ${to.default}`);
    if (!from.null && to.null) await alter("DROP NOT NULL");
    if (from.null && !to.null) await this.#requireValues(table, to, hints);
    if (!from.identity && to.identity) {
      await alter("ADD GENERATED BY DEFAULT AS IDENTITY");
      await this.execute(raiseIdentitySql(table.name, to.name));
    }
  }

  async #requireValues(table: TableShape, column: ColumnShape, hints: SchemaHints): Promise<void> {
    const [owner, name] = [quoteName(table.name), quoteName(column.name)];
    const fill = fillSql(table.id, column, { hints, dialect: this.dialect });
    if (fill === undefined) await refuseNulls(this.db, { table, column });
    else await this.execute(`UPDATE ${owner} SET ${name} = ${fill} WHERE ${name} IS NULL`);
    // A table with deferred checks waiting, which the UPDATE may leave, cannot be altered.
    await this.execute("SET CONSTRAINTS ALL IMMEDIATE");
    await this.execute("SET CONSTRAINTS ALL DEFERRED");
    await this.execute(`ALTER TABLE ${owner} ALTER COLUMN ${name} SET NOT NULL`);
  }

  /** PostgreSQL computes generated columns on reading since version 18. @throws MIGRATIONS_UNSUPPORTED */
  async #refuseVirtual({ id }: TableShape, columns: readonly ColumnShape[]): Promise<void> {
    const virtual = columns.find(({ generated }) => generated?.stored === false);
    if (!virtual || !this.db) return;
    const [row] = await this.db.query("SELECT current_setting('server_version_num')::integer AS version");
    if (Number(row!["version"]) >= 180_000) return;
    throw migrationErrors.MIGRATIONS_UNSUPPORTED({
      what: `${id}.${virtual.id} is computed whenever it is read, which PostgreSQL has since version 18`,
      hint: "Let the database keep it: generated({ …, stored: true }).",
    });
  }

  protected override async settle({ created, altered }: TableChanges): Promise<void> {
    const written = [
      ...created.map((to) => ({ to, before: undefined })),
      ...altered.map(({ from, to }) => ({ to, before: from })),
    ];
    for (const { to, before } of written) {
      if (before?.comment !== to.comment)
        await this.execute(`COMMENT ON TABLE ${quoteName(to.name)} IS ${commentText(to.comment)}`);
    }
    const columns = [
      ...created.flatMap((table) => table.columns.map((to) => ({ table, to, before: undefined as string | undefined }))),
      ...altered.flatMap((change) => [
        ...change.added.map((to) => ({ table: change.to, to, before: undefined })),
        ...change.kept.map((pair) => ({
          table: change.to,
          to: pair.to,
          before: isRemade(pair, change) ? undefined : pair.from.comment,
        })),
      ]),
    ];
    for (const { table, to, before } of columns) {
      if (before === to.comment) continue;
      await this.execute(`COMMENT ON COLUMN ${quoteName(table.name)}.${quoteName(to.name)} IS ${commentText(to.comment)}`);
    }
  }
}

function commentText(comment: string | undefined): string {
  return comment === undefined ? "NULL" : quoteText(comment);
}

function partsOfTable(table: TableShape): PartShape[] {
  return [...table.constraints, ...table.indexes];
}

function isRetyped({ from, to }: KeptColumn): boolean {
  return from.type !== to.type || from.collation !== to.collation;
}

/** A generated column whose expression changes, or one of whose columns changes its type, is made anew: nothing is lost. */
function isRemade(pair: KeptColumn, change: TableChange): boolean {
  const { from, to } = pair;
  if (!to.generated) return false;
  if (!sameColumn(pair, change)) return true;
  const retyped = change.kept.filter((one) => one !== pair && isRetyped(one)).map((one) => one.to.name);
  return from.generated !== undefined && retyped.some((name) => mentions(to.generated!.sql, name));
}

function mentions(sql: string | undefined, name: string): boolean {
  return sql !== undefined && namesIn(sql).includes(name);
}

/** What a part says of columns in SQL. */
function textsOf(part: PartShape): (string | undefined)[] {
  return [part.condition, ...(part.keys ?? []).map((key) => key.sql), isConstraint(part) ? part.sql : undefined];
}

function covers(part: PartShape, { id, name }: ColumnShape): boolean {
  const columns = [
    ...(isConstraint(part) ? part.columns : []),
    ...(part.include ?? []),
    ...(part.keys ?? []).map((key) => key.column),
  ];
  return columns.includes(id) || textsOf(part).some((sql) => mentions(sql, name));
}

function generatedFirst(a: ColumnShape, b: ColumnShape): number {
  return Number(b.generated !== undefined) - Number(a.generated !== undefined);
}

function definition(column: ColumnShape): string {
  const { name, type, collation, identity, generated } = column;
  return [
    quoteName(name),
    type,
    collation !== undefined && `COLLATE ${quoteName(collation)}`,
    identity && "GENERATED BY DEFAULT AS IDENTITY",
    generated && `GENERATED ALWAYS AS (${generated.sql}) ${generated.stored ? "STORED" : "VIRTUAL"}`,
    column.default !== undefined && `DEFAULT ${column.default}`,
    !column.null && "NOT NULL",
  ]
    .filter((part) => typeof part === "string")
    .join(" ");
}

function constraintSql(table: TableShape, part: ConstraintShape): string {
  const head = `CONSTRAINT ${quoteName(part.name)}`;
  if (part.kind === "check") return `${head} CHECK (${part.sql})`;
  const columns = columnNames(table, part.columns);
  if (part.kind === "foreignKey") return `${head} FOREIGN KEY (${columns}) ${referencesSql(part)}`;
  if (part.kind === "primaryKey") return `${head} PRIMARY KEY (${columns})`;
  const include = part.include ? ` INCLUDE (${columnNames(table, part.include)})` : "";
  const when = part.deferrable ? ` DEFERRABLE INITIALLY ${part.deferrable === "deferred" ? "DEFERRED" : "IMMEDIATE"}` : "";
  if (part.kind === "unique")
    return `${head} UNIQUE${part.nullsEqual ? " NULLS NOT DISTINCT" : ""} (${columns})${include}${when}`;
  const condition = part.condition === undefined ? "" : ` WHERE (${part.condition})`;
  return `${head} EXCLUDE USING ${part.using} (${keyList(table, part.keys!)})${include}${condition}${when}`;
}
