import { QuerySet } from "#orm";

/** What can be counted and read in part: a query. */
export interface Countable<T> {
  count(): PromiseLike<number>;
  slice(from: number, to: number): PromiseLike<readonly T[]>;
}

/** What is cut into pages: a query or a list. */
export type Pageable<T> = Countable<T> | readonly T[];

/** Rows without an order could come on two pages, or on none: a query that has no order is ordered by its key. */
export function inOrder<S>(source: S): S {
  if (!(source instanceof QuerySet)) return source;
  const { order, meta, start, end, group, groupSlice, selection, distinct, distinctOn, source: from, empty } = source.state;
  const isOrdered = empty || (order ?? meta.ordering).length > 0;
  const isPlain = start === 0 && [end, group, groupSlice, selection, distinctOn, from].every((part) => part === undefined);
  return isOrdered || !isPlain || distinct ? source : (source.orderBy("pk") as S);
}
