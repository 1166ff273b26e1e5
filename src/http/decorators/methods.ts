import { methodNotAllowed } from "../http-error.ts";
import { HttpResponse } from "../response.ts";
import { type View, wrapView } from "../view.ts";

/**
 * The view answers these methods only; others get 405. HEAD goes with GET, OPTIONS is answered.
 *
 * ```ts
 * path("coffee/", methods(coffeeView, ["GET", "POST"]));
 * ```
 */
export function methods<P>(view: View<P>, allowed: readonly string[]): View<P> {
  const set = new Set(allowed);
  if (set.has("GET")) set.add("HEAD");
  set.add("OPTIONS");
  const listed = [...set];
  return wrapView(view, (request, params) => {
    if (request.method === "OPTIONS" && !allowed.includes("OPTIONS"))
      return new HttpResponse(null, { status: 204, headers: { allow: listed.join(", ") } });
    if (!set.has(request.method)) throw methodNotAllowed(request.method, request.path, listed);
    return view(request, params);
  });
}

/** The view is read only: GET and HEAD. `path("coffee/", requireGet(coffeeList))` */
export function requireGet<P>(view: View<P>): View<P> {
  return methods(view, ["GET"]);
}

/** The view is called by POST only. `path("coffee/delete/", requirePost(deleteCoffee))` */
export function requirePost<P>(view: View<P>): View<P> {
  return methods(view, ["POST"]);
}

/** The view answers methods that change nothing: GET and HEAD. */
export function requireSafe<P>(view: View<P>): View<P> {
  return methods(view, ["GET"]);
}

/**
 * One view a method at one address.
 *
 * ```ts
 * path("coffee/", byMethod({ GET: listCoffee, POST: createCoffee }));
 * ```
 */
export function byMethod<P>(views: Readonly<Partial<Record<"GET" | "POST" | "PUT" | "PATCH" | "DELETE", View<P>>>>): View<P> {
  const names = Object.keys(views);
  const lookup: Record<string, View<P>> = { __proto__: null as never, ...views };
  const first = Object.values(views)[0]!;
  const dispatch: View<P> = (request, params) => lookup[request.method === "HEAD" ? "GET" : request.method]!(request, params);
  return methods(wrapView(first, dispatch), names);
}
