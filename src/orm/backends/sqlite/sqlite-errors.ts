import { CortadoError } from "#kernel";
import { DatabaseError, DataError, IntegrityError, OperationalError, ProgrammingError } from "../../database/database-errors.ts";
import { databaseErrors } from "../../database/errors.ts";
import { ormErrors } from "../../errors.ts";
import { completeRefusal } from "../../model/rules/refused-constraint.ts";

interface SqliteError extends Error {
  errcode?: number;
}

/** SQLite's primary result codes. */
const codes = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  io: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  tooBig: 18,
  mismatch: 20,
} as const;
const operational: readonly number[] = [codes.io, codes.corrupt, codes.full, codes.cannotOpen];

function primaryCode(error: unknown): number {
  return ((error as SqliteError).errcode ?? 0) & 0xff;
}

/** Whether another process holds the lock (SQLITE_BUSY, SQLITE_LOCKED and their extended codes). */
export function isBusy(error: unknown): boolean {
  const code = primaryCode(error);
  return code === codes.busy || code === codes.locked;
}

const kinds: [RegExp, string][] = [
  [/^UNIQUE constraint failed: (.*)$/, "not unique"],
  [/^NOT NULL constraint failed: (.*)$/, "must not be null"],
  [/^FOREIGN KEY constraint failed()$/, "foreign key"],
  [/^CHECK constraint failed: (.*)$/, "check"],
];

/** A driver's error as ours, with the fields and the hint. */
export function translateSqliteError(error: unknown, sql: string, url: string): Error {
  if (error instanceof CortadoError) return error;
  const { message } = error as Error;
  for (const [pattern, kind] of kinds) {
    const match = pattern.exec(message);
    if (match) return integrity(kind, match[1]!, error);
  }
  const code = primaryCode(error);
  if (code === codes.readOnly) return new OperationalError(databaseErrors.ORM_READ_ONLY({ url, sql, cause: error }));
  const isBadData = message === "integer overflow" || message.startsWith("Invalid regular expression");
  if (code === codes.tooBig || code === codes.mismatch || isBadData)
    return new DataError(databaseErrors.ORM_BAD_DATA({ reason: message, sql, cause: error }));
  const table = /^no such table: (.*)$/.exec(message)?.[1];
  if (table !== undefined) return new ProgrammingError(ormErrors.ORM_MISSING_TABLE({ table, cause: error }));
  const column = /(?:no such column: |has no column named )(.*)$/.exec(message)?.[1];
  if (column !== undefined) return new ProgrammingError(ormErrors.ORM_MISSING_COLUMN({ column, cause: error }));
  const failed = ormErrors.ORM_QUERY_FAILED({ reason: message, sql, cause: error });
  if (operational.includes(code)) return new OperationalError(failed);
  return code === 1 ? new ProgrammingError(failed) : new DatabaseError(failed);
}

function integrity(kind: string, detail: string, cause: unknown): Error {
  // A check is told by its name, or by its text where it has none; an index on expressions by its name.
  const index = /^index '(.*)'$/.exec(detail)?.[1];
  const constraint = kind === "check" ? detail : index;
  const fields = constraint === undefined ? detail : "";
  const names = fields === "" ? [] : fields.split(", ").map((name) => name.split(".") as [string, string]);
  const refusal = completeRefusal(kind, { constraint, table: names[0]?.[0], columns: names.map(([, column]) => column) });
  return new IntegrityError(ormErrors.ORM_INTEGRITY({ kind, constraint: refusal.constraint ?? "", fields, cause }), refusal);
}
