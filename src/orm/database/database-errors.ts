import { CortadoError } from "#kernel";

/** What a database says; the classes below say which kind it is, `code` says exactly. */
export class DatabaseError extends CortadoError {
  constructor({ code, message, hint, cause }: CortadoError) {
    super(code, message, { hint, cause });
    this.name = new.target.name;
  }
}

/** A constraint that refused a row, and the columns it is about, as far as the database tells them. */
export interface Refusal {
  readonly constraint: string | undefined;
  readonly table: string | undefined;
  readonly columns: readonly string[];
}

/**
 * A constraint refused a row: unique, foreign key, not null, check or exclusion.
 *
 * ```ts
 * try {
 *   await user.save();
 * } catch (error) {
 *   if (error instanceof IntegrityError && error.columns.includes("email")) return "The address is taken.";
 *   throw error;
 * }
 * ```
 */
export class IntegrityError extends DatabaseError {
  readonly constraint: string | undefined;
  readonly table: string | undefined;
  readonly columns: readonly string[];

  constructor(error: CortadoError, { constraint, table, columns }: Refusal) {
    super(error);
    this.constraint = constraint;
    this.table = table;
    this.columns = columns;
  }
}

/** A value does not fit its column, or cannot be computed. `error instanceof DataError` */
export class DataError extends DatabaseError {}

/** The database could not do it now: no connection, a lock, a time-out, no space. `error instanceof OperationalError` */
export class OperationalError extends DatabaseError {}

/** The transaction ran into another one; run again, it may succeed: `transaction(run, { retry: 3 })`. */
export class SerializationError extends OperationalError {}

/** The SQL is wrong, or names what does not exist. `error instanceof ProgrammingError` */
export class ProgrammingError extends DatabaseError {}

/** Whether an error, or what caused it, is one after which a transaction may run again. */
export function isConflict(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (at instanceof SerializationError) return true;
  }
  return false;
}
