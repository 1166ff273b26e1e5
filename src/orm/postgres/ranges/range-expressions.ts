import type { Expression } from "../../expressions/expression.ts";
import { operand } from "../../expressions/value.ts";
import { ormErrors } from "../../errors.ts";
import { postgresExpression } from "../require-postgres.ts";
import type { RangeBounds } from "./range.ts";
import type { RangeField } from "./range-field.ts";

/** Operators of ranges, for exclusion constraints. */
export const rangeOperators = {
  equal: "=",
  notEqual: "<>",
  contains: "@>",
  containedBy: "<@",
  overlaps: "&&",
  fullyLt: "<<",
  fullyGt: ">>",
  notLt: "&>",
  notGt: "&<",
  adjacentTo: "-|-",
} as const;

export interface MadeRangeOptions<V> {
  /** The field whose values it has: `dateRange()`. */
  readonly output: RangeField<V>;
  readonly bounds?: RangeBounds;
}

/**
 * A range made of two values, of columns for instance. A null is no bound.
 *
 * ```ts
 * exclusion("no_overlap", {
 *   expressions: [["room", "="], [(r) => rangeOf(r.from, r.until, { output: dateRange() }), rangeOperators.overlaps]],
 * })
 * ```
 */
export function rangeOf<V>(lower: unknown, upper: unknown, { output, bounds = "[)" }: MadeRangeOptions<V>): Expression<V> {
  if (!["[)", "(]", "[]", "()"].includes(bounds))
    throw ormErrors.ORM_BAD_QUERY({ reason: `rangeOf() is given the bounds ${JSON.stringify(bounds)}.`, hint: 'Bounds are "[)", "(]", "[]" or "()".' }); // oxfmt-ignore
  return postgresExpression("rangeOf()", [lower, upper], (scope) => {
    const side = (given: unknown) => `CAST(${operand(scope, given, output.base).sql} AS ${output.base.columnType("postgres")})`;
    return { sql: `${output.type}(${side(lower)}, ${side(upper)}, '${bounds}')`, field: output };
  });
}
