import { defineErrors } from "#kernel";

/** What is wrong with a query itself, beyond its fields and lookups. */
export const queryErrors = defineErrors({
  /** A page was asked for by a cursor that the query did not give. */
  ORM_BAD_CURSOR: (d: { model: string; given: string }) => ({
    message: `"${d.given}" is no place in the order of ${d.model}.`,
    hint: "Give the next or previous of a page of the same query, in the same order.",
  }),
  /** A row that SQL of your own gave is not what the schema says. */
  ORM_ROW_REFUSED: (d: { number: number; problems: readonly string[] }) => ({
    message: `Row ${d.number} of the SQL is not what the schema says: ${d.problems.join("; ")}.`,
    hint: "Compare the columns and their types with the schema; a column of numbers can be null.",
  }),
  /** Rows are locked outside of a transaction, where the lock would end at once. */
  ORM_LOCK_OUTSIDE_TRANSACTION: (d: { model: string }) => ({
    message: `selectForUpdate() on ${d.model} runs outside of a transaction, so it would lock nothing.`,
    hint: "Put it, and what depends on it, inside: await transaction(async () => { … }).",
  }),
});
