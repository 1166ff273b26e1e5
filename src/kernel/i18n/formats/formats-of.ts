import { currentLanguage } from "../current-locale.ts";
import { i18nSettings } from "../i18n-settings.ts";
import { LanguageCache } from "../languages/language-cache.ts";
import { chainOf } from "../languages/language-chain.ts";
import { derivedFormats } from "./derived-formats.ts";
import { inputFormatsOf } from "./input-formats.ts";
import { type KnownFormats, knownFormats } from "./known-formats.ts";
import type { LocaleFormats } from "./locale-formats.ts";

const made = new LanguageCache<LocaleFormats>();

/** Forgets the formats that were made, after the settings changed. */
export function forgetFormats(): void {
  made.clear();
}

/**
 * How a language writes numbers, dates and times; that of what runs where none is named. Languages that the table does not have
 * are read from `Intl`; the setting `formats` stands over both.
 *
 * ```ts
 * formatsOf("de").decimalSeparator; // ","
 * ```
 */
export function formatsOf(language: string = currentLanguage()): LocaleFormats {
  return made.get(language, () => makeFormats(language.toLowerCase()));
}

function makeFormats(language: string): LocaleFormats {
  const chain = chainOf(language).toReversed();
  const code = chain.find((each) => Object.hasOwn(knownFormats, each));
  const { formats } = i18nSettings();
  const own = [formats["*"], ...chain.toReversed().map((each) => formats[each])];
  const base = code === undefined ? derivedFormats(language) : fromTable(knownFormats[code]!);
  return Object.assign({}, base, inputFormatsOf(chain), ...own);
}

function fromTable(known: KnownFormats): Omit<LocaleFormats, keyof ReturnType<typeof inputFormatsOf>> {
  const [decimalSeparator, thousandSeparator] = known.separators;
  return {
    decimalSeparator,
    thousandSeparator,
    numberGrouping: known.grouping ?? 3,
    dateFormat: known.date,
    timeFormat: known.time,
    dateTimeFormat: known.dateTime ?? "N j, Y, P",
    shortDateFormat: known.shortDate ?? "m/d/Y",
    shortDateTimeFormat: known.shortDateTime ?? "m/d/Y P",
    yearMonthFormat: known.yearMonth,
    monthDayFormat: known.monthDay,
    firstDayOfWeek: known.firstDay ?? 0,
  };
}
