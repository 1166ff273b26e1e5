import { currentLanguage } from "../current-locale.ts";
import { i18nSettings } from "../i18n-settings.ts";
import { formatsOf } from "./locale-formats.ts";

/** How `formatNumber` writes. */
export interface NumberOptions {
  /** How many digits follow the decimal separator; as many as there are by default. */
  decimals?: number | undefined;
  /** Whether thousands are separated; by default the setting `useThousandSeparator` says. */
  grouping?: boolean | undefined;
  language?: string | undefined;
}

/**
 * A number as a language writes it. Digits beyond `decimals` are cut off, as Django does.
 *
 * ```ts
 * formatNumber(1234.5, { decimals: 2, grouping: true, language: "de" }); // "1.234,50"
 * ```
 */
export function formatNumber(value: number | bigint | string | { toString(): string }, options: NumberOptions = {}): string {
  const { decimalSeparator, thousandSeparator } = formatsOf(options.language ?? currentLanguage());
  const [, sign, whole, fraction = ""] = /^(-?)(\d*)(?:\.(\d*))?/.exec(String(value))!;
  const digits = options.decimals === undefined ? fraction : fraction.slice(0, options.decimals).padEnd(options.decimals, "0");
  const grouped = options.grouping ?? i18nSettings().useThousandSeparator;
  const shown = grouped ? whole!.replace(/\B(?=(\d{3})+$)/g, thousandSeparator) : whole!;
  return digits === "" ? `${sign}${shown}` : `${sign}${shown}${decimalSeparator}${digits}`;
}
