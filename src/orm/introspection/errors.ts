import { defineErrors, didYouMean } from "#kernel";

/** The errors of reading a database, by code. */
export const introspectionErrors = defineErrors({
  /** A command names a table that the database does not have. */
  INTROSPECTION_UNKNOWN_TABLE: (d: { given: string; known: readonly string[] }) => ({
    message: `The database has no table "${d.given}". It has: ${d.known.join(", ") || "none"}.`,
    hint: didYouMean(d.given, d.known),
  }),
});
