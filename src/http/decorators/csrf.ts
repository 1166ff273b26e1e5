import { type View, wrapView } from "../view.ts";

/** The view verifies no CSRF token: it authenticates its callers in another way. `path("hook/", csrfExempt(hook))` */
export function csrfExempt<P>(view: View<P>): View<P> {
  return wrapView(view, view, { csrf: "never" });
}

/** The view verifies the CSRF token, as views do that say nothing: takes back what `csrfExempt` or an API said of it. */
export function csrfProtect<P>(view: View<P>): View<P> {
  return wrapView(view, view, { csrf: "always" });
}

/** The CSRF token is verified only where a session cookie came and no `Authorization` header: API and model-serving views. */
export function csrfOnlyWithSession<P>(view: View<P>): View<P> {
  return wrapView(view, view, { csrf: "session" });
}

/** The answer always sets the CSRF cookie: for pages without a form whose scripts send requests. */
export function ensureCsrfCookie<P>(view: View<P>): View<P> {
  return wrapView(view, (request, params) => {
    void request.csrfToken;
    return view(request, params);
  });
}
