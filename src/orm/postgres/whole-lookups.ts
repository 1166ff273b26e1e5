import { comparisons } from "../lookups/comparisons.ts";
import { ormErrors } from "../errors.ts";
import { shownValue } from "../fields/shown-value.ts";
import { bound, labelOf, listConverter, type Lookup, type LookupContext } from "../lookups/lookup.ts";
import { requirePostgres } from "./require-postgres.ts";

/** The left side, an operator, and a value of the same field. */
export function operatorLookup(operator: string): Lookup {
  return {
    takes: "whole",
    write: (context) => {
      refuseSqlite(context);
      return `${context.sql} ${operator} ${bound(context)}`;
    },
  };
}

/** A condition on the left side that holds or not: `isEmpty: true`. */
export function truthLookup(name: string, write: (sql: string) => string): Lookup {
  return {
    takes: "boolean",
    write: (context) => {
      refuseSqlite(context);
      const label = labelOf(context.left);
      const place = context.compiler.param(context.values[0], (given: unknown) => {
        if (typeof given === "boolean") return given;
        throw ormErrors.ORM_BAD_LOOKUP_VALUE({ field: label, lookup: name, given: shownValue(given), wanted: "true or false" });
      });
      return `${write(context.sql)} = ${context.compiler.isLiteral ? place : `CAST(${place} AS boolean)`}`;
    },
  };
}

function refuseSqlite({ scope, field }: LookupContext): void {
  requirePostgres(scope, `A lookup on ${field?.label || "an expression"}`);
}

/** Values are given as texts in one parameter, whatever they are made of. */
function inList(context: LookupContext): string {
  const { sql, field, compiler, values, right } = context;
  refuseSqlite(context);
  if (right?.length === 1 && right[0]!.isQuery) return `${sql} IN ${right[0]!.sql}`;
  if (right !== undefined) return right.length === 0 ? "1 = 0" : `${sql} IN (${right.map((side) => side.sql).join(", ")})`;
  const items = listConverter(context, values[0]);
  if (compiler.isLiteral) {
    const literals = items(values[0]).map((item) => compiler.param(item));
    return literals.length === 0 ? "1 = 0" : `${sql} IN (${literals.join(", ")})`;
  }
  const type = field!.comparedAs("postgres") ?? "text";
  return `${sql} IN (SELECT CAST(item AS ${type}) FROM UNNEST(CAST(${compiler.param(values[0], items)} AS text[])) AS item)`;
}

/** What every field compares, its values being lists or objects. */
export const wholeLookups: Readonly<Record<string, Lookup>> = {
  eq: {
    takes: "whole",
    write: (context) => (context.marker === "null" ? `${context.sql} IS NULL` : operatorLookup("=").write(context)),
  },
  in: { takes: "list", write: inList },
  isNull: comparisons["isNull"]!,
};

/** What has an order as well. */
export const orderedLookups: Readonly<Record<string, Lookup>> = {
  ...wholeLookups,
  gt: operatorLookup(">"),
  gte: operatorLookup(">="),
  lt: operatorLookup("<"),
  lte: operatorLookup("<="),
};
