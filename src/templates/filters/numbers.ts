import { formatNumber, gettext, interpolate, LazyText, ngettext } from "#kernel/i18n";
import { filter, type FilterState } from "../library.ts";
import { isDateLike } from "../dates/calendar-time.ts";
import { SafeString, safe } from "../safe-string.ts";
import { textOf } from "../runtime/text.ts";
import { formatDecimal, parseDecimal } from "../runtime/decimal-text.ts";

/** What Python's `int()` makes of a value; undefined where it refuses. */
export function wholeNumber(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? Math.trunc(value) : undefined;
  if (typeof value === "bigint" || typeof value === "boolean") return Number(value);
  const text = value instanceof SafeString ? value.value : value;
  if (typeof text === "string") return /^\s*[-+]?\d+\s*$/.test(text) ? Number(text) : undefined;
  return typeof value === "object" && value !== null && "cmp" in value ? Math.trunc(Number(value)) : undefined;
}

/** What Python's `float()` makes of a value; undefined where it refuses. */
export function floatNumber(value: unknown): number | undefined {
  if (typeof value !== "string" && !(value instanceof SafeString)) {
    return typeof value === "number" ? value : wholeNumber(value) === undefined ? undefined : Number(value);
  }
  const text = String(value).trim();
  return text === "" || Number.isNaN(Number(text)) || /^0[xob]/i.test(text) ? undefined : Number(text);
}

function add(value: unknown, argument: unknown): unknown {
  const [a, b] = [wholeNumber(value), wholeNumber(argument)];
  if (a !== undefined && b !== undefined) return a + b;
  if (Array.isArray(value) && Array.isArray(argument)) return [...(value as unknown[]), ...(argument as unknown[])];
  const isText = (given: unknown) => typeof given === "string" || given instanceof SafeString || given instanceof LazyText;
  if (!isText(value) || !isText(argument)) return addToDate(value, argument) ?? "";
  const joined = String(value) + String(argument);
  return value instanceof SafeString && argument instanceof SafeString ? safe(joined) : joined;
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
  const decimal = parseDecimal(typeof value === "boolean" ? String(Number(value)) : given);
  if (decimal === undefined) return "";
  const [, places = "", flags = ""] = /^(.*?)([gu]{0,2})$/s.exec(textOf(argument ?? -1)) ?? [];
  const digits = places === "" ? -1 : wholeNumber(places);
  if (digits === undefined || decimal === "special" || decimal.digits + Math.abs(decimal.exponent) > 200) return given;
  const language = flags.includes("u") || !state.localizes ? "en" : state.language;
  const grouping = flags.includes("g") ? true : language === "en" && flags.includes("u") ? false : undefined;
  return safe(formatNumber(formatDecimal(decimal, { places: digits }), { language, grouping }));
}

const units = [
  () => gettext("%s KB"), () => gettext("%s MB"), () => gettext("%s GB"), () => gettext("%s TB"), () => gettext("%s PB"),
]; // prettier-ignore

function filesizeformat(value: unknown, state: FilterState): string {
  const bytes = Math.trunc(floatNumber(value) ?? 0);
  const size = Math.abs(bytes);
  const sign = bytes < 0 ? "-" : "";
  return sign + sizeText(size, state).replaceAll(" ", "\u00a0");
}

function sizeText(size: number, { language, localizes }: FilterState): string {
  if (size < 1024) return interpolate(ngettext("%(size)d byte", "%(size)d bytes", size), { size });
  const power = Math.min(units.length, Math.floor(Math.log2(size) / 10));
  const amount = formatNumber((size / 1024 ** power).toFixed(1), { language: localizes ? language : "en" });
  return units[power - 1]!().replace("%s", () => amount);
}

function pluralize(value: unknown, argument: unknown): string {
  const suffixes = textOf(argument ?? "s");
  const [singular = "", plural = "", ...more] = suffixes.includes(",") ? suffixes.split(",") : ["", suffixes];
  if (more.length > 0) return "";
  const count = Array.isArray(value)
    ? value.length
    : value instanceof Map || value instanceof Set
      ? value.size
      : floatNumber(value);
  if (count === undefined) return "";
  return count === 1 ? singular : plural;
}

function getDigit(value: unknown, argument: unknown): unknown {
  const [number, place] = [wholeNumber(value), wholeNumber(argument)];
  if (number === undefined || place === undefined || place < 1) return value;
  return Number(String(number).at(-place) ?? 0);
}

export const numberFilters = {
  add: filter(add, { argument: "required", receivesSafe: true }),
  divisibleby: filter((value, by) => (wholeNumber(value) ?? Number.NaN) % (wholeNumber(by) ?? 0) === 0, { argument: "required" }),
  filesizeformat: filter((value, _, state) => filesizeformat(value, state), { argument: "none", isSafe: true }),
  floatformat: filter(floatformat, { argument: "optional", isSafe: true }),
  get_digit: filter(getDigit, { argument: "required" }),
  pluralize: filter(pluralize, { argument: "optional" }),
};
