import type { AnyRow } from "../model/rows/row.ts";
import { metaOf } from "../model/rows/row.ts";
import { startState } from "../query/query-state.ts";
import type { CheckedPrefetch, Loaded, Prefetched, PrefetchInput, RelationName } from "../query/typing.ts";
import { loadAfter } from "./load-paths.ts";
import { withRelations } from "./with-relations.ts";

/**
 * Loads relations of rows that are there already, with one query for each; what a row has loaded stays.
 *
 * ```ts
 * const loaded = await prefetchRelated([coffee], "roaster", "tags");
 * await prefetchRelated([roaster], { coffees: Coffee.objects.filter({ isIce: true }) });
 * ```
 */
export function prefetchRelated<T extends object, const N extends RelationName<T>>(
  rows: readonly T[],
  ...names: readonly N[]
): Promise<Loaded<T, T, N>[]>;
export function prefetchRelated<T extends object, const E extends PrefetchInput>(
  rows: readonly T[],
  relations: E & CheckedPrefetch<T, E>,
): Promise<Prefetched<T, T, E>[]>;
export async function prefetchRelated(rows: readonly object[], ...given: readonly unknown[]): Promise<object[]> {
  for (const [meta, group] of Map.groupBy(rows as readonly AnyRow[], metaOf)) {
    const start = startState(meta);
    await loadAfter({ ...start, ...withRelations({ ...start, load: [] }, given) }, group);
  }
  return [...rows];
}
