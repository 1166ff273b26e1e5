import type { SQLInputValue, StatementSync } from "node:sqlite";

/** Whether a statement only reads, as far as its text tells. */
export function isRead(sql: string): boolean {
  return (
    sql.startsWith("SELECT") || /^\s*(?:select|with|values|explain|pragma)\b(?!.*\b(?:insert|update|delete|=)\b)/is.test(sql)
  );
}

/** All rows of a statement that reads; integers too large for a number come as bigint. */
export function allRows(statement: StatementSync, params: readonly SQLInputValue[]): unknown[] {
  try {
    return statement.all(...params);
  } catch (error) {
    if ((error as { code?: string }).code !== "ERR_OUT_OF_RANGE") throw error;
    return largeRows(statement, params);
  }
}

/** The same for a statement that gives one row at most: nothing is asked of it after that row. */
export function singleRow(statement: StatementSync, params: readonly SQLInputValue[]): unknown[] {
  try {
    const row = statement.get(...params);
    return row === undefined ? [] : [row];
  } catch (error) {
    if ((error as { code?: string }).code !== "ERR_OUT_OF_RANGE") throw error;
    return largeRows(statement, params);
  }
}

/** The same for a statement that writes, which must not run twice. */
export function largeRows(statement: StatementSync, params: readonly SQLInputValue[]): unknown[] {
  statement.setReadBigInts(true);
  try {
    const shrink = (value: unknown) =>
      typeof value === "bigint" && BigInt(Number(value)) === value && Number.isSafeInteger(Number(value)) ? Number(value) : value;
    return statement
      .all(...params)
      .map((row) =>
        Array.isArray(row)
          ? row.map(shrink)
          : Object.fromEntries(Object.entries(row).map(([name, value]) => [name, shrink(value)])),
      );
  } finally {
    statement.setReadBigInts(false);
  }
}
