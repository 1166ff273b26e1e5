import { type HttpRequest, type HttpResponse, redirectTo } from "#http";
import { gettext, interpolate, ngettext } from "#kernel/i18n";
import { transaction } from "#orm";
import { Addresses } from "../addresses.ts";
import { changesBetween, record, snapshot } from "../history.ts";
import type { AdminForm, ModelAdmin } from "../model-admin.ts";
import { carriedList } from "../lists/list-state.ts";
import { rowCrumbs } from "../navigation.ts";
import { renderPage } from "../page.ts";
import { rightsOf } from "../permissions.ts";
import { siteOf } from "../site.ts";
import { capitalise } from "../words.ts";
import { editableField, readonlyField } from "./field-view.ts";
import { requireRow } from "./find-row.ts";
import { type FormLayout, layoutOf } from "./form-layout.ts";
import { formFor } from "./model-form.ts";

/** The form for a new row. */
export async function addPage(request: HttpRequest, admin: ModelAdmin): Promise<HttpResponse> {
  await rightsOf(request, admin).demand("add");
  const layout = layoutOf(request, { admin, row: null, mayChange: true });
  const Form = admin.options.addForm ?? admin.options.form ?? (await formFor(request, admin, layout.editable));
  return edit(request, { admin, row: null, layout, Form });
}

/** The form for a row that exists; only to read for those who may only view. */
export async function changePage(request: HttpRequest, admin: ModelAdmin, id: string): Promise<HttpResponse> {
  const rights = rightsOf(request, admin);
  await rights.demand("view");
  const row = await requireRow(request, admin, id);
  await rights.demand("view", row);
  if (request.method === "POST") await rights.demand("change", row);
  const mayChange = await rights.may("change", row);
  const layout = layoutOf(request, { admin, row, mayChange });
  const Form = admin.options.form ?? (await formFor(request, admin, layout.editable));
  return edit(request, { admin, row, layout, Form });
}

interface Edit {
  admin: ModelAdmin;
  /** Null for a new row. */
  row: any;
  layout: FormLayout;
  Form: AdminForm;
}

async function edit(request: HttpRequest, { admin, row, layout, Form }: Edit): Promise<HttpResponse> {
  if (request.method !== "POST") {
    const initial = row === null ? initialFrom(request) : undefined;
    return formPage(request, {
      admin,
      row,
      layout,
      form: new Form({ instance: row ?? undefined, initial }),
      title: titleOf(admin, row),
    });
  }
  const { data, files } = await request.form();
  const title = titleOf(admin, row);
  const before = row === null ? new Map() : await snapshot(row, layout.editable);
  const form = new Form({ instance: row ?? undefined, data, files });
  if (!(await form.isValid())) return formPage(request, { admin, row, layout, form, title });
  const saved = await transaction(async () => {
    const made = await form.save();
    const changes = changesBetween(admin.model, before, await snapshot(made, layout.editable));
    if (row === null || changes.length > 0)
      await record(request, { row: made, action: row === null ? "add" : "change", changes });
    return made;
  });
  return afterSave(request, admin, { saved, added: row === null, pressed: data });
}

/** `?roaster=3` fills in what a new row begins with. */
function initialFrom(request: HttpRequest): Record<string, unknown> {
  return Object.fromEntries(request.query);
}

interface Saved {
  saved: any;
  added: boolean;
  pressed: { has(name: string): boolean };
}

function afterSave(request: HttpRequest, admin: ModelAdmin, { saved, added, pressed }: Saved): HttpResponse {
  const { meta } = admin.model;
  const to = new Addresses();
  if (added) siteOf(request).counts.forget(admin.model);
  const done = added ? gettext("The %(name)s “%(row)s” was added.") : gettext("The %(name)s “%(row)s” was changed.");
  request.messages.success(interpolate(done, { name: meta.verboseName, row: saved }));
  if (pressed.has("_continue") || (added && admin.options.addForm !== undefined))
    return redirectTo(to.row(meta, saved.pk, "change"));
  return redirectTo(pressed.has("_addanother") ? to.add(meta) : to.list(meta) + carriedList(request.query));
}

function titleOf({ model }: ModelAdmin, row: any): string {
  if (row === null) return interpolate(gettext("Add %(singular)s"), { singular: model.meta.verboseName });
  return String(row) || capitalise(model.meta.verboseName);
}

interface FormPage {
  admin: ModelAdmin;
  row: any;
  layout: FormLayout;
  form: any;
  /** Taken before what was typed is put on the row. */
  title: string;
}

async function formPage(request: HttpRequest, { admin, row, layout, form, title }: FormPage): Promise<HttpResponse> {
  const { meta } = admin.model;
  const to = new Addresses();
  const shown = layout.fieldsets.flatMap((fieldset) => [...fieldset.fields]);
  const views = new Map(
    await Promise.all(shown.map(async (name) => [name, await fieldView(name, { admin, row, layout, form, title })] as const)),
  );
  const errors = problems(form, views);
  const isUser = meta.fields.some((field) => field.name === "password");
  return renderPage(request, "admin/change-form.html", {
    title,
    crumbs: rowCrumbs(request, admin),
    fieldsets: layout.fieldsets.map((fieldset) => ({ ...fieldset, fields: fieldset.fields.map((name) => views.get(name)) })),
    errors,
    errorTitle: interpolate(ngettext("One thing is not right yet.", "%(count)d things are not right yet.", errors.length), {
      count: errors.length,
    }),
    editable: layout.editable.length > 0,
    mayAdd: admin.options.addForm === undefined && (await rightsOf(request, admin).may("add")),
    backUrl: to.list(meta) + carriedList(request.query),
    historyUrl: row === null ? "" : to.row(meta, row.pk, "history"),
    passwordUrl: row !== null && isUser && layout.editable.length > 0 ? to.row(meta, row.pk, "password") : "",
    deleteUrl: row !== null && (await rightsOf(request, admin).may("delete", row)) ? to.row(meta, row.pk, "delete") : "",
    status: errors.length > 0 ? 422 : 200,
  });
}

function fieldView(name: string, { admin, row, layout, form }: FormPage) {
  return layout.readonly.has(name) ? readonlyField(row, name) : editableField(form.boundField(name), admin.model);
}

/** Everything that was refused, each with where to mend it. */
function problems(form: any, views: ReadonlyMap<string, { id: string; label: string; errors: readonly string[] }>) {
  if (!form.isValidated) return [];
  const whole = [...form.nonFieldErrors].map((text: string) => ({ id: "", label: "", text }));
  return [...whole, ...[...views.values()].flatMap(({ id, label, errors }) => errors.map((text) => ({ id, label, text })))];
}
