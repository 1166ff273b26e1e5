import { type HttpRequest, viewMarks } from "#http";
import type { ProjectSettings } from "#kernel";
import type { LoggedQuery } from "#orm";
import { usualContextNames } from "../context-processors.ts";
import type { ValueText } from "./describe-value.ts";

/** A name and a short text of its value. */
export interface NamedText {
  name: string;
  value: string;
}

/** What a request brought. */
export interface RequestReport {
  method: string;
  url: string;
  view: string | undefined;
  params: readonly NamedText[];
  query: readonly NamedText[];
  form: readonly NamedText[] | undefined;
  headers: readonly NamedText[];
  cookies: readonly NamedText[];
}

const queriesOf = new WeakMap<HttpRequest, readonly LoggedQuery[]>();

/** Remembers the list to which a request's queries are added. */
export function noteQueries(request: HttpRequest, queries: readonly LoggedQuery[]): void {
  queriesOf.set(request, queries);
}

/** The queries that a request has run so far, in development. */
export function notedQueries(request: HttpRequest): readonly LoggedQuery[] {
  return queriesOf.get(request) ?? [];
}

/** What there is to say of a request. A form is shown where somebody has read it. */
export async function reportRequest(request: HttpRequest, texts: ValueText): Promise<RequestReport> {
  const form = await request.openedForm?.catch(() => undefined);
  return {
    method: request.method,
    url: hideQuery(request, texts),
    view: request.resolved?.view.name,
    params: named(Object.entries(request.resolved?.params ?? {}), texts),
    query: named(request.query, texts),
    form: form && hideFields(request, named([...form.data, ...[...form.files].map(([name, file]) => [name, `the file ${file.name}`] as const)], texts)), // prettier-ignore
    headers: named(Object.entries(request.headers), texts),
    cookies: named(request.cookies, texts),
  };
}

/** The project's settings, by their names; apps by theirs, and addresses by their number. */
export function reportSettings(settings: ProjectSettings, texts: ValueText): readonly NamedText[] {
  const told = { ...settings, apps: settings.apps.map((app) => app.name), urls: `${settings.urls?.length ?? 0} entries` };
  const entries = Object.entries(told).filter(([, value]) => value !== undefined);
  return named(entries, texts).toSorted((a, b) => a.name.localeCompare(b.name));
}

/** What every template has says nothing of this one; who asks for the page does. */
const untold: ReadonlySet<string> = new Set(
  [...usualContextNames, "perms", "MEDIA_URL", "STATIC_URL"].filter((name) => name !== "user"),
);

/** The names of a template's context, beside those that every template has. */
export function reportContext(context: Readonly<Record<string, unknown>>, texts: ValueText): readonly NamedText[] {
  const names = Object.keys(context).filter((name) => !untold.has(name));
  return names.slice(0, 100).sort().map((name) => ({ name, value: describeEntry(context, name, texts) })); // prettier-ignore
}

function describeEntry(context: Readonly<Record<string, unknown>>, name: string, texts: ValueText): string {
  const property = Object.getOwnPropertyDescriptor(context, name);
  if (property === undefined || "value" in property) return texts.of(name, property?.value);
  return "(getter)";
}

function named(entries: Iterable<readonly [string, unknown]>, texts: ValueText): NamedText[] {
  return [...entries].slice(0, 100).map(([name, value]) => ({ name, value: texts.of(name, value) }));
}

/** The fields without the values that the view calls sensitive. */
function hideFields(request: HttpRequest, fields: readonly NamedText[]): NamedText[] {
  const sensitive = request.resolved === undefined ? undefined : viewMarks(request.resolved.view).sensitiveFields;
  const isHidden = (name: string): boolean => sensitive === true || sensitive?.includes(name) === true;
  return fields.map(({ name, value }) => ({ name, value: isHidden(name) ? "…" : value }));
}

/** The address without the values of secret parameters. */
function hideQuery(request: HttpRequest, texts: ValueText): string {
  const [path = "", ...query] = request.url.split("?");
  if (query.length === 0) return path;
  const parts = query.join("?").split("&").map((part) => (texts.isSecret(part.split("=")[0]!) ? `${part.split("=")[0]}=…` : part)); // prettier-ignore
  return `${path}?${parts.join("&")}`;
}
