import { labelOf, type Lookup, type LookupContext } from "../../lookups/lookup.ts";
import { outputs } from "../../expressions/outputs.ts";
import { requirePostgres } from "../require-postgres.ts";
import { configSql } from "./search-config.ts";

/** The document: a column of its own, or a text that is made one. */
function document({ sql, field }: LookupContext): string {
  return field?.kind === "tsvector" ? sql : `TO_TSVECTOR(COALESCE(CAST(${sql} AS text), ''))`;
}

/** Words to look for, as a text or as `searchQuery(…)`. */
export const matchLookup: Lookup = {
  takes: "value",
  write: (context) => {
    const { scope, left, marker, sql, right, compiler, values, field } = context;
    requirePostgres(scope, `The lookup search on ${labelOf(left)}`);
    if (marker === "null") return `${sql} IS NULL`;
    const vector = document(context);
    if (right !== undefined && right[0]!.field?.kind === "tsquery") return `${vector} @@ ${right[0]!.sql}`;
    const words =
      right === undefined
        ? compiler.param(values[0], compiler.converterFor(values[0], outputs.text))
        : `CAST(${right[0]!.sql} AS text)`;
    return `${vector} @@ PLAINTO_TSQUERY(${configSql(scope, field?.options.config)}${words})`;
  },
};
