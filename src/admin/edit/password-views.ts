import { type AbstractUserRow, keepLoggedIn } from "#auth";
import type { BaseForm } from "#forms";
import { HttpError, type HttpRequest, type HttpResponse, redirectTo } from "#http";
import { gettext, gettextNoop, interpolate } from "#kernel/i18n";
import { ChangePasswordForm, SetPasswordForm } from "../accounts.ts";
import { Addresses } from "../addresses.ts";
import { record } from "../history.ts";
import type { ModelAdmin } from "../model-admin.ts";
import { rowCrumbs } from "../navigation.ts";
import { type Crumb, renderPage } from "../page.ts";
import { rightsOf } from "../permissions.ts";
import { editableField } from "./field-view.ts";
import { requireRow } from "./find-row.ts";

/** One's own password. The session goes on; one's other sessions end. */
export async function ownPasswordPage(request: HttpRequest): Promise<HttpResponse> {
  const user = request.user as AbstractUserRow;
  const form = await ChangePasswordForm.from(request);
  form.user = user;
  const to = new Addresses();
  if (!(await form.isValid())) return passwordPage(request, { form, user, title: gettext("Change password"), backUrl: to.index });
  await setPassword(request, user, form.cleanedData.password as string);
  keepLoggedIn(request, user);
  request.messages.success(gettext("Your password was changed. Your other sessions have ended."));
  return redirectTo(to.index);
}

/** Another user's password. Their sessions end. */
export async function userPasswordPage(request: HttpRequest, admin: ModelAdmin, id: string): Promise<HttpResponse> {
  const { meta } = admin.model;
  const user = await requireRow(request, admin, id);
  if (typeof user.setPassword !== "function")
    throw new HttpError(404, interpolate(gettext("A %(name)s has no password."), { name: meta.verboseName }));
  await rightsOf(request, admin).demand("change", user);
  const form = await SetPasswordForm.from(request);
  form.user = user;
  const to = new Addresses();
  const backUrl = to.row(meta, user.pk, "change");
  if (!(await form.isValid())) {
    const crumbs = [...rowCrumbs(request, admin), { label: String(user), url: backUrl }];
    return passwordPage(request, { form, user, title: gettext("Set password"), backUrl, crumbs });
  }
  await setPassword(request, user, form.cleanedData.password as string);
  if (user.pk === request.user.pk) keepLoggedIn(request, user);
  request.messages.success(interpolate(gettext("The password of %(user)s was set."), { user }));
  return redirectTo(backUrl);
}

async function setPassword(request: HttpRequest, user: AbstractUserRow, password: string): Promise<void> {
  await user.setPassword(password);
  await user.save();
  await record(request, { row: user, action: "change", note: gettextNoop("Set the password.") });
}

interface PasswordPage {
  form: BaseForm;
  user: AbstractUserRow;
  title: string;
  backUrl: string;
  crumbs?: readonly Crumb[];
}

async function passwordPage(
  request: HttpRequest,
  { form, user, title, backUrl, crumbs = [] }: PasswordPage,
): Promise<HttpResponse> {
  const model = user.constructor as never;
  const fields = await Promise.all([...form].map(async (bound) => ({ ...(await editableField(bound, model)), wide: true })));
  const errors = fields.flatMap(({ id, label, errors: texts }) => texts.map((text) => ({ id, label, text })));
  return renderPage(request, "admin/change-form.html", {
    title,
    crumbs,
    fieldsets: [{ fields }],
    errors,
    errorTitle: gettext("The password was not changed."),
    editable: true,
    only: true,
    saveLabel: title,
    backUrl,
    status: errors.length > 0 ? 422 : 200,
  });
}
