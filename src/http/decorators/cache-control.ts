import { addNeverCache, type CacheControl, patchCacheControl } from "../cache-control.ts";
import type { View } from "../view.ts";
import { afterView } from "./after-view.ts";

/**
 * Says how long, and by whom, the view's answers may be kept.
 *
 * ```ts
 * path("menu/", cacheControl(menu, { maxAge: 600, public: true }));
 * ```
 */
export function cacheControl<P>(view: View<P>, control: CacheControl): View<P> {
  return afterView(view, (response) => patchCacheControl(response, control));
}

/** Nothing may keep the view's answers. `path("account/", neverCache(account))` */
export function neverCache<P>(view: View<P>): View<P> {
  return afterView(view, addNeverCache);
}

/** The view's answers depend on these headers of the request. `varyOn(menu, "Cookie", "Accept-Language")` */
export function varyOn<P>(view: View<P>, ...headers: readonly string[]): View<P> {
  return afterView(view, (response) => {
    for (const header of headers) response.vary(header);
  });
}
