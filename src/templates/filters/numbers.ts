import { formatNumber, gettext, interpolate, LazyText, ngettext } from "#kernel/i18n";
import { filter, type FilterState } from "../library.ts";
import { isDateLike } from "../dates/calendar-time.ts";
import { templatesErrors } from "../errors.ts";
import { SafeString, safe } from "../safe-string.ts";
import { lengthOf } from "./list-of.ts";
import { isDecimal, isPlain } from "../runtime/compare.ts";
import { quotedText, textOf } from "../runtime/text.ts";
import { fixedText, formatDecimal, parseDecimal } from "../runtime/decimal-text.ts";

/** What Python's `int()` makes of a value; undefined where it refuses. */
export function wholeNumber(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? Math.trunc(value) : undefined;
  if (typeof value === "bigint" || typeof value === "boolean") return Number(value);
  const text = value instanceof SafeString ? value.value : value;
  if (typeof text === "string") return /^\s*[-+]?\d+(?:_\d+)*\s*$/.test(text) ? Number(text.replaceAll("_", "")) : undefined;
  return isDecimal(value) && Number.isFinite(Number(value)) ? Math.trunc(Number(value)) : undefined;
}

/** As `wholeNumber`, with every digit of what is too large for a number. */
export function exactWhole(value: unknown): number | bigint | undefined {
  const number = wholeNumber(value);
  if (number === undefined || Number.isSafeInteger(number)) return number;
  if (typeof value === "bigint") return value;
  const text = value instanceof SafeString ? value.value : value;
  return BigInt(typeof text === "string" ? text.replace(/[\s_]/g, "").replace(/^\+/, "") : number);
}

/** A filter's value or argument as a whole number. @throws TEMPLATES_BAD_VALUE where it is none */
export function wholeOf(value: unknown): number {
  const number = wholeNumber(value);
  if (number === undefined) throw templatesErrors.TEMPLATES_BAD_VALUE({ problem: `${quotedText(value)} is no whole number.` });
  return number;
}

/** What Python's `float()` makes of a value; undefined where it refuses. */
export function floatNumber(value: unknown): number | undefined {
  if (typeof value !== "string" && !(value instanceof SafeString)) {
    return typeof value === "number" ? value : wholeNumber(value) === undefined ? undefined : Number(value);
  }
  const text = String(value)
    .trim()
    .replace(/(?<=\d)_(?=\d)/g, "");
  const named = /^([-+]?)(?:(inf(?:inity)?)|nan)$/i.exec(text);
  if (named) return named[2] === undefined ? Number.NaN : named[1] === "-" ? -Infinity : Infinity;
  return text === "" || Number.isNaN(Number(text)) || /^[-+]?(?:0[xob]|I)/i.test(text) ? undefined : Number(text);
}

function add(value: unknown, argument: unknown): unknown {
  const [a, b] = [wholeNumber(value), wholeNumber(argument)];
  if (a !== undefined && b !== undefined) return Number.isSafeInteger(a + b) ? a + b : bigSum(value, argument);
  if (Array.isArray(value) && Array.isArray(argument)) return [...(value as unknown[]), ...(argument as unknown[])];
  const isText = (given: unknown) => typeof given === "string" || given instanceof SafeString || given instanceof LazyText;
  if (!isText(value) || !isText(argument)) return addToDate(value, argument) ?? "";
  const joined = String(value) + String(argument);
  return value instanceof SafeString && argument instanceof SafeString ? safe(joined) : joined;
}

/** The exact sum of whole numbers that are too large for a number. */
function bigSum(value: unknown, argument: unknown): bigint {
  return BigInt(exactWhole(value) ?? 0) + BigInt(exactWhole(argument) ?? 0);
}

function divides(by: unknown, value: unknown): boolean {
  const [whole, divisor] = [wholeOf(value), wholeOf(by)];
  if (divisor === 0) throw templatesErrors.TEMPLATES_BAD_VALUE({ problem: "Nothing is divided by zero." });
  return whole % divisor === 0;
}

