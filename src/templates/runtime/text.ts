import { isDateLike } from "../dates/calendar-time.ts";
import { formatDate } from "../dates/format-date.ts";
import { SafeString } from "../safe-string.ts";
import { isPlain } from "./compare.ts";

/** A number as Python prints it: `0.5`, `1e+16`, `nan`, `inf`. */
export function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return String(value);
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const size = Math.abs(value);
  const text = size < 1e-4 ? value.toExponential() : String(value);
  return text.replace(/e([+-])(\d)$/, "e$10$2");
}

/** A value's text as Django prints it: `True`, `None`, `['a', 1]`. Dates are written out in the zone. */
export function textOf(value: unknown, timeZone = "UTC"): string {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
      return numberText(value);
    case "boolean":
      return value ? "True" : "False";
    case "undefined":
      return "";
    case "object":
      return value === null ? "None" : objectText(value, timeZone);
    default:
      return String(value as bigint);
  }
}

function objectText(value: object, timeZone: string): string {
  if (value instanceof SafeString) return value.value;
  if (isDateLike(value)) return formatDate(value, undefined, timeZone);
  if (Array.isArray(value)) return `[${value.map((item) => quotedText(item, timeZone)).join(", ")}]`;
  if (value instanceof Map) return dictionaryText([...value], timeZone);
  if (value instanceof Set)
    return value.size === 0 ? "set()" : `{${[...value].map((item) => quotedText(item, timeZone)).join(", ")}}`;
  if (isPlain(value)) return ownText(value) ?? dictionaryText(Object.entries(value), timeZone);
  return ownText(value) ?? `<${value.constructor?.name ?? "Object"}>`;
}

function ownText(value: object): string | undefined {
  const method = (value as { toString?: unknown }).toString;
  return typeof method === "function" && method !== Object.prototype.toString ? String(value) : undefined;
}

function dictionaryText(entries: readonly [unknown, unknown][], timeZone: string): string {
  return `{${entries.map(([key, value]) => `${quotedText(key, timeZone)}: ${quotedText(value, timeZone)}`).join(", ")}}`;
}

/** Python's `repr`: what a value looks like inside a list. */
export function quotedText(value: unknown, timeZone = "UTC"): string {
  if (value instanceof SafeString) return quoted(value.value);
  if (typeof value === "string") return quoted(value);
  if (value === undefined) return "None";
  const named =
    typeof value === "object" && value !== null && !isPlain(value) && !isDateLike(value) && ownText(value) !== undefined;
  const listed = Array.isArray(value) || value instanceof Map || value instanceof Set || isDecimalLike(value);
  return named && !listed ? `<${value.constructor.name}: ${textOf(value, timeZone)}>` : textOf(value, timeZone);
}

function isDecimalLike(value: unknown): boolean {
  return typeof value === "object" && value !== null && typeof (value as { cmp?: unknown }).cmp === "function";
}

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t");
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}
