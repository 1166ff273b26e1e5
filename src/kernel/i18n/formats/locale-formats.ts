/** How a language writes numbers, dates and times. Formats are in Django's format characters, input formats in `strptime`'s. */
export interface LocaleFormats {
  readonly decimalSeparator: string;
  readonly thousandSeparator: string;
  /**
   * How many digits stand between two separators: one number for every group, or one a group from the right, of which the last
   * is repeated and 0 ends it. Nothing is separated where it is 0.
   */
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
