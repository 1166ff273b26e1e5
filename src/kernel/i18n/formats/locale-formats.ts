import { currentLanguage } from "../current-locale.ts";

/** How a language writes numbers, dates and times. Formats are in Django's format characters, input formats in `strptime`'s. */
export interface LocaleFormats {
  readonly decimalSeparator: string;
  readonly thousandSeparator: string;
  /** How many digits stand between two separators: one number for all groups, or one a group from the right, the last repeated, 0 for no more. */
  readonly numberGrouping: number | readonly number[];
  readonly dateFormat: string;
  readonly timeFormat: string;
  readonly dateTimeFormat: string;
  readonly shortDateFormat: string;
  readonly shortDateTimeFormat: string;
  readonly yearMonthFormat: string;
  readonly monthDayFormat: string;
  /** 0 is Sunday. */
  readonly firstDayOfWeek: number;
  readonly dateInputFormats: readonly string[];
  readonly timeInputFormats: readonly string[];
  readonly dateTimeInputFormats: readonly string[];
}

const english: LocaleFormats = {
  decimalSeparator: ".",
  thousandSeparator: ",",
  numberGrouping: 3,
  dateFormat: "N j, Y",
  timeFormat: "P",
  dateTimeFormat: "N j, Y, P",
  shortDateFormat: "m/d/Y",
  shortDateTimeFormat: "m/d/Y P",
  yearMonthFormat: "F Y",
  monthDayFormat: "F j",
  firstDayOfWeek: 0,
  dateInputFormats: [
    "%Y-%m-%d",
    "%m/%d/%Y",
    "%m/%d/%y",
    "%b %d %Y",
    "%b %d, %Y",
    "%d %b %Y",
    "%d %b, %Y",
    "%B %d %Y",
    "%B %d, %Y",
    "%d %B %Y",
    "%d %B, %Y",
  ],
  timeInputFormats: ["%H:%M:%S", "%H:%M:%S.%f", "%H:%M"],
  dateTimeInputFormats: [
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M:%S.%f",
    "%Y-%m-%d %H:%M",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M:%S.%f",
    "%m/%d/%Y %H:%M",
    "%m/%d/%y %H:%M:%S",
    "%m/%d/%y %H:%M:%S.%f",
    "%m/%d/%y %H:%M",
  ],
};

/**
 * How a language writes numbers, dates and times; that of what runs where none is named.
 *
 * ```ts
 * formatsOf("de").decimalSeparator; // ","
 * ```
 */
export function formatsOf(_language: string = currentLanguage()): LocaleFormats {
  return english;
}
