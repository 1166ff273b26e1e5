import { type Dialect, quoteName } from "../../names.ts";
import type { SchemaHints } from "../operations/operation.ts";
import type { ColumnShape, ConstraintShape, IndexShape, TableShape } from "./table-shape.ts";

/** A value as SQL, already converted by its field for the driver. */
export function literal(value: unknown, dialect: Dialect): string {
  if (value === null || value === undefined) return "NULL";
  if (typeof value === "boolean") return dialect === "sqlite" ? String(Number(value)) : String(value);
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (value instanceof Uint8Array) return blobLiteral(Buffer.from(value).toString("hex"), dialect);
  const text = value instanceof Date ? value.toISOString() : typeof value === "object" ? JSON.stringify(value) : String(value);
  return `'${text.replaceAll("'", "''")}'`;
}

function blobLiteral(hex: string, dialect: Dialect): string {
  return dialect === "sqlite" ? `X'${hex}'` : `'\\x${hex}'::bytea`;
}

/** The value that rows which exist get for a column, as SQL; undefined when there is none. */
export function fillSql(
  table: string,
  { id, field }: ColumnShape,
  { hints, dialect }: { hints: SchemaHints; dialect: Dialect },
): string | undefined {
  const { fill } = hints;
  const given = fill && fill.model === table && fill.field === id ? fill.value : ownValue(field);
  return given === undefined || given === null ? undefined : literal(field.toDatabase(given, dialect), dialect);
}

function ownValue(field: ColumnShape["field"]): unknown {
  if (field.hasDefault) return field.getDefault();
  return field.beforeSave(null, true);
}

/** Column names for SQL, from ids. */
export function columnNames(table: TableShape, ids: readonly string[]): string {
  const nameOf = new Map(table.columns.map((column) => [column.id, quoteName(column.name)]));
  return ids.map((id) => (id.startsWith("-") ? `${nameOf.get(id.slice(1))} DESC` : nameOf.get(id))).join(", ");
}

/** `FOREIGN KEY … REFERENCES …`, checked when the transaction ends. */
export function referencesSql({ target }: ConstraintShape): string {
  return `REFERENCES ${quoteName(target!.tableName)} (${quoteName(target!.columnName)}) DEFERRABLE INITIALLY DEFERRED`;
}

export function createIndexSql(table: TableShape, index: IndexShape | ConstraintShape, unique = false): string {
  return `CREATE ${unique ? "UNIQUE " : ""}INDEX ${quoteName(index.name)} ON ${quoteName(table.name)} (${columnNames(table, index.columns)})`;
}
