import { defineErrors } from "#kernel";

/** What goes wrong between a query and the database, by its code. `throw databaseErrors.ORM_BAD_TRANSACTION({ … })` */
export const databaseErrors = defineErrors({
  /** A value does not fit its column: too long, too large, not a number, not a date. */
  ORM_BAD_DATA: (d: { reason: string; sql: string; cause: unknown }) => ({
    message: `The database cannot take a value: ${d.reason}.\n  ${d.sql}`,
    hint: "Validate what comes from outside, with a form or with fullClean().",
    cause: d.cause,
  }),
  /** The connection to the database broke while it was used. */
  ORM_CONNECTION_LOST: (d: { url: string; reason: string; committing: boolean; cause: unknown }) => ({
    message: `The connection to the database ${d.url} was lost: ${d.reason}.`,
    hint: d.committing
      ? "It was lost at COMMIT: whether the transaction was kept is not known. Look before you run it again."
      : "The next query takes a new connection. A transaction that was open is rolled back.",
    cause: d.cause,
  }),
  /** Every connection of the pool stayed in use for the whole time-out. */
  ORM_POOL_EXHAUSTED: (d: { url: string; size: number; milliseconds: number; cause: unknown }) => ({
    message: `All ${d.size} connections to the database ${d.url} stayed in use for ${d.milliseconds} ms.`,
    hint: "Keep transactions short, and query through their own connection only. More connections: postgres://…?pool=20",
    cause: d.cause,
  }),
  /** A transaction ran into another and was rolled back: it may be run again. */
  ORM_SERIALIZATION_FAILURE: (d: { reason: string; cause: unknown }) => ({
    message: `The transaction ran into another one and was rolled back: ${d.reason}.`,
    hint: "Let it run again: transaction(run, { retry: 3 }).",
    cause: d.cause,
  }),
  /** Two transactions waited for each other, and this one was rolled back. */
  ORM_DEADLOCK: (d: { reason: string; cause: unknown }) => ({
    message: `The transaction and another one waited for each other, so it was rolled back: ${d.reason}.`,
    hint: "Lock rows in the same order everywhere, or let it run again: transaction(run, { retry: 3 }).",
    cause: d.cause,
  }),
  /** A statement took longer than it may, or was cancelled. */
  ORM_STATEMENT_TIMEOUT: (d: { reason: string; sql: string; cause: unknown }) => ({
    message: `The database ended the query: ${d.reason}.\n  ${d.sql}`,
    hint: "An index may help: look at explain(). The limit is statementTimeout, in milliseconds.",
    cause: d.cause,
  }),
  /** A row or table stayed locked by another transaction. */
  ORM_LOCK_TIMEOUT: (d: { reason: string; sql: string; cause: unknown }) => ({
    message: `The query could not get a lock: ${d.reason}.\n  ${d.sql}`,
    hint: "Another transaction holds it. Try again later, or raise lockTimeout.",
    cause: d.cause,
  }),
  /** Something was written in a read-only transaction, to a read-only copy or to a file that may not be written. */
  ORM_READ_ONLY: (d: { url: string; sql: string; cause: unknown }) => ({
    message: `The database ${d.url} is only read here.\n  ${d.sql}`,
    hint: "Write outside of transaction(…, { readOnly: true }), and to the database that the copy follows.",
    cause: d.cause,
  }),
  /** A query ran in a transaction that was already committed or rolled back. */
  ORM_TRANSACTION_FINISHED: () => ({
    message: "This query belongs to a transaction that is already finished.",
    hint: "Await every query inside transaction(async () => { … }).",
  }),
  /** The function of a transaction ended while a query of it was still running: an `await` is missing. */
  ORM_TRANSACTION_NOT_AWAITED: () => ({
    message: "The function of a transaction ended before a query in it: the transaction was rolled back.",
    hint: "An await is missing: await every query, save() and inner transaction(), or return its promise.",
  }),
  /** A transaction goes on after an error that has already decided that it is rolled back. */
  ORM_TRANSACTION_DOOMED: (d: { cause: unknown }) => ({
    message: "An error in this transaction was caught, but the transaction cannot be kept any more: it is rolled back.",
    hint: "Put what may fail into a transaction of its own, await transaction(async () => { … }): a savepoint.",
    cause: d.cause,
  }),
  /** A transaction is asked for what it cannot do there. */
  ORM_BAD_TRANSACTION: (d: { reason: string; hint?: string }) => ({ message: d.reason, hint: d.hint }),
  /** A row refers to a row of another database. */
  ORM_CROSS_DATABASE: (d: { field: string; own: string; other: string }) => ({
    message: `${d.field} cannot refer to a row of the database "${d.other}" from one of "${d.own}".`,
    hint: "Databases check no keys of each other. Copy the row, keep its key in a plain field, or allow it in a router's allowRelation().",
  }),
});
