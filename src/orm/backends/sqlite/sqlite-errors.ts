import { CortadoError } from "#kernel";
import { ormErrors } from "../../errors.ts";

interface SqliteError extends Error {
  errcode?: number;
}

/** Whether another process holds the lock (SQLITE_BUSY, SQLITE_LOCKED and their extended codes). */
export function isBusy(error: unknown): boolean {
  const code = (error as SqliteError).errcode;
  return code !== undefined && ((code & 0xff) === 5 || (code & 0xff) === 6);
}

const kinds: [RegExp, string][] = [
  [/^UNIQUE constraint failed: (.*)$/, "not unique"],
  [/^NOT NULL constraint failed: (.*)$/, "must not be null"],
  [/^FOREIGN KEY constraint failed()$/, "foreign key"],
  [/^CHECK constraint failed: (.*)$/, "check"],
];

/** A driver's error as ours, with the fields and the hint. */
export function translateSqliteError(error: unknown, sql: string): Error {
  if (error instanceof CortadoError) return error;
  const { message } = error as Error;
  for (const [pattern, kind] of kinds) {
    const match = pattern.exec(message);
    if (match) return integrity(kind, match[1]!, error);
  }
  const table = /^no such table: (.*)$/.exec(message)?.[1];
  if (table !== undefined) return ormErrors.ORM_MISSING_TABLE({ table, cause: error });
  const column = /(?:no such column: |has no column named )(.*)$/.exec(message)?.[1];
  if (column !== undefined) return ormErrors.ORM_MISSING_COLUMN({ column, cause: error });
  return ormErrors.ORM_QUERY_FAILED({ reason: message, sql, cause: error });
}

function integrity(kind: string, detail: string, cause: unknown): Error {
  if (kind === "check") return ormErrors.ORM_INTEGRITY({ kind, constraint: detail, fields: "", cause });
  return ormErrors.ORM_INTEGRITY({ kind, constraint: "", fields: detail, cause });
}
