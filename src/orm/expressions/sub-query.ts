import { ormErrors } from "../errors.ts";
import type { Scope, SubQuery } from "../query/scope.ts";
import type { KeyOf } from "../query/typing.ts";
import { Computed, ComputedCondition, type Condition, type Expression } from "./expression.ts";

/** A query of which one value is taken: what it selects, or its rows' keys. */
export interface QueryOfRows<Row> extends PromiseLike<Row[]>, SubQuery {}

type RowOfQuery<Q> = Q extends PromiseLike<(infer Row)[]> ? Row : never;
export type SingleOf<Row> = Row extends readonly [infer V]
  ? V
  : Row extends { readonly pk: unknown }
    ? KeyOf<Row>
    : Row extends Readonly<Record<string, infer V>>
      ? V
      : Row;

/**
 * The one value that a query gives for each row; null where it gives none.
 *
 * ```ts
 * Roaster.objects.annotate(r => ({
 *   newest: subquery(Coffee.objects.filter({ roaster: outerRef(r.id) }).orderBy("-id").values("name").slice(0, 1)),
 * }))
 * ```
 */
export function subquery<Q extends QueryOfRows<any>>(query: Q): Expression<SingleOf<RowOfQuery<Q>> | null> {
  return new Computed([], (scope) => scope.compileSubQuery(query));
}

/** Whether a query gives any row. `filter(r => exists(Coffee.objects.filter({ roaster: outerRef(r.id) })))` */
export function exists(query: QueryOfRows<any>): Condition {
  return new ComputedCondition([], (scope) => `EXISTS ${scope.compileSubQuery(query, true).sql}`);
}

/** An expression of the query around this one, for use within `subquery` and `exists`. */
export function outerRef<V>(expression: Expression<V>): Expression<V> {
  return new Computed([], (scope: Scope) => {
    const { outer } = scope;
    if (outer === undefined)
      throw ormErrors.ORM_BAD_QUERY({
        reason: `outerRef() is used in a query of ${scope.meta.label} that stands in no other query.`,
        hint: "Give the query to subquery(), exists() or a lookup of another query.",
      });
    return scope.compiler.within(outer.outer, () => expression.compile(outer));
  });
}
