import type { CspDirectives } from "../csp.ts";
import { type View, wrapView } from "../view.ts";

/**
 * The view has a Content-Security-Policy of its own in place of the project's; `{}` is none.
 *
 * ```ts
 * path("map/", cspOverride(map, { "default-src": [CSP.self], "img-src": ["https://tiles.example.com"] }));
 * ```
 */
export function cspOverride<P>(view: View<P>, directives: CspDirectives): View<P> {
  return wrapView(view, view, { csp: directives });
}

/** The same for the policy that browsers report about and do not enforce. */
export function cspReportOnlyOverride<P>(view: View<P>, directives: CspDirectives): View<P> {
  return wrapView(view, view, { cspReportOnly: directives });
}
