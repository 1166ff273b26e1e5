import { askToLogIn } from "#auth";
import { HttpError, type HttpRequest, type HttpResponse, type View, wrapView } from "#http";
import { gettext, interpolate } from "#kernel/i18n";
import { renderPage } from "./page.ts";
import { NotAllowed } from "./permissions.ts";

/** A page of the admin: for active staff. Others log in first, or are told why not. */
export function staffOnly<P>(view: View<P>): View<P> {
  return wrapView(view, async (request, params) => {
    if (!request.user.isAuthenticated) return askToLogIn(request);
    if (!request.user.isStaff)
      return refusalPage(
        request,
        interpolate(gettext("%(name)s is not staff, and the admin is for staff only."), { name: request.user.username }),
      );
    try {
      return await view(request, params);
    } catch (error) {
      const isTold = error instanceof HttpError && !request.prefersJson;
      if (isTold && error instanceof NotAllowed) return refusalPage(request, error.message);
      if (isTold && error.status === 404) return missingPage(request, error.message);
      throw error;
    }
  });
}

function missingPage(request: HttpRequest, reason: string): Promise<HttpResponse> {
  return renderPage(request, "admin/refusal.html", { title: gettext("Not found"), reason, status: 404 });
}

function refusalPage(request: HttpRequest, reason: string): Promise<HttpResponse> {
  return renderPage(request, "admin/refusal.html", { title: gettext("Not allowed"), reason, status: 403 });
}
