import { type HttpRequest, type Middleware, toResponse, type View, wrapView } from "#http";
import { answerFromCache, type PageCacheOptions } from "./page-cache.ts";

/**
 * Keeps the view's pages for some seconds. Visitors without a session share a page; one with a session gets pages of his own,
 * unless `shared` says that the page is the same for everyone. Never kept are pages that set a cookie, carry a form's token or
 * show messages, and what `Cache-Control` says is private.
 *
 * ```ts
 * const menu = () => "<h1>Menu</h1>";
 * path("menu/", cachePage(menu, 600));
 * path("prices/", cachePage(menu, 60, { vary: ["Accept-Language"], shared: true, cache: "pages" }));
 * ```
 */
export function cachePage<P>(view: View<P>, seconds: number, options: PageCacheOptions = {}): View<P> {
  return wrapView(view, (request: HttpRequest, params: P) => {
    const run = async () => toResponse(await view(request, params), request);
    return answerFromCache({ request, run, seconds, options });
  });
}

/** What `cacheSite` takes: how long every page is kept, and how. */
export interface CacheSiteOptions extends PageCacheOptions {
  /** Seconds. */
  seconds: number;
}

/**
 * Keeps every page of the site that may be kept, as `cachePage` does for one view. A view says how long, or that it is not to be
 * kept, with `cacheControl` and `neverCache`.
 *
 * ```ts
 * const middleware = [cacheSite({ seconds: 60, cache: "pages" })];
 * ```
 */
export function cacheSite({ seconds, prefix = "site", ...others }: CacheSiteOptions): Middleware {
  const options = { prefix, ...others };
  return (request, next) => answerFromCache({ request, run: async () => next(), seconds, heedsMaxAge: true, options });
}
