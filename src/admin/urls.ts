import { byMethod, type HttpRequest, include, notFound, path, redirectTo, type View } from "#http";
import { gettext, interpolate } from "#kernel/i18n";
import { Addresses } from "./addresses.ts";
import { addPage, changePage } from "./edit/change-view.ts";
import { deletePage } from "./edit/delete-page.ts";
import { historyPage } from "./edit/history-view.ts";
import { ownPasswordPage, userPasswordPage } from "./edit/password-views.ts";
import { appPage, indexPage } from "./index-view.ts";
import { learningUrls } from "./learning/urls.ts";
import { runAction } from "./lists/actions.ts";
import { listPage } from "./lists/list-view.ts";
import { loginPage, logoutView, themeView } from "./login-views.ts";
import type { ModelAdmin } from "./model-admin.ts";
import { searchPage } from "./search-view.ts";
import { siteOf } from "./site.ts";
import { staffOnly } from "./staff-only.ts";

interface ModelParams {
  app: string;
  model: string;
}
interface RowParams extends ModelParams {
  id: string;
}

/** A page of a model; 404 where the admin does not show it. */
function modelPage(view: (request: HttpRequest, admin: ModelAdmin) => unknown): View<ModelParams> {
  return staffOnly((request, { app, model }: ModelParams) => view(request, requireAdmin(request, app, model)));
}

function rowPage(view: (request: HttpRequest, admin: ModelAdmin, id: string) => unknown): View<RowParams> {
  return staffOnly((request, { app, model, id }: RowParams) => view(request, requireAdmin(request, app, model), id));
}

function requireAdmin(request: HttpRequest, app: string, model: string): ModelAdmin {
  return (
    siteOf(request).find(app, model) ??
    notFound(interpolate(gettext('The admin shows no "%(model)s" of the app "%(app)s".'), { model, app }))
  );
}

const toChange = rowPage((_request, { model }, id) => redirectTo(new Addresses().row(model.meta, id, "change")));

const both = <P>(view: View<P>): View<P> => byMethod({ GET: view, POST: view });

/** The admin's addresses, in the namespace `admin`. */
export const adminUrls = include(
  [
    path("", staffOnly(indexPage), { name: "index" }),
    path("login/", both(loginPage), { name: "login" }),
    path("logout/", both(logoutView), { name: "logout" }),
    path("theme/", byMethod({ POST: themeView }), { name: "theme" }),
    path("password_change/", both(staffOnly(ownPasswordPage)), { name: "password-change" }),
    path("search/", staffOnly(searchPage), { name: "search" }),
    ...learningUrls,
    path(
      "<str:app>/",
      staffOnly((request, { app }: { app: string }) => appPage(request, app)),
      { name: "app" },
    ),
    path("<str:app>/<str:model>/", byMethod({ GET: modelPage(listPage), POST: modelPage(runAction) }), { name: "list" }),
    path("<str:app>/<str:model>/add/", both(modelPage(addPage)), { name: "add" }),
    path("<str:app>/<str:model>/<path:id>/change/", both(rowPage(changePage)), { name: "change" }),
    path("<str:app>/<str:model>/<path:id>/delete/", both(rowPage(deletePage)), { name: "delete" }),
    path("<str:app>/<str:model>/<path:id>/history/", rowPage(historyPage), { name: "history" }),
    path("<str:app>/<str:model>/<path:id>/password/", both(rowPage(userPasswordPage)), { name: "password" }),
    path("<str:app>/<str:model>/<path:id>/", toChange, { name: "row" }),
  ],
  { namespace: "admin" },
);
