import { currentResolver, HttpError, type HttpRequest, methods, redirectTo, type View } from "#http";
import { fillInAddress } from "../placeholders.ts";
import { type RedirectOptions, redirectStatus, withQuery } from "../redirect.ts";
import { namedView, type Params, type Step, stepValue, type ViewCall } from "./view-call.ts";

/** How clients are sent elsewhere. */
export interface RedirectViewOptions extends RedirectOptions {
  /** Takes the query of the request along. */
  queryString?: boolean | undefined;
}

/** Where clients are sent: an address with parameters in braces, a name that takes the same parameters, or nowhere (410). */
export type RedirectTarget = string | { readonly patternName: string } | null;

/**
 * Sends the client elsewhere, whatever its method: 302, or 301 where it is for good, 307 and 308 where it is to repeat its
 * request there.
 *
 * ```ts
 * path("old/<int:id>/", redirectView("/new/{id}/", { permanent: true }));
 * path("drinks/<int:id>/", redirectView({ patternName: "coffee-detail" }, { queryString: true }));
 * path("gone/", redirectView(null));
 * ```
 */
export function redirectView<P = Params>(to: Step<RedirectTarget, ViewCall<P>>, options: RedirectViewOptions = {}): View<P> {
  const view = async (request: HttpRequest, params: P) => {
    const target = await stepValue(to, { request, params });
    if (target === null || target === undefined)
      throw new HttpError(410, "What was here is gone for good.", { code: "HTTP_GONE" });
    const address =
      typeof target === "string"
        ? addressOf(target, to, params)
        : currentResolver().reverse(target.patternName, params as Params);
    return redirectTo(withQuery(address + queryOf(request, address, options), options), redirectStatus(options));
  };
  return methods(namedView("redirectView", view), ["GET", "POST", "PUT", "PATCH", "DELETE"]);
}

/** What a function gives is complete. */
function addressOf(target: string, given: unknown, params: unknown): string {
  return typeof given === "function" ? target : fillInAddress(target, params as object);
}

function queryOf(request: HttpRequest, address: string, { queryString }: RedirectViewOptions): string {
  const at = request.url.indexOf("?");
  if (!queryString || at < 0) return "";
  return (address.includes("?") ? "&" : "?") + request.url.slice(at + 1);
}
