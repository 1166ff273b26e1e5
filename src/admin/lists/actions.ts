import type { HttpRequest, HttpResponse, MultiDict } from "#http";
import { HttpError, redirectTo } from "#http";
import { didYouMean } from "#kernel";
import { gettext, interpolate } from "#kernel/i18n";
import { confirmDeletion } from "../edit/delete-view.ts";
import type { AdminAction, BulkAction, ModelAdmin } from "../model-admin.ts";
import { rightsOf } from "../permissions.ts";
import { columnsOf } from "./columns.ts";
import { filtersOf } from "./filters.ts";
import { queryFor, visibleRows } from "./list-query.ts";
import { readState } from "./list-state.ts";

const deleteSelected = "deleteSelected";

/** The actions that this user may do to the selected rows, as buttons. */
export async function actionsFor(request: HttpRequest, admin: ModelAdmin) {
  const buttons: { name: string; label: string; danger: boolean }[] = [];
  for (const { name, label, permission } of admin.options.actions ?? []) {
    if (await rightsOf(request, admin).may(permission ?? "change")) buttons.push({ name, label: String(label), danger: false });
  }
  if (await rightsOf(request, admin).may("delete"))
    buttons.push({ name: deleteSelected, label: gettext("Delete…"), danger: true });
  return buttons;
}

/** What the list's form sends: an action and the rows it is for. */
export async function runAction(request: HttpRequest, admin: ModelAdmin): Promise<HttpResponse> {
  const { data } = await request.form();
  const rows = selectedRows(request, admin, data);
  if (rows === undefined) {
    request.messages.warning(gettext("Nothing was selected."));
    return redirectTo(request.url);
  }
  const name = data.get("action") ?? "";
  const { url } = request;
  if (name === deleteSelected)
    return confirmDeletion(request, { admin, rows: await rows, form: data, backUrl: url, doneUrl: url });
  const action = findAction(admin, name);
  await demandAll(request, admin, { permission: action.permission ?? "change", rows });
  const message = await action.run(rows, request);
  if (message) request.messages.success(message);
  return redirectTo(request.url);
}

/** The ticked rows, or all that the list's address selects; only such as the user sees. */
function selectedRows(request: HttpRequest, admin: ModelAdmin, data: MultiDict): any {
  if (data.get("all") === "1") {
    const [columns, filters] = [columnsOf(admin), filtersOf(admin)];
    return queryFor(request, { admin, columns, filters, state: readState(request.query) }).matching;
  }
  const keys = data.getAll("selected").flatMap((text) => {
    try {
      return [admin.model.meta.primaryKey.clean(text)];
    } catch {
      return [];
    }
  });
  return keys.length === 0 ? undefined : visibleRows(request, admin).filter({ pk: { in: keys } });
}

/** Asks for the permission, and for each row where the admin has a rule of its own for rows. */
async function demandAll(
  request: HttpRequest,
  admin: ModelAdmin,
  { permission, rows }: { permission: AdminAction; rows: AsyncIterable<unknown> },
): Promise<void> {
  const rights = rightsOf(request, admin);
  await rights.demand(permission);
  if (admin.options.allow?.[permission] === undefined) return;
  for await (const row of rows) await rights.demand(permission, row);
}

function findAction(admin: ModelAdmin, name: string): BulkAction {
  const actions = admin.options.actions ?? [];
  const found = actions.find((action) => action.name === name);
  if (found !== undefined) return found;
  const known = actions.map((action) => action.name);
  throw new HttpError(400, interpolate(gettext('There is no action "%(name)s" here.'), { name }), {
    hint: didYouMean(name, known),
  });
}
