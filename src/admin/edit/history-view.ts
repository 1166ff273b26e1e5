import type { HttpRequest, HttpResponse } from "#http";
import { gettext } from "#kernel/i18n";
import { Addresses } from "../addresses.ts";
import { LogEntry, verbs } from "../log-entry.ts";
import type { ModelAdmin } from "../model-admin.ts";
import { rowCrumbs } from "../navigation.ts";
import { renderPage } from "../page.ts";
import { rightsOf } from "../permissions.ts";
import { capitalise, timeHtml } from "../words.ts";
import { findRow, missingRow } from "./find-row.ts";

const mostEntries = 200;
const tones: Record<string, string> = { add: "good", change: "accent", delete: "bad", run: "model" };

/** What was done to a row in the admin, newest first; also after it was deleted, where everybody sees every row. */
export async function historyPage(request: HttpRequest, admin: ModelAdmin, id: string): Promise<HttpResponse> {
  await rightsOf(request, admin).demand("view");
  const { meta } = admin.model;
  const to = new Addresses();
  const row = await findRow(request, admin, id);
  if (row === null && (admin.options.queryset !== undefined || id.includes("\0"))) missingRow(admin, id);
  if (row !== null) await rightsOf(request, admin).demand("view", row);
  const objectId = row === null ? id : String(row.pk);
  const entries = await LogEntry.objects.filter({ modelKey: meta.key, objectId }).slice(0, mostEntries);
  if (row === null && entries.length === 0) missingRow(admin, id);
  const name = row === null ? entries[0]!.objectText : String(row);
  return renderPage(request, "admin/history.html", {
    title: gettext("History"),
    crumbs: [...rowCrumbs(request, admin), { label: name, url: row === null ? undefined : to.row(meta, row.pk, "change") }],
    entries: entries.map(entryView),
  });
}

export function entryView(entry: LogEntry) {
  return {
    verb: String(verbs[entry.action]),
    action: entry.action,
    tone: tones[entry.action] ?? "",
    who: entry.username || gettext("somebody"),
    when: timeHtml(entry.time),
    note: entry.note === "" ? "" : gettext(entry.note),
    changes: entry.changes.map((change) => ({ ...change, label: capitalise(change.label) })),
  };
}
