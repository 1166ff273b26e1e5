import { QuerySet } from "#orm";
import { viewsErrors } from "../errors.ts";

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

/** How many rows a page has. @throws VIEWS_BAD_OPTIONS for what is no number of rows */
export function rowsPerPage(paginator: string, given: number): number {
  if (Number.isSafeInteger(given) && given > 0) return given;
  throw viewsErrors.VIEWS_BAD_OPTIONS({
    view: paginator,
    problem: `a page cannot have ${given} rows.`,
    hint: "Give a whole number of one or more; check what a client may ask for.",
  });
}
