import { methodNotAllowed } from "./http-error.ts";
import { HttpResponse } from "./response.ts";
import type { HttpRequest } from "./request.ts";

/**
 * Answers a request: with a string (HTML), an object (JSON), a stream, a `Response`, an `HttpResponse`,
 * null (204), or a promise of one of them.
 */
// The result is `any` and not `unknown` on purpose: with `any` the compiler need not infer what a view returns before
// it knows the type of `urls`, so a view may call reverse() and redirect(), whose types come from `urls`.
export type View<P = any> = (request: HttpRequest, params: P) => any;

/** Stands around the views: may answer itself, or change what `next` answers. `next` never rejects. */
export type Middleware = (request: HttpRequest, next: () => Promise<HttpResponse>) => Promise<HttpResponse> | HttpResponse;

/** Stands around the view alone, inside the middleware; what the view throws comes through `run`. */
export type AroundView = (request: HttpRequest, run: () => Promise<HttpResponse>) => Promise<HttpResponse>;

/** What the pipeline must know of a view before it is called. */
export interface ViewMarks {
  /** When the CSRF token is verified: always, never, or only where a session authenticates the call. */
  csrf?: "always" | "never" | "session" | undefined;
  /** Errors are answered in JSON. */
  api?: boolean | undefined;
  /** False: the view is in no transaction where those of the project are. */
  atomic?: boolean | undefined;
}

const marksKey = Symbol("cortado.viewMarks");
const noMarks: ViewMarks = Object.freeze({});

export function viewMarks(view: View): ViewMarks {
  return (view as { [marksKey]?: ViewMarks })[marksKey] ?? noMarks;
}

/**
 * Wraps a view and keeps its marks and its name: what every view decorator is made with.
 *
 * ```ts
 * const timed = <P>(view: View<P>) => wrapView(view, async (request, params) => { … return view(request, params); });
 * ```
 */
export function wrapView<P>(view: View<P>, wrapper: View<P>, marks?: ViewMarks): View<P> {
  const wrapped: View<P> = (request, params) => wrapper(request, params);
  Object.defineProperty(wrapped, "name", { value: view.name });
  Object.defineProperty(wrapped, marksKey, { value: { ...viewMarks(view), ...marks } });
  return wrapped;
}

/** The view verifies no CSRF token: it authenticates its callers in another way. */
export function csrfExempt<P>(view: View<P>): View<P> {
  return wrapView(view, view, { csrf: "never" });
}

/** The CSRF token is verified only where a session cookie came and no `Authorization` header: API and model-serving views. */
export function csrfOnlyWithSession<P>(view: View<P>): View<P> {
  return wrapView(view, view, { csrf: "session" });
}

/** The view is part of an API: its errors are JSON whatever the client accepts. */
export function apiView<P>(view: View<P>): View<P> {
  return wrapView(view, view, { api: true });
}

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
