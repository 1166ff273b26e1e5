import type { Field } from "../../fields/field.ts";
import type { ModelMeta } from "../../model/meta.ts";
import { conditionSql, isSchemaSql, type SchemaCondition } from "../../model/rules/schema-sql.ts";
import type { Dialect } from "../../names.ts";
import { literal } from "./sql-text.ts";

/** A column. `id` is its field's name, which survives a change of the column's name. */
export interface ColumnShape {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly null: boolean;
  /** Whether the database allots its values. */
  readonly identity: boolean;
  /** The value that the database gives where none is given, as SQL. */
  readonly default: string | undefined;
  /** What computes it, as SQL. */
  readonly generated: { readonly sql: string; readonly stored: boolean } | undefined;
  readonly collation: string | undefined;
  /** What PostgreSQL says of it; SQLite keeps no such text. */
  readonly comment: string | undefined;
  readonly field: Field;
}

/** The column of a field. */
export function columnShape(field: Field, id: string, dialect: Dialect): ColumnShape {
  const { generation, options } = field;
  return {
    id,
    name: field.column,
    type: field.columnType(dialect),
    null: field.null,
    identity: field.autoIncrement,
    default: generation ? undefined : defaultSql(field, dialect),
    generated: generation && { sql: writtenSql(field.model.meta, generation.expression, dialect), stored: generation.stored },
    collation: options.dbCollation,
    comment: dialect === "postgres" ? options.dbComment : undefined,
    field,
  };
}

function defaultSql(field: Field, dialect: Dialect): string | undefined {
  const given: unknown = field.options.dbDefault;
  if (given === undefined) return undefined;
  if (isWritten(given) || typeof given === "function" || isExpression(given)) return writtenSql(field.model.meta, given, dialect);
  return literal(field.toDatabase(given, dialect), dialect);
}

/** An expression of a field, or the SQL that a migration keeps of one. */
function writtenSql(meta: ModelMeta, value: unknown, dialect: Dialect): string {
  return conditionSql(meta, (isWritten(value) ? value.sql : value) as SchemaCondition)[dialect];
}

function isWritten(value: unknown): value is { sql: SchemaCondition } {
  return typeof value === "object" && value !== null && "sql" in value && isSchemaSql(value.sql);
}

function isExpression(value: unknown): boolean {
  return typeof value === "object" && value !== null && "compile" in value;
}
