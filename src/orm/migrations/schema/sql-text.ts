import { type Dialect, quoteName, quoteText } from "../../names.ts";
import type { SchemaHints } from "../operations/operation.ts";
import type { ColumnShape } from "./column-shape.ts";
import type { ConstraintShape, IndexShape, KeyShape } from "./shapes.ts";
import type { TableShape } from "./table-shape.ts";

/** A value as SQL, already converted by its field for the driver. */
export function literal(value: unknown, dialect: Dialect): string {
  if (value === null || value === undefined) return "NULL";
  if (typeof value === "boolean") return dialect === "sqlite" ? String(Number(value)) : String(value);
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (value instanceof Uint8Array) return blobLiteral(Buffer.from(value).toString("hex"), dialect);
  return quoteText(
    value instanceof Date ? value.toISOString() : typeof value === "object" ? JSON.stringify(value) : String(value),
  );
}

function blobLiteral(hex: string, dialect: Dialect): string {
  return dialect === "sqlite" ? `X'${hex}'` : `'\\x${hex}'::bytea`;
}

/** The value that rows which exist get for a column, as SQL; undefined when there is none. */
export function fillSql(
  table: string,
  { id, field, default: fallback }: ColumnShape,
  { hints, dialect }: { hints: SchemaHints; dialect: Dialect },
): string | undefined {
  const { fill } = hints;
  const given = fill && fill.model === table && fill.field === id ? fill.value : ownValue(field);
  return given === undefined || given === null ? fallback : literal(field.toDatabase(given, dialect), dialect);
}

function ownValue(field: ColumnShape["field"]): unknown {
  if (field.hasDefault) return field.getDefault();
  return field.beforeSave(null, true);
}

/** A column's name, from its id. */
function columnName(table: TableShape, id: string): string {
  return quoteName(table.columns.find((column) => column.id === id)!.name);
}

/** Column names for SQL, from ids. */
export function columnNames(table: TableShape, ids: readonly string[]): string {
  return ids.map((id) => columnName(table, id)).join(", ");
}

/** What an index goes over: `"price" DESC, (lower("name")) varchar_pattern_ops`. */
export function keyList(table: TableShape, keys: readonly KeyShape[]): string {
  return keys.map((key) => keySql(table, key)).join(", ");
}

function keySql(table: TableShape, { column, sql, descending, opclass, operator }: KeyShape): string {
  const what = column === undefined ? `(${sql})` : columnName(table, column);
  return `${what}${opclass ? ` ${opclass}` : ""}${descending ? " DESC" : ""}${operator ? ` WITH ${operator}` : ""}`;
}

/** `REFERENCES …`, checked when the transaction ends. */
export function referencesSql({ target, onDelete }: ConstraintShape): string {
  const columns = target!.columnNames.map(quoteName).join(", ");
  const rule = onDelete === undefined ? "" : ` ON DELETE ${onDelete}`;
  return `REFERENCES ${quoteName(target!.tableName)} (${columns})${rule} DEFERRABLE INITIALLY DEFERRED`;
}

/** The statement that makes an index. */
export function createIndexSql(table: TableShape, index: IndexShape): string {
  const { name, unique, keys, condition, include, using, storage, tablespace, nullsEqual } = index;
  const parameters = Object.entries(storage ?? {}).map(([key, value]) => `${key} = ${String(value)}`);
  return [
    `CREATE ${unique ? "UNIQUE " : ""}INDEX ${quoteName(name)} ON ${quoteName(table.name)}`,
    using && `USING ${using}`,
    `(${keyList(table, keys)})`,
    include && `INCLUDE (${columnNames(table, include)})`,
    nullsEqual && "NULLS NOT DISTINCT",
    parameters.length > 0 && `WITH (${parameters.join(", ")})`,
    tablespace && `TABLESPACE ${quoteName(tablespace)}`,
    condition && `WHERE ${condition}`,
  ]
    .filter((part) => typeof part === "string")
    .join(" ");
}
