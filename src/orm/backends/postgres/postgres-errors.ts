import { CortadoError } from "#kernel";
import { ormErrors } from "../../errors.ts";

interface PostgresError extends Error {
  code?: string;
  constraint?: string;
  column?: string;
  table?: string;
  detail?: string;
}

const kinds: Record<string, string> = {
  "23505": "not unique",
  "23503": "foreign key",
  "23502": "must not be null",
  "23514": "check",
};

/** Whether a prepared statement is older than the tables it reads. */
export function isStalePlan(error: unknown): boolean {
  return (error as PostgresError).code === "0A000" && (error as Error).message.startsWith("cached plan");
}

/** A driver's error as ours, with the fields and the hint. */
export function translatePostgresError(thrown: unknown, sql: string): Error {
  if (thrown instanceof CortadoError) return thrown;
  const error = thrown as PostgresError;
  const kind = kinds[error.code ?? ""];
  if (kind) return ormErrors.ORM_INTEGRITY({ kind, constraint: error.constraint ?? "", fields: fieldsOf(error), cause: error });
  if (error.code === "42P01") return ormErrors.ORM_MISSING_TABLE({ table: quoted(error.message), cause: error });
  if (error.code === "42703") return ormErrors.ORM_MISSING_COLUMN({ column: quoted(error.message), cause: error });
  return ormErrors.ORM_QUERY_FAILED({ reason: error.message, sql, cause: error });
}

function quoted(message: string): string {
  return /(?:relation|column) "?([\w.]+)"?/.exec(message)?.[1] ?? message;
}

function fieldsOf({ table, column, detail }: PostgresError): string {
  const columns = column ?? /^Key \(([^)]*)\)/.exec(detail ?? "")?.[1];
  return columns === undefined ? "" : columns.split(", ").map((name) => `${table}.${name.replaceAll('"', "")}`).join(", "); // oxfmt-ignore
}
