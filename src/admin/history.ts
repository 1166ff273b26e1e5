import type { HttpRequest } from "#http";
import type { Field, ModelClass } from "#orm";
import { type FieldChange, LogEntry } from "./log-entry.ts";
import { siteOf } from "./site.ts";
import { exactTime } from "./words.ts";

/** What was done to a row. */
export interface Deed {
  row: any;
  action: "add" | "change" | "delete" | "run";
  changes?: readonly FieldChange[] | undefined;
  note?: string | undefined;
}

const longestText = 200;

/** Keeps what a user did in the log. */
export async function record(request: HttpRequest, { row, action, changes = [], note = "" }: Deed): Promise<void> {
  const model = row.constructor as ModelClass;
  await keep(request, { modelKey: model.meta.key, objectId: String(row.pk), objectText: String(row), action, changes, note });
}

interface Entry {
  modelKey: string;
  objectId: string;
  objectText: string;
  action: Deed["action"];
  changes: readonly FieldChange[];
  note: string;
}

export async function keep(request: HttpRequest, entry: Entry): Promise<void> {
  await LogEntry.objects.create({
    ...entry,
    objectText: entry.objectText.slice(0, longestText),
    userId: request.user.pk,
    username: request.user.username,
  });
  siteOf(request).counts.forget(LogEntry);
}

/** A row's values before it is changed: fields, and the keys of what its many-to-many relations hold. */
export type Snapshot = ReadonlyMap<string, string>;

const hidden = "••••••";

/** What a person can compare: each named field as text. */
export async function snapshot(row: any, names: readonly string[]): Promise<Snapshot> {
  const { meta } = row.constructor as ModelClass;
  const texts = new Map<string, string>();
  for (const name of names) {
    const member = meta.member(name);
    if (member === undefined || member.type === "reverse") continue;
    texts.set(name, await fieldText(row, member.field));
  }
  return texts;
}

async function fieldText(row: any, field: Field): Promise<string> {
  if (field.kind === "manyToMany") {
    const others: unknown[] = row.pk == null ? [] : await row[field.name];
    return others.map(String).sort().join(", ");
  }
  if (field.name === "password") return row.password ? hidden : "";
  if (field.relation !== undefined) return row[field.attname] == null ? "" : String(await row[field.name]);
  return valueText(row[field.name], field);
}

function valueText(value: unknown, field: Field): string {
  if (value === null || value === undefined) return "";
  if (field.flatChoices !== undefined) return field.displayOf(value);
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (value instanceof Date) return exactTime(value);
  return typeof value === "object" && field.kind === "json" ? JSON.stringify(value) : String(value);
}

/** The fields whose text differs. */
export function changesBetween(model: ModelClass, before: Snapshot, after: Snapshot): FieldChange[] {
  const changes: FieldChange[] = [];
  for (const [field, text] of after) {
    const old = before.get(field) ?? "";
    if (old !== text) changes.push({ field, label: model.meta.field(field).verboseName, before: old, after: text });
  }
  return changes;
}
