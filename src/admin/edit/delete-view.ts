import { HttpError, type HttpRequest, type HttpResponse, type MultiDict, redirectTo } from "#http";
import { gettext, interpolate, ngettext } from "#kernel/i18n";
import { collectDeletion, type ModelClass, transaction } from "#orm";
import { record } from "../history.ts";
import type { ModelAdmin } from "../model-admin.ts";
import { rowCrumbs } from "../navigation.ts";
import { renderPage } from "../page.ts";
import { rightsOf } from "../permissions.ts";
import { siteOf } from "../site.ts";
import { capitalise, countOf } from "../words.ts";

const mostNamed = 20;

interface Deletion {
  admin: ModelAdmin;
  rows: readonly any[];
  form: MultiDict | undefined;
  /** Where "keep" leads. */
  backUrl: string;
  /** Where one goes when they are deleted. */
  doneUrl: string;
}

/** The page that says what a deletion takes along, or what stands against it; the second time, the deletion itself. */
export async function confirmDeletion(request: HttpRequest, deletion: Deletion): Promise<HttpResponse> {
  const { admin, rows, form } = deletion;
  await rightsOf(request, admin).demand("delete");
  for (const row of rows) await rightsOf(request, admin).demand("delete", row);
  if (rows.length === 0) throw new HttpError(404, gettext("What was selected is not there any more."));
  const plan = await collectDeletion([...rows]);
  const missing = await notDeletable(
    request,
    plan.deleted.map(({ model }) => model),
  );
  if (isConfirmed(form, rows.length) && plan.protectedBy.length === 0 && missing.length === 0) {
    await deleteRows(request, admin, rows);
    return redirectTo(deletion.doneUrl);
  }
  return deletionPage(request, deletion, { plan, missing });
}

/** Django's `post=yes`. What was confirmed is a number of rows: where more or fewer match by now, one is asked again. */
function isConfirmed(form: MultiDict | undefined, count: number): boolean {
  if (form?.get("post") !== "yes") return false;
  return form.get("all") !== "1" || form.get("count") === String(count);
}

async function deleteRows(request: HttpRequest, admin: ModelAdmin, rows: readonly any[]): Promise<void> {
  const { verboseName, verboseNamePlural } = admin.model.meta;
  await transaction(async () => {
    for (const row of rows) {
      await record(request, { row, action: "delete" });
      await row.delete();
    }
  });
  siteOf(request).counts.forget(admin.model);
  const done =
    rows.length === 1
      ? interpolate(gettext("The %(name)s “%(row)s” was deleted."), { name: verboseName, row: rows[0] })
      : interpolate(gettext("%(things)s were deleted."), { things: countOf(rows.length, verboseName, verboseNamePlural) });
  request.messages.success(done);
}

type Plan = Awaited<ReturnType<typeof collectDeletion>>;

/** What the page says of the rows that would go. */
function questionAbout({ meta }: ModelClass, rows: readonly unknown[]) {
  const what = countOf(rows.length, meta.verboseName, meta.verboseNamePlural);
  const isOne = rows.length === 1;
  const things = isOne ? interpolate(gettext("the %(name)s “%(row)s”"), { name: meta.verboseName, row: rows[0] }) : what;
  const refusal = ngettext(
    "%(things)s cannot be deleted: other rows need it.",
    "%(things)s cannot be deleted: other rows need them.",
    rows.length,
  );
  const title = interpolate(gettext("Delete %(things)s"), { things: what });
  return {
    title,
    buttonLabel: title,
    question: interpolate(gettext("Delete %(things)s? This cannot be undone."), { things }),
    refusal: interpolate(refusal, { things: capitalise(things) }),
    them: ngettext("it", "them", rows.length),
  };
}

function deletionPage(
  request: HttpRequest,
  { admin, rows, form, backUrl }: Deletion,
  { plan, missing }: { plan: Plan; missing: string[] },
) {
  return renderPage(request, "admin/delete.html", {
    ...questionAbout(admin.model, rows),
    crumbs: rowCrumbs(request, admin),
    deleted: plan.deleted
      .toReversed()
      .map(({ model, instances }) => (isDeclared(request, model) ? namedRows(model, instances) : links(model, instances))),
    updated: plan.updated.map(({ model, field, count }) =>
      interpolate(gettext("%(things)s: %(field)s becomes empty"), {
        things: countOf(count, model.meta.verboseName, model.meta.verboseNamePlural),
        field: fieldName(field),
      }),
    ),
    protected: plan.protectedBy.map(({ model, instances }) => namedRows(model, instances)),
    missing: missing.join(", "),
    count: String(rows.length),
    hidden: [...(form ?? [])]
      .filter(([name]) => name === "selected" || name === "action" || name === "all")
      .map(([name, value]) => ({ name, value })),
    action: request.url,
    backUrl,
  });
}

function namedRows(model: ModelClass, rows: readonly unknown[]) {
  const { verboseName, verboseNamePlural } = model.meta;
  return {
    label: countOf(rows.length, verboseName, verboseNamePlural),
    items: rows.slice(0, mostNamed).map(String),
    rest: Math.max(0, rows.length - mostNamed),
  };
}

/** The middle tables of many-to-many relations are nobody's rows: their number says enough. */
function isDeclared(request: HttpRequest, model: ModelClass): boolean {
  return siteOf(request).settings.apps.some((app) => Object.values(app.models ?? {}).includes(model));
}

function links(model: ModelClass, rows: readonly unknown[]) {
  return { label: `${countOf(rows.length, gettext("link"), gettext("links"))}: ${model.meta.verboseName}`, items: [], rest: 0 };
}

function fieldName(field: unknown): string {
  return typeof field === "string" ? field : String((field as { verboseName?: string }).verboseName);
}

/** The models among those that go along that the user may not delete; what the admin does not show goes silently. */
async function notDeletable(request: HttpRequest, models: readonly ModelClass[]): Promise<string[]> {
  const site = siteOf(request);
  const names: string[] = [];
  for (const model of new Set(models)) {
    const admin = site.of(model);
    if (admin !== undefined && !(await rightsOf(request, admin).may("delete"))) names.push(model.meta.verboseNamePlural);
  }
  return names;
}
