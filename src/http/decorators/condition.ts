import { notModified, quoteEtag, settledStatus, type Validators } from "../conditional.ts";
import type { HttpRequest } from "../request.ts";
import { HttpResponse } from "../response.ts";
import { toResponse } from "../to-response.ts";
import { type View, wrapView } from "../view.ts";

type Found<T> = T | null | undefined | Promise<T | null | undefined>;

/** How to know an answer without making it. */
export interface ConditionOptions<P> {
  etag?: ((request: HttpRequest, params: P) => Found<string>) | undefined;
  lastModified?: ((request: HttpRequest, params: P) => Found<Date>) | undefined;
}

/**
 * The view is called only where the client does not know its answer already (304 otherwise), and where what the client wants
 * to change is still what it saw (412 otherwise).
 *
 * ```ts
 * path("coffee/<int:id>/", condition(coffeeDetail, { lastModified: (request, { id }) => changedAt(id) }));
 * ```
 */
export function condition<P>(view: View<P>, { etag, lastModified }: ConditionOptions<P>): View<P> {
  return wrapView(view, async (request, params) => {
    const tag = (await etag?.(request, params)) ?? undefined;
    const found: Validators = {
      etag: tag === undefined ? undefined : quoteEtag(tag),
      lastModified: (await lastModified?.(request, params)) ?? undefined,
    };
    const status = settledStatus(request, found);
    if (status === 412) return new HttpResponse(null, { status });
    const response = status === 304 ? notModified() : await toResponse(await view(request, params), request);
    if (request.method !== "GET" && request.method !== "HEAD") return response;
    if (found.etag !== undefined && response.header("etag") === undefined) response.setHeader("etag", found.etag);
    if (found.lastModified !== undefined && response.header("last-modified") === undefined)
      response.setHeader("last-modified", found.lastModified.toUTCString());
    return response;
  });
}

/** `condition` by an ETag alone. `etag(menu, () => menuVersion())` */
export function etag<P>(view: View<P>, make: NonNullable<ConditionOptions<P>["etag"]>): View<P> {
  return condition(view, { etag: make });
}

/** `condition` by a time alone. `lastModified(menu, () => menuChangedAt())` */
export function lastModified<P>(view: View<P>, find: NonNullable<ConditionOptions<P>["lastModified"]>): View<P> {
  return condition(view, { lastModified: find });
}
