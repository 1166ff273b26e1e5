import { filter } from "../library.ts";
import { escapeHtml, safe } from "../safe-string.ts";
import { calendarTime, isDateLike } from "../dates/calendar-time.ts";
import { isoText } from "../dates/date-text.ts";
import { truthy } from "../runtime/compare.ts";
import { numberText, textOf } from "../runtime/text.ts";

const escapes: Readonly<Record<string, string>> = { "<": "\\u003C", ">": "\\u003E", "&": "\\u0026" };
const unicode = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** A date or a time as Django's encoder writes it: with milliseconds where there are any. */
function momentText(value: unknown): string {
  const time = calendarTime(value, "UTC");
  return time === undefined ? "" : isoText(time).replace(/(?<=\.\d{3})\d+/, "").replace(/\+00:00$/, "Z"); // prettier-ignore
}

/** JSON as Django writes it: a space after `:` and `,`, everything outside ASCII escaped. */
function jsonText(value: unknown): string {
  if (isDateLike(value)) return JSON.stringify(momentText(value));
  const { toJSON } = (value ?? {}) as { toJSON?: unknown };
  // What came from a client may have a `toJSON` that is none.
  const given = typeof value === "object" && typeof toJSON === "function" ? (toJSON.call(value) as unknown) : value;
  if (typeof given === "bigint") return String(given);
  if (typeof given === "number" && Number.isFinite(given)) return numberText(given);
  if (given instanceof Map) return jsonText(Object.fromEntries(given));
  if (given instanceof Set) return jsonText([...given]);
  if (Array.isArray(given)) return `[${given.map(jsonText).join(", ")}]`;
  if (typeof given === "object" && given !== null) {
    const entries = Object.entries(given).filter(([, item]) => item !== undefined && typeof item !== "function");
    return `{${entries.map(([key, item]) => `${jsonText(key)}: ${jsonText(item)}`).join(", ")}}`;
  }
  return (JSON.stringify(given) ?? "null").replace(/[\u007f-\uffff]/g, unicode);
}

export const jsonFilters = {
  json_script: filter((value, id) => {
    const json = jsonText(value).replace(/[<>&]/g, (character) => escapes[character]!);
    const attribute = truthy(id) ? `id="${escapeHtml(textOf(id))}" ` : "";
    return safe(`<script ${attribute}type="application/json">${json}</script>`);
  }, { argument: "optional" }),
}; // prettier-ignore
