import { currentLanguage } from "../current-locale.ts";
import { i18nSettings } from "../i18n-settings.ts";
import { formatsOf } from "./formats-of.ts";
import type { LocaleFormats } from "./locale-formats.ts";

/** How `formatNumber` writes; separators and grouping are the language's where they are not given. */
export interface NumberOptions extends Partial<Pick<LocaleFormats, "decimalSeparator" | "thousandSeparator" | "numberGrouping">> {
  /** How many digits follow the decimal separator; as many as there are by default. */
  decimals?: number | undefined;
  /** Whether thousands are separated; by default the setting `useThousandSeparator` says. */
  grouping?: boolean | undefined;
  language?: string | undefined;
}

/** A number with more digits is written with an exponent: writing it out would let a short text fill the memory. */
const mostDigits = 200;

/**
 * A number as a language writes it. Digits beyond `decimals` are cut off, not rounded, as Django does.
 *
 * ```ts
 * formatNumber(1234.5, { decimals: 2, grouping: true, language: "de" }); // "1.234,50"
 * ```
 */
export function formatNumber(value: number | bigint | string | { toString(): string }, options: NumberOptions = {}): string {
  const language = options.language ?? currentLanguage();
  const style = { ...formatsOf(language), ...options };
  const text = String(value);
  const number = /^([-+]?)(\d*)(?:\.(\d*))?(?:e([-+]?\d+))?$/i.exec(text);
  if (number === null) return text;
  const [, sign = "", whole = "", fraction = "", exponent] = number;
  if (exponent === undefined) return write(sign, [whole, fraction], style);
  if (Math.abs(Number(exponent)) + whole.length + fraction.length > mostDigits) {
    return `${write(sign, [whole, fraction], style)}e${exponent}`;
  }
  return write(sign, shift(whole, fraction, Number(exponent)), style);
}

/** Digits with the decimal point moved: what an exponent means. */
function shift(whole: string, fraction: string, by: number): [string, string] {
  const digits = by < 0 ? "0".repeat(-by) + whole + fraction : whole + fraction + "0".repeat(Math.max(0, by - fraction.length));
  const point = by < 0 ? whole.length : whole.length + by;
  return [digits.slice(0, point).replace(/^0+(?=\d)/, ""), digits.slice(point)];
}

function write(sign: string, [whole, fraction]: [string, string], style: NumberOptions & LocaleFormats): string {
  const { decimals, grouping = i18nSettings().useThousandSeparator, decimalSeparator } = style;
  const digits = decimals === undefined ? fraction : fraction.slice(0, decimals).padEnd(decimals, "0");
  const shown = grouping ? group(whole || "0", style) : whole || "0";
  const isZero = /^0*$/.test(whole + digits);
  return `${sign === "-" && !isZero ? "-" : ""}${shown}${digits === "" ? "" : decimalSeparator + digits}`;
}

function group(digits: string, { numberGrouping, thousandSeparator }: LocaleFormats): string {
  const sizes = typeof numberGrouping === "number" ? [numberGrouping] : numberGrouping;
  const groups: string[] = [];
  let rest = digits;
  for (let index = 0; rest !== ""; index++) {
    const size = sizes[Math.min(index, sizes.length - 1)] ?? 0;
    if (size === 0 || rest.length <= size) break;
    groups.unshift(rest.slice(-size));
    rest = rest.slice(0, -size);
  }
  return [rest, ...groups].join(thousandSeparator);
}
