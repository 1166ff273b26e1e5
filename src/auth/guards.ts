import { HttpError, type HttpRequest, redirectTo, type View, wrapView } from "#http";

declare module "#kernel" {
  interface ProjectSettings {
    /** Where visitors log in: `/admin/login/` where nothing else is said. */
    loginUrl?: string | undefined;
  }
}

/** To the log-in page, and back here afterwards; clients that want JSON get 401. */
export function askToLogIn(request: HttpRequest): ReturnType<typeof redirectTo> {
  if (request.prefersJson) throw new HttpError(401, "Log in first.", { headers: { "www-authenticate": "Session" } });
  const url = request.services.settings.loginUrl ?? "/admin/login/";
  return redirectTo(`${url}?next=${encodeURIComponent(request.url)}`);
}

/**
 * A view for logged-in users; others are sent to the log-in page and come back.
 *
 * ```ts
 * path("orders/", loginRequired(orders));
 * ```
 */
export function loginRequired<P>(view: View<P>): View<P> {
  return wrapView(view, (request, params) => (request.user.isAuthenticated ? view(request, params) : askToLogIn(request)));
}

/**
 * A view for users with a permission; the others get 403.
 *
 * ```ts
 * path("prices/", permissionRequired("shop.change_coffee", prices));
 * ```
 */
export function permissionRequired<P>(codename: string, view: View<P>): View<P> {
  return wrapView(view, async (request, params) => {
    if (!request.user.isAuthenticated) return askToLogIn(request);
    if (await request.user.hasPermission(codename)) return view(request, params);
    throw new HttpError(403, `This needs the permission ${codename}.`);
  });
}
