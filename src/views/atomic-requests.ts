import { type AroundView, type View, viewMarks, wrapView } from "#http";
import type { Database } from "#orm";

/** Runs each view in a transaction of these databases, which is rolled back when the view throws. */
export function atomicRequests(databases: readonly Database[]): AroundView {
  return (request, run) => {
    if (viewMarks(request.resolved!.view).atomic === false) return run();
    return databases.reduce((inner, database) => () => database.transaction(inner), run)();
  };
}

/**
 * Leaves a view out of the transactions that `atomicRequests: true` puts around views.
 *
 * ```ts
 * path("import/", nonAtomicRequests(coffeeView));
 * ```
 */
export function nonAtomicRequests<P>(view: View<P>): View<P> {
  return wrapView(view, view, { atomic: false });
}
