import { PrintedCall } from "../source/print-value.ts";
import { impliedKind } from "./field-source.ts";
import type { CheckDescription, IndexDescription, TableDescription } from "./table-description.ts";

/** The rules and indexes of a table as a models file writes them, and what it cannot say. */
export interface RulesSource {
  readonly constraints: readonly PrintedCall[];
  readonly indexes: readonly PrintedCall[];
  readonly remarks: readonly string[];
}

/** What a table keeps beside its columns; `fieldOf` gives the field of a column. */
export function rulesSource(table: TableDescription, fieldOf: (column: string) => string): RulesSource {
  const exclusions = table.checks.filter(isExclusion);
  const relations = new Set(table.foreignKeys.map(({ columns }) => columns.join()));
  const own = table.indexes.filter(({ name }) => !exclusions.some((rule) => rule.name === name));
  const said = own.filter(canSay);
  const call = ({ unique, columns, name, sql }: IndexDescription): PrintedCall =>
    partCall(
      unique ? "unique" : "index",
      columns.map((column) => named(column!, fieldOf)),
      { name, using: methodOf(sql) },
    );
  return {
    // What is unique by itself is said by its field.
    constraints: [...said.filter(({ unique, columns }) => unique && columns.length > 1).map(call), ...checks(table)],
    // An index over a relation's column alone is there without being declared.
    indexes: said.filter(({ unique, columns }) => !unique && !relations.has(columns.join())).map(call),
    remarks: [
      ...own
        .filter((index) => !canSay(index))
        .map(({ unique, sql, name }) => standsHere(unique ? "a rule" : "an index", sql || name)),
      ...exclusions.map(({ sql }) => standsHere("a rule", sql)),
    ],
  };
}

function standsHere(what: string, sql: string): string {
  return `The database has ${what} that stands here as SQL: ${sql}`;
}

/** What a model says by functions of its own is left to the reader. */
function canSay({ columns, condition, sql }: IndexDescription): boolean {
  return condition === undefined && columns.every((column) => column !== undefined) && !hasClasses(sql);
}

/** Rules of rows; those that a kind of field brings along are left to it. */
function checks({ name: table, checks: rules }: TableDescription): PrintedCall[] {
  const own = rules.filter((rule) => impliedKind(rule.sql) === undefined && !isExclusion(rule));
  return own.map(
    ({ name, sql }, i) => new PrintedCall({ door: "cortado/orm", name: "check" }, [name ?? `${table}_check_${i + 1}`, sql]),
  );
}

/** `-price` stays in descending order. */
function named(column: string, fieldOf: (column: string) => string): string {
  return column.startsWith("-") ? `-${fieldOf(column.slice(1))}` : fieldOf(column);
}

function partCall(
  builder: "unique" | "index",
  fields: readonly string[],
  { name, using }: { name: string; using: string | undefined },
): PrintedCall {
  // SQLite names the index behind a rule itself.
  const options = name.startsWith("sqlite_") ? [] : [{ name, using: builder === "index" ? using : undefined }];
  return new PrintedCall({ door: "cortado/orm", name: builder }, [fields, ...options]);
}

/** A rule that no two rows may break, which PostgreSQL keeps by an index of the same name. */
function isExclusion({ sql }: CheckDescription): boolean {
  return sql.startsWith("EXCLUDE ");
}

/** How PostgreSQL keeps an index, where that is not the usual way. */
function methodOf(sql: string): string | undefined {
  const method = / USING (\w+) \(/.exec(sql)?.[1];
  return method === "btree" ? undefined : method;
}

/** Whether columns of an index of another kind have operator classes, or options stand behind them. */
function hasClasses(sql: string): boolean {
  return methodOf(sql) !== undefined && !/ USING \w+ \((?:(?:\w+|"[^"]+")(?:, )?)+\)$/.test(sql);
}
