import { HttpError, type HttpRequest, type HttpResponse } from "#http";
import { Addresses } from "../addresses.ts";
import { visibleRows } from "../lists/list-query.ts";
import { type FieldChange, LogEntry } from "../log-entry.ts";
import type { ModelAdmin } from "../model-admin.ts";
import { rowCrumbs } from "../navigation.ts";
import { renderPage } from "../page.ts";
import { rightsOf } from "../permissions.ts";
import { capitalise, timeHtml } from "../words.ts";

const mostEntries = 200;
const tones: Record<string, string> = { add: "good", change: "accent", delete: "bad", run: "model" };
const verbs: Record<string, string> = { add: "added", change: "changed", delete: "deleted", run: "ran" };

/** What was done to a row in the admin, newest first; also after it was deleted, where everybody sees every row. */
export async function historyPage(request: HttpRequest, admin: ModelAdmin, id: string): Promise<HttpResponse> {
  await rightsOf(request, admin).demand("view");
  const { meta } = admin.model;
  const to = new Addresses();
  const row = await rowOrNull(request, admin, id);
  if (row !== null) await rightsOf(request, admin).demand("view", row);
  const entries: LogEntry[] = await (LogEntry.objects as any).filter({ modelKey: meta.key, objectId: id }).slice(0, mostEntries);
  const isHidden = row === null && (entries.length === 0 || admin.options.queryset !== undefined);
  if (isHidden) throw new HttpError(404, `There is no ${meta.verboseName} with the key “${id}”.`);
  const name = row === null ? entries[0]!.objectText : String(row);
  return renderPage(request, "admin/history.html", {
    title: "History",
    crumbs: [...rowCrumbs(request, admin), { label: name, url: row === null ? undefined : to.row(meta, row.pk, "change") }],
    entries: entries.map(entryView),
  });
}

export function entryView(entry: LogEntry) {
  return {
    verb: verbs[entry.action] ?? entry.action,
    action: entry.action,
    tone: tones[entry.action] ?? "",
    who: entry.username || "somebody",
    when: timeHtml(entry.time),
    note: entry.note,
    changes: (entry.changes as FieldChange[]).map((change) => ({ ...change, label: capitalise(change.label) })),
  };
}

async function rowOrNull(request: HttpRequest, admin: ModelAdmin, id: string): Promise<any> {
  try {
    return await visibleRows(request, admin)
      .filter({ pk: admin.model.meta.primaryKey.clean(id) })
      .first();
  } catch {
    return null;
  }
}
