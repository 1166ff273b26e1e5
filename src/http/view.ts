import type { CspDirectives } from "./csp.ts";
import type { HttpRequest } from "./request.ts";
import type { HttpResponse } from "./response.ts";

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
  /** False: the address without its slash is not sent on to this view. */
  appendSlash?: boolean | undefined;
  /** What the view says in place of the project's Content-Security-Policy. */
  csp?: CspDirectives | undefined;
  cspReportOnly?: CspDirectives | undefined;
  /** Fields of a form that reports of an error do not show; true: none of them. */
  sensitiveFields?: readonly string[] | true | undefined;
  /** The view speaks WebSocket. */
  webSocket?: boolean | undefined;
}

const marksKey = Symbol("cortado.viewMarks");
const noMarks: ViewMarks = Object.freeze({});

/** What decorators said of a view; nothing for a bare one. */
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

/** The view is part of an API: its errors are JSON whatever the client accepts. */
export function apiView<P>(view: View<P>): View<P> {
  return wrapView(view, view, { api: true });
}
