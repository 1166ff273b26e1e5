import type { Expression, NoneOf } from "../../expressions/expression.ts";
import { outputs } from "../../expressions/outputs.ts";
import type { Compiled } from "../../query/scope.ts";
import { fieldOfLists } from "../arrays/list-output.ts";
import { type Aggregated, aggregateOf, type ListAggregateOptions, PostgresAggregate } from "./postgres-aggregate.ts";

const arrayKind = {
  name: "arrayAgg",
  sql: "ARRAY_AGG",
  output: ({ field }: Compiled) => ({ field: fieldOfLists(field) }),
};
const jsonKind = { name: "jsonbAgg", sql: "JSONB_AGG", output: () => ({ field: outputs.json }) };

/**
 * The values as a list, nulls among them; null where there are no rows.
 *
 * ```ts
 * Coffee.objects.aggregate((c) => ({ names: arrayAgg(c.name, { orderBy: c.price, default: [] }) }))
 * Roaster.objects.annotate((r) => ({ prices: arrayAgg(r.coffees.price, { distinct: true }) }))
 * ```
 */
export function arrayAgg<V, const O extends ListAggregateOptions = {}>(
  of: Aggregated<V>,
  options?: O,
): Expression<V[] | NoneOf<O>> {
  return aggregateOf(of, (field) => new PostgresAggregate<any>(arrayKind, [field], options));
}

/** The values as a list of JSON. `jsonbAgg(jsonObject({ name: c.name, price: c.price }), { orderBy: c.name })` */
export function jsonbAgg<V, const O extends ListAggregateOptions = {}>(
  of: Aggregated<V>,
  options?: O,
): Expression<V[] | NoneOf<O>> {
  return aggregateOf(of, (field) => new PostgresAggregate<any>(jsonKind, [field], options));
}
