import { outputs } from "../../expressions/outputs.ts";
import type { Lookup, Transform } from "../../lookups/lookup.ts";
import { labelOf } from "../../lookups/lookup.ts";
import type { Compiled } from "../../query/scope.ts";
import { requirePostgres } from "../require-postgres.ts";
import { operatorLookup, orderedLookups } from "../whole-lookups.ts";
import type { ArrayField } from "./array-field.ts";

export const arrayLookups: Readonly<Record<string, Lookup>> = {
  ...orderedLookups,
  /** Every item of the value is there. */
  contains: operatorLookup("@>"),
  /** Every item is one of the value's. */
  containedBy: operatorLookup("<@"),
  /** They have an item in common. */
  overlap: operatorLookup("&&"),
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
