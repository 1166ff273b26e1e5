import { type ModelClass, QuerySet } from "#orm";
import { viewsErrors } from "../errors.ts";
import type { Params, ViewCall } from "./view-call.ts";

/** Rows that a view shows: a query, or a list. */
export type RowsSource = PromiseLike<readonly unknown[]> | readonly unknown[];

/** Which rows a view is about. */
export interface RowsOptions<P = Params> {
  /** Which rows there are: a query, or a function of the call that gives one at once, not a promise of one. All by default. */
  queryset?: RowsSource | ((call: ViewCall<P>) => RowsSource) | undefined;
}

type AnyQuerySet = QuerySet<any, any, any>;

function rowsGiven<P>(model: ModelClass, call: ViewCall<P>, { queryset }: RowsOptions<P>): RowsSource {
  return typeof queryset === "function" ? queryset(call) : (queryset ?? model.objects.all());
}

/** The rows of a view, inside an object: awaiting a query runs it. */
export async function rowsOf<P>(
  model: ModelClass,
  call: ViewCall<P>,
  options: RowsOptions<P>,
): Promise<{ rows: AnyQuerySet | readonly any[] }> {
  const given = rowsGiven(model, call, options);
  return { rows: given instanceof QuerySet ? given : await given };
}

/** The rows of a view that looks among them, for which a list is not enough. @throws VIEWS_BAD_OPTIONS */
export function queryOf<P>(
  view: string,
  model: ModelClass,
  { call, options }: { call: ViewCall<P>; options: RowsOptions<P> },
): AnyQuerySet {
  const given = rowsGiven(model, call, options);
  if (given instanceof QuerySet) return given;
  throw viewsErrors.VIEWS_BAD_OPTIONS({
    view,
    problem: "its queryset is a list or a promise, among which no row can be looked up.",
    hint: "Give a query, or a function that returns one at once: { queryset: () => Coffee.objects.filter({ … }) }.",
  });
}
