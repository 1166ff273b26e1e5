import { intlLocale } from "../languages/intl-locale.ts";

/** Writes dates as `Intl` knows a language to write them: of the Gregorian calendar, in European digits, in UTC. */
export function intlDates(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(intlLocale(language), {
    ...options,
    calendar: "gregory",
    numberingSystem: "latn",
    timeZone: "UTC",
  });
}