/** A date and a duration, or two durations, as Temporal's types add themselves. */
function addToDate(value: unknown, argument: unknown): unknown {
  const isDuration = (given: unknown) => Object.prototype.toString.call(given) === "[object Temporal.Duration]";
  const add = (value as { add?: unknown } | null | undefined)?.add;
  if (!isDuration(argument) || typeof add !== "function" || !(isDateLike(value) || isDuration(value))) return undefined;
  return add.call(value, argument) as unknown;
}

/** `2`, `-2` (only where there is a fraction), with `g` for groups of thousands and `u` for none of the language's signs. */
function floatformat(value: unknown, argument: unknown, state: FilterState): unknown {
  const given = textOf(value);
  const decimal = parseDecimal(typeof value === "boolean" ? String(Number(value)) : given.replace(/(?<=\d)_(?=\d)/g, ""));
  if (decimal === undefined) return "";
  const isText = typeof argument === "string" || argument instanceof SafeString;
  const [, places = "", flags = ""] = isText ? (/^(.*?)(gu|ug|g|u|)$/s.exec(String(argument)) ?? []) : [];
  const digits = isText && places !== "" ? wholeNumber(places) : wholeNumber(isText ? -1 : (argument ?? -1));
  if (
    digits === undefined ||
    decimal === "special" ||
    decimal.digits + Math.abs(decimal.exponent) > 200 ||
    Math.abs(digits) > 1000
  )
    return given;
  const language = flags.includes("u") || !state.localizes ? "en" : state.language;
  const grouping = flags.includes("g") ? true : language === "en" && flags.includes("u") ? false : undefined;
  return safe(formatNumber(formatDecimal(decimal, { places: digits }), { language, grouping }));
}

const units = [
  () => gettext("%s KB"), () => gettext("%s MB"), () => gettext("%s GB"), () => gettext("%s TB"), () => gettext("%s PB"),
]; // prettier-ignore

function filesizeformat(value: unknown, state: FilterState): string {
  const bytes = wholeNumber(value) ?? 0;
  const size = Math.abs(bytes);
  const sign = bytes < 0 ? "-" : "";
  return sign + sizeText(size, state).replaceAll(" ", "\u00a0");
}

function sizeText(size: number, { language, localizes }: FilterState): string {
  if (size < 1024) return interpolate(ngettext("%(size)d byte", "%(size)d bytes", size), { size });
  const power = Math.min(units.length, Math.floor(Math.log2(size) / 10));
  const amount = formatNumber(fixedText(size / 1024 ** power, 1), { language: localizes ? language : "en" });
  return units[power - 1]!().replace("%s", () => amount);
}

function isCollection(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return value instanceof Map || value instanceof Set || Array.isArray(value) || isPlain(value);
}

function pluralize(value: unknown, argument: unknown): string {
  const suffixes = textOf(argument ?? "s");
  const [singular = "", plural = "", ...more] = suffixes.includes(",") ? suffixes.split(",") : ["", suffixes];
  if (more.length > 0) return "";
  const count = isCollection(value) ? lengthOf(value) : floatNumber(value);
  if (count === undefined) return "";
  return count === 1 ? singular : plural;
}

function getDigit(value: unknown, argument: unknown): unknown {
  const [number, place] = [exactWhole(value), wholeNumber(argument)];
  if (number === undefined || place === undefined) return value;
  if (place < 1) return number;
  return Number(String(number).at(-place) ?? 0);
}

export const numberFilters = {
  add: filter(add, { argument: "required", receivesSafe: true }),
  divisibleby: filter((value, by) => divides(by, value), { argument: "required" }),
  filesizeformat: filter((value, _, state) => filesizeformat(value, state), { argument: "none", isSafe: true }),
  floatformat: filter(floatformat, { argument: "optional", isSafe: true }),
  get_digit: filter(getDigit, { argument: "required", receivesSafe: true }),
  pluralize: filter(pluralize, { argument: "optional" }),
};
