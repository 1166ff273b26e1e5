import type { Field } from "../fields/field.ts";
import type { Dialect } from "../names.ts";

/** SQLite keeps decimals as text; this orders them as numbers. */
export function comparable(sql: string, field: Field | undefined, dialect: Dialect): string {
  if (dialect !== "sqlite" || field?.kind !== "decimal") return sql;
  return isShort(field) ? `CAST(${sql} AS REAL)` : `decimal_key(${sql})`;
}

/** Whether a decimal has so few digits that a floating-point number has them all. */
function isShort(field: Field): boolean {
  return field.maxDigits !== undefined && field.maxDigits <= 15;
}

/** Two sides that are compared as numbers: both in the form that keeps the digits of both. */
export function comparableSides(sides: readonly { sql: string; field: Field | undefined }[], dialect: Dialect): string[] {
  const decimals = sides.filter(({ field }) => field?.kind === "decimal");
  if (dialect !== "sqlite" || decimals.length === 0) return sides.map(({ sql }) => sql);
  const short = decimals.every(({ field }) => isShort(field!));
  return sides.map(({ sql }) => (short ? `CAST(${sql} AS REAL)` : `decimal_key(${sql})`));
}
