import { isDateLike } from "../dates/calendar-time.ts";
import { durationText, isDuration, plainDateText } from "../dates/date-text.ts";
import { LazyText, placesShown } from "#kernel/i18n";
import { type DateStyle, formatDate } from "../dates/format-date.ts";
import { SafeString } from "../safe-string.ts";
import { isDecimal, isPlain } from "./compare.ts";

/** A number as Python prints it: `0.5`, `1e+16`, `nan`, `inf`. */
export function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return String(value);
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const size = Math.abs(value);
  const text = size < 1e-4 ? value.toExponential() : String(value);
  return text.replace(/e([+-])(\d)$/, "e$10$2");
}

/** A value's text as Python's `str` makes it: `True`, `None`, `['a', 1]`, `2026-11-23`. With a style, dates are written out in it. */
export function textOf(value: unknown, style?: DateStyle): string {
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
      return value === null ? "None" : objectText(value, style);
    default:
      return String(value as bigint);
  }
}

function objectText(value: object, style: DateStyle | undefined): string {
  if (value instanceof SafeString) return value.value;
  if (isDateLike(value)) return style === undefined ? plainDateText(value) : formatDate(value, undefined, style);
  if (isDuration(value)) return durationText(value);
  if (Array.isArray(value)) return `[${value.map((item) => quotedText(item, style)).join(", ")}]`;
  if (value instanceof Map) return dictionaryText([...value], style);
  if (value instanceof Set)
    return value.size === 0 ? "set()" : `{${[...value].map((item) => quotedText(item, style)).join(", ")}}`;
  if (isDecimal(value)) return decimalText(value as ExactDecimal);
  if (isPlain(value)) return ownText(value) ?? dictionaryText(Object.entries(value), style);
  return ownText(value) ?? `<${value.constructor?.name ?? "Object"}>`;
}

/** An exact decimal, with the places that its field gives it. */
interface ExactDecimal {
  toFixed(places: number): string;
}

function decimalText(value: ExactDecimal): string {
  const places = placesShown(value);
  return places === undefined ? String(value) : value.toFixed(places);
}

function ownText(value: object): string | undefined {
  const method = (value as { toString?: unknown }).toString;
  return typeof method === "function" && method !== Object.prototype.toString ? String(value) : undefined;
}

function dictionaryText(entries: readonly [unknown, unknown][], style: DateStyle | undefined): string {
  return `{${entries.map(([key, value]) => `${quotedText(key, style)}: ${quotedText(value, style)}`).join(", ")}}`;
}

/** Python's `repr`: what a value looks like inside a list. */
export function quotedText(value: unknown, style?: DateStyle): string {
  if (value instanceof SafeString || value instanceof LazyText) return quoted(value.toString());
  if (typeof value === "string") return quoted(value);
  if (value === undefined) return "None";
  const listed = Array.isArray(value) || value instanceof Map || value instanceof Set || isDecimal(value);
  // A list's own text would ask everything in it for a text of its own.
  const named =
    typeof value === "object" &&
    value !== null &&
    !listed &&
    !isPlain(value) &&
    !isDateLike(value) &&
    ownText(value) !== undefined;
  return named ? `<${value.constructor.name}: ${textOf(value, style)}>` : textOf(value, style);
}

const unprintable = /(?! )[\p{C}\p{Z}]/gu;
const shortEscapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** What Python writes for a character that cannot be seen: `\x00`, `\u200b`. */
function escapeOf(character: string): string {
  const code = character.codePointAt(0)!;
  const hex = (width: number) => code.toString(16).padStart(width, "0");
  return shortEscapes[character] ?? (code < 0x100 ? `\\x${hex(2)}` : code < 0x10000 ? `\\u${hex(4)}` : `\\U${hex(8)}`);
}

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll("\\", "\\\\").replace(unprintable, escapeOf);
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}
