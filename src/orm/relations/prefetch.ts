import type { QueryState } from "../query/query-state.ts";

/** A relation that a query loads by a query of your own. */
export interface PrefetchPlan {
  readonly relation: string;
  /** The property that gets the rows; undefined where the relation itself does. */
  readonly as: string | undefined;
  readonly query: QueryState;
  /** A generic reference has a query for each model. */
  readonly queries?: readonly QueryState[];
}

interface Query {
  readonly state: QueryState;
}

/**
 * A filtered relation under a name of its own, for `with()`.
 *
 * ```ts
 * const roasters = await Roaster.objects.with({ iced: prefetch("coffees", Coffee.objects.filter({ isIce: true })) });
 * roasters[0]!.iced.map((coffee) => coffee.name);
 * ```
 */
export class Prefetch<Row> {
  declare readonly $row: Row;
  readonly relation: string;
  readonly query: Query;
  constructor(relation: string, query: Query) {
    this.relation = relation;
    this.query = query;
  }
}

/** The rows of a relation by a query of your own, kept as an array under the name that `with()` gives it. */
export function prefetch<Row>(relation: string, query: PromiseLike<Row[]> & Query): Prefetch<Row> {
  return new Prefetch<Row>(relation, query);
}

/** What `with({ … })` was given, as plans. */
export function prefetchPlans(given: Readonly<Record<string, unknown>>): PrefetchPlan[] {
  return Object.entries(given).map(([name, value]) => {
    if (value instanceof Prefetch) return { relation: value.relation, as: name, query: value.query.state };
    const queries = (Array.isArray(value) ? value : [value]).map((query: Query) => query.state);
    return { relation: name, as: undefined, query: queries[0]!, queries };
  });
}
