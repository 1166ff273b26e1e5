import { filter } from "../library.ts";
import { SafeString, safe } from "../safe-string.ts";
import { textOf } from "../runtime/text.ts";
import { formatDecimal, parseDecimal } from "./decimal-text.ts";

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
  const isText = (given: unknown) => typeof given === "string" || given instanceof SafeString;
  if (!isText(value) || !isText(argument)) return "";
  const joined = String(value) + String(argument);
  return value instanceof SafeString && argument instanceof SafeString ? safe(joined) : joined;
}

/** `2`, `-2` (only where there is a fraction), with `g` for groups of thousands and `u` for none of the locale's signs. */
function floatformat(value: unknown, argument: unknown): unknown {
  const given = textOf(value);
  const decimal = parseDecimal(typeof value === "boolean" ? String(Number(value)) : given);
  if (decimal === undefined) return "";
  const [, places = "", flags = ""] = /^(.*?)([gu]{0,2})$/s.exec(textOf(argument ?? -1)) ?? [];
  const digits = places === "" ? -1 : wholeNumber(places);
  if (digits === undefined || decimal === "special" || decimal.digits + Math.abs(decimal.exponent) > 200) return given;
  return safe(formatDecimal(decimal, digits, flags.includes("g")));
}

const units = ["KB", "MB", "GB", "TB", "PB"];

function filesizeformat(value: unknown): string {
  const bytes = Math.trunc(floatNumber(value) ?? 0);
  const size = Math.abs(bytes);
  const sign = bytes < 0 ? "-" : "";
  if (size < 1024) return `${sign}${size}\u00a0byte${size === 1 ? "" : "s"}`;
  const power = Math.min(units.length, Math.floor(Math.log2(size) / 10));
  return `${sign}${(size / 1024 ** power).toFixed(1)}\u00a0${units[power - 1]}`;
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
  filesizeformat: filter((value) => filesizeformat(value), { argument: "none", isSafe: true }),
  floatformat: filter(floatformat, { argument: "optional", isSafe: true }),
  get_digit: filter(getDigit, { argument: "required" }),
  pluralize: filter(pluralize, { argument: "optional" }),
};
