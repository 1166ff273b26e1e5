import { formatNumber, formatsOf, i18nSettings } from "#kernel/i18n";
import { formatDecimal, parseDecimal } from "./decimal-text.ts";
import { numberText, textOf } from "./text.ts";

/** Writes the digits of a number as a language does. */
export type LocalNumbers = (digits: string) => string;

/** How a language shows numbers; undefined where it shows them as they are. */
export function localNumbers(language: string): LocalNumbers | undefined {
  const grouping = i18nSettings().useThousandSeparator;
  if (!grouping && (language === "en" || formatsOf(language).decimalSeparator === ".")) return undefined;
  return (digits) => (/^-?\d/.test(digits) ? formatNumber(digits, { language, grouping }) : digits);
}

/** A number as a page shows it: no exponent as long as it has at most 200 digits. */
export function digitsOf(value: unknown): string {
  const text = typeof value === "number" ? numberText(value) : textOf(value);
  if (!text.includes("e")) return text;
  const decimal = parseDecimal(text);
  if (decimal === undefined || decimal === "special" || decimal.digits + Math.abs(decimal.exponent) > 200) return text;
  return formatDecimal(decimal, { places: Math.max(0, -decimal.exponent) });
}

/** What `{{ number }}` prints. */
export function shownNumber(render: { readonly numbers: LocalNumbers | undefined }, value: number): string {
  if (render.numbers === undefined) return Number.isSafeInteger(value) ? String(value) : digitsOf(value);
  return render.numbers(digitsOf(value));
}
