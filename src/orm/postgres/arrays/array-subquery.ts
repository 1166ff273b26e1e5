import { Computed, type Expression } from "../../expressions/expression.ts";
import type { QueryOfRows, SingleOf } from "../../expressions/sub-query.ts";
import { requirePostgres } from "../require-postgres.ts";
import { fieldOfLists } from "./list-output.ts";

type RowOfQuery<Q> = Q extends PromiseLike<(infer Row)[]> ? Row : never;

/**
 * The values that a query gives for each row, as a list.
 *
 * ```ts
 * Roaster.objects.annotate((r) => ({
 *   names: arraySubquery(Coffee.objects.filter({ roaster: outerRef(r.id) }).orderBy("name").values("name")),
 * }))
 * ```
 */
export function arraySubquery<Q extends QueryOfRows<any>>(query: Q): Expression<SingleOf<RowOfQuery<Q>>[]> {
  return new Computed([], (scope) => {
    requirePostgres(scope, "arraySubquery()");
    const { sql, field } = scope.compileSubQuery(query as never);
    return { sql: `ARRAY${sql}`, field: fieldOfLists(field) };
  });
}
