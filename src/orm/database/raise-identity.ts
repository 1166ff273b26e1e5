import { quoteName, quoteText } from "../names.ts";

/** Has PostgreSQL allot keys above the highest one in use; a column without a sequence is left alone. */
export function raiseIdentitySql(table: string, column: string): string {
  const [name, key] = [quoteName(table), quoteName(column)];
  const sequence = `pg_get_serial_sequence(${quoteText(name)}, ${quoteText(column)})`;
  return `SELECT setval(${sequence}, coalesce(max(${key}), 0) + 1, false) FROM ${name}`;
}
