import { type Middleware, type View, viewMarks, wrapView } from "#http";
import { askToLogIn } from "./guards.ts";

declare module "#http" {
  interface ViewMarks {
    /** False: the view is open where every other asks for a log-in. */
    loginRequired?: boolean | undefined;
  }
}

/**
 * Asks for a log-in at every address but the log-in page itself, views of an API, which authenticate their callers themselves,
 * and what `loginNotRequired` opens.
 *
 * ```ts
 * const settings = { middleware: [loginRequiredMiddleware], loginUrl: "/log-in/" };
 * ```
 */
export const loginRequiredMiddleware: Middleware = (request, next) => {
  if (request.user.isAuthenticated || request.resolved === undefined) return next();
  const { loginRequired, api } = viewMarks(request.resolved.view);
  const loginPath = (request.services.settings.loginUrl ?? "/admin/login/").split("?", 1)[0];
  const isOpen = loginRequired === false || api === true || request.path === loginPath;
  return isOpen ? next() : askToLogIn(request);
};

/** The view is open to everybody, where the project has `loginRequiredMiddleware`. `path("", loginNotRequired(start))` */
export function loginNotRequired<P>(view: View<P>): View<P> {
  return wrapView(view, view, { loginRequired: false });
}
