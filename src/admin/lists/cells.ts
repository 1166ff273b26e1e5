import { withPlaces } from "#forms";
import { gettext, interpolate } from "#kernel/i18n";
import { type Field, FieldFile } from "#orm";
import { escapeHtml, safe, SafeString } from "#templates";
import { type Decimal, formatDuration, isDecimal, Temporal } from "#validation";
import { numberText, timeHtml } from "../words.ts";

const nothing = safe('<span class="none" title="empty">–</span>');
const longest = 160;

/** How a field's value is shown to a person: in a list, in a read-only field. */
export function valueHtml(value: unknown, field?: Field): SafeString {
  if (value === null || value === undefined || value === "") return nothing;
  if (value instanceof SafeString) return value;
  if (field?.flatChoices !== undefined) return safe(`<span class="badge">${escapeHtml(field.displayOf(value))}</span>`);
  if (typeof value === "boolean")
    return safe(
      value ? `<span class="yes">${escapeHtml(gettext("Yes"))}</span>` : `<span class="no">${escapeHtml(gettext("No"))}</span>`,
    );
  if (typeof value === "number" || typeof value === "bigint") return text(field?.primaryKey ? String(value) : numberText(value));
  if (isDecimal(value)) return text(decimalText(value, field));
  if (value instanceof Date) return timeHtml(value);
  if (field?.kind === "json" || isPlain(value)) return safe(`<code>${escapeHtml(shorten(JSON.stringify(value)))}</code>`);
  if (value instanceof FieldFile) return value.isStored ? link(value.url, value.name) : text(value.name);
  if (value instanceof Uint8Array) return text(interpolate(gettext("%(count)s bytes"), { count: numberText(value.length) }));
  if (value instanceof Temporal.Duration) return text(formatDuration(value));
  if (field?.kind === "url" && /^https?:/i.test(String(value))) return link(String(value), String(value));
  if (field?.kind === "email") return link(`mailto:${String(value)}`, String(value));
  return text(String(value));
}

/** The class of a field's cells: numbers stand at the end of their column. */
export function cellClass(field: Field | undefined): string {
  return field !== undefined && isNumber(field) ? "number" : "";
}

const numberKinds = /(?:integer|float|decimal)$/i;

function isNumber(field: Field): boolean {
  return numberKinds.test(field.kind) && field.choices === undefined && field.relation === undefined && !field.primaryKey;
}

/** `4,500.50`: exact, with all the places of its field. */
function decimalText(value: Decimal, field: Field | undefined): string {
  const [whole = "", places] = withPlaces(value, field?.decimalPlaces ?? 0).split(".");
  return whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ",") + (places === undefined ? "" : `.${places}`);
}

function isPlain(value: unknown): boolean {
  return (
    Array.isArray(value) || (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype)
  );
}

function text(value: string): SafeString {
  return safe(escapeHtml(shorten(value)));
}

function link(href: string, label: string): SafeString {
  return safe(`<a href="${escapeHtml(href)}" rel="noreferrer">${escapeHtml(shorten(label))}</a>`);
}

function shorten(value: string): string {
  return value.length > longest ? `${value.slice(0, longest)}…` : value;
}
