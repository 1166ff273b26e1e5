import { Expression } from "../../expressions/expression.ts";
import { outputs } from "../../expressions/outputs.ts";
import { operand } from "../../expressions/value.ts";
import { bound, labelOf, type Lookup, type LookupContext, type Transform } from "../../lookups/lookup.ts";
import type { Compiled } from "../../query/scope.ts";
import { requirePostgres } from "../require-postgres.ts";
import { orderedLookups } from "../whole-lookups.ts";
import type { ArrayField } from "./array-field.ts";

/** The right side: a list, one whose items are expressions, or what a query of single values gives. */
function listSide(context: LookupContext): string {
  const { right, scope, compiler } = context;
  const field = context.field as ArrayField;
  const [given] = context.values;
  if (right !== undefined) {
    const isItems = right[0]!.isQuery && right[0]!.field?.kind !== "array";
    return isItems ? `CAST(ARRAY${right[0]!.sql} AS ${field.comparedAs()})` : right[0]!.sql;
  }
  if (!Array.isArray(given) || !given.some((item) => item instanceof Expression)) return bound(context);
  compiler.cacheable = false;
  return `CAST(ARRAY[${given.map((item) => operand(scope, item, field.base).sql).join(", ")}] AS ${field.comparedAs()})`;
}

/** Two lists and what stands between them. */
function listLookup(operator: string): Lookup {
  return {
    takes: "whole",
    write: (context) => {
      requirePostgres(context.scope, `A lookup on ${labelOf(context.left)}`);
      return context.marker === "null" ? `${context.sql} IS NULL` : `${context.sql} ${operator} ${listSide(context)}`;
    },
  };
}

export const arrayLookups: Readonly<Record<string, Lookup>> = {
  ...orderedLookups,
  eq: listLookup("="),
  /** Every item of the value is there. */
  contains: listLookup("@>"),
  /** Every item is one of the value's. */
  containedBy: listLookup("<@"),
  /** They have an item in common. */
  overlap: listLookup("&&"),
};

/** A subscript stands behind a column or another subscript, and behind anything else in parentheses. */
function subscript({ sql }: Compiled, text: string): string {
  return `${/^[\w."]+(?:\[[\d:]+\])*$/.test(sql) ? sql : `(${sql})`}[${text}]`;
}

function step(write: (left: Compiled) => string, output: Compiled["field"]): Transform {
  return {
    kinds: undefined,
    apply: (left, scope) => {
      requirePostgres(scope, `A lookup on ${labelOf(left)}`);
      return { sql: write(left), field: output, label: labelOf(left) };
    },
  };
}

const position = /^(?:0|[1-9]\d{0,8})$/;
const slice = /^(0|[1-9]\d{0,8})_(0|[1-9]\d{0,8})$/;

/** `len`, a position from 0, or a slice `0_2`: from 0, up to but without 2. */
export function arrayTransform(field: ArrayField<any, any>, name: string): Transform | undefined {
  if (name === "len")
    return step(({ sql }) => `CASE WHEN ${sql} IS NULL THEN NULL ELSE COALESCE(ARRAY_LENGTH(${sql}, 1), 0) END`, outputs.integer);
  if (position.test(name)) return step((left) => subscript(left, String(Number(name) + 1)), field.base);
  const found = slice.exec(name);
  if (found === null) return undefined;
  return step((left) => subscript(left, `${Number(found[1]) + 1}:${found[2]}`), field);
}
