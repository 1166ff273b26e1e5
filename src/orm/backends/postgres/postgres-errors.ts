import { CortadoError } from "#kernel";
import {
  DatabaseError,
  DataError,
  IntegrityError,
  OperationalError,
  ProgrammingError,
  SerializationError,
} from "../../database/database-errors.ts";
import { databaseErrors } from "../../database/errors.ts";
import { ormErrors } from "../../errors.ts";
import { extensionHint } from "./missing-extension.ts";
import { completeRefusal } from "../../model/rules/refused-constraint.ts";

interface PostgresError extends Error {
  code?: string;
  constraint?: string;
  column?: string;
  table?: string;
  detail?: string;
}

/** Where a statement failed. */
export interface Failed {
  readonly sql: string;
  readonly url: string;
}

const kinds: Record<string, string> = {
  "23505": "not unique",
  "23503": "foreign key",
  "23502": "must not be null",
  "23514": "check",
  "23P01": "exclusion",
};

/** Shutdown, crash and start of the server, and failures of sockets. */
const lost = /^(?:08...|57P0[1235]|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/;
const unreachable = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENOENT|57P03|53300|28...|3D000)$/;
/** What the driver says without a code. */
const lostMessages = /^(?:Connection terminated|Client has encountered a connection error|Client was closed|Query read timeout)/;

/** Whether a prepared statement is older than the tables it reads. */
export function isStalePlan(error: unknown): boolean {
  return (error as PostgresError).code === "0A000" && (error as Error).message.startsWith("cached plan");
}

/** Whether the connection is gone, and with it the transaction that it had open. */
export function isLost(error: unknown): boolean {
  if (error instanceof CortadoError) return error.code === "ORM_CONNECTION_LOST";
  const { code, message } = error as PostgresError;
  return code === undefined ? lostMessages.test(message) : lost.test(code);
}

/** A driver's error as ours, with the fields and the hint. */
export function translatePostgresError(thrown: unknown, { sql, url }: Failed): Error {
  if (thrown instanceof CortadoError) return thrown;
  const error = thrown as PostgresError;
  const { code = "" } = error;
  const reason = reasonOf(error);
  if (kinds[code] !== undefined) return integrity(kinds[code], error);
  if (isLost(error))
    return new OperationalError(databaseErrors.ORM_CONNECTION_LOST({ url, reason, committing: sql === "COMMIT", cause: error }));
  if (unreachable.test(code)) return cannotConnect(error, url);
  const transient = transientError(code, reason, { sql, cause: error });
  if (transient !== undefined) return transient;
  if (code === "25006") return new OperationalError(databaseErrors.ORM_READ_ONLY({ url, sql, cause: error }));
  if (code.startsWith("22")) return new DataError(databaseErrors.ORM_BAD_DATA({ reason, sql, cause: error }));
  if (code === "42P01") return new ProgrammingError(ormErrors.ORM_MISSING_TABLE({ table: quoted(reason), cause: error }));
  if (code === "42703") return new ProgrammingError(ormErrors.ORM_MISSING_COLUMN({ column: quoted(reason), cause: error }));
  const failed = ormErrors.ORM_QUERY_FAILED({ reason, sql, hint: extensionHint(reason), cause: error });
  if (/^(?:53|54|55|57|58)/.test(code)) return new OperationalError(failed);
  return code.startsWith("42") ? new ProgrammingError(failed) : new DatabaseError(failed);
}

/** What PostgreSQL says; where something depends on what was to change, its detail names it. */
function reasonOf({ message, code = "", detail }: PostgresError): string {
  if (message === "") return code;
  return detail !== undefined && (code === "2BP01" || code === "0A000") ? `${message} (${detail})` : message;
}

/** An address where no server answers, or none that lets one in. */
export function cannotConnect(error: unknown, url: string): OperationalError {
  const { message, code } = error as PostgresError;
  return new OperationalError(ormErrors.ORM_CANNOT_CONNECT({ url, reason: message || String(code), cause: error }));
}

function transientError(code: string, reason: string, { sql, cause }: { sql: string; cause: unknown }): Error | undefined {
  if (code === "40001") return new SerializationError(databaseErrors.ORM_SERIALIZATION_FAILURE({ reason, cause }));
  if (code === "40P01") return new SerializationError(databaseErrors.ORM_DEADLOCK({ reason, cause }));
  if (code === "57014") return new OperationalError(databaseErrors.ORM_STATEMENT_TIMEOUT({ reason, sql, cause }));
  if (code === "55P03") return new OperationalError(databaseErrors.ORM_LOCK_TIMEOUT({ reason, sql, cause }));
  return undefined;
}

function quoted(message: string): string {
  return /(?:relation|column) "?([\w.]+)"?/.exec(message)?.[1] ?? message;
}

function integrity(kind: string, cause: PostgresError): IntegrityError {
  const { table, column, detail, constraint } = cause;
  const list = column ?? /^Key \(([^)]*)\)/.exec(detail ?? "")?.[1];
  const columns = list === undefined ? [] : list.split(", ").map((name) => name.replaceAll('"', ""));
  const fields = columns.map((name) => `${table}.${name}`).join(", ");
  const refusal = completeRefusal(kind, { constraint, table, columns });
  return new IntegrityError(ormErrors.ORM_INTEGRITY({ kind, constraint: constraint ?? "", fields, cause }), refusal);
}
