import { currentLanguage, formatNumber, formatsOf, i18nSettings } from "#kernel/i18n";
import { displayValue, isDecimal } from "#validation";
import { SafeString } from "#templates";
import { inputFormatsOf, kindOf } from "./moments/input-formats.ts";
import { isMoment } from "./moments/local-time.ts";
import { formatMoment } from "./moments/strptime.ts";

/** A value as an input shows it. `localized` writes numbers and moments as the language does. */
export function localizedText(value: unknown, localized: boolean): SafeString | string {
  if (value instanceof SafeString) return value;
  if (typeof value === "string") return value;
  if (!localized) return displayValue(value);
  if (typeof value === "number" || typeof value === "bigint" || isDecimal(value)) return formatNumber(value);
  return isMoment(value) ? formatMoment(value, inputFormatsOf(kindOf(value))[0]!) : displayValue(value);
}

/** A number that a person typed with the separators of the language, as programs write it: `1.234,5` → `1234.5` in German. */
export function plainNumber(text: string): string {
  const { decimalSeparator, thousandSeparator } = formatsOf(currentLanguage());
  const at = text.indexOf(decimalSeparator);
  const whole = at < 0 ? text : text.slice(0, at);
  const decimals = at < 0 ? "" : `.${text.slice(at + decimalSeparator.length)}`;
  return withoutThousands(whole, thousandSeparator) + decimals;
}

function withoutThousands(whole: string, separator: string): string {
  if (!i18nSettings().useThousandSeparator || separator === "") return whole;
  // One point with other than three digits after it is meant as a decimal point, whatever the language.
  if (separator === "." && /^[^.]*\.(?!\d{3}$)[^.]*$/.test(whole)) return whole;
  return whole.replaceAll(separator, "").replaceAll(separator.normalize("NFKD"), "");
}
