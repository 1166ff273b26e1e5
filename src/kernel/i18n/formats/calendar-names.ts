import { currentLanguage } from "../current-locale.ts";

/** How a name of a month is written: alone, short, short as newspapers do, or beside a day (`8 ноября`). */
export type MonthForm = "full" | "abbreviated" | "newspaper" | "besideDay";

/**
 * The name of a month, 1 to 12.
 *
 * ```ts
 * monthName(3, "full", "de"); // "März"
 * ```
 */
export function monthName(month: number, form: MonthForm = "full", language: string = currentLanguage()): string {
  const name = new Intl.DateTimeFormat(language, {
    month: form === "full" || form === "besideDay" ? "long" : "short",
    timeZone: "UTC",
  });
  return name.format(Date.UTC(2023, month - 1, 1));
}

/**
 * The name of a day of the week, 0 (Sunday) to 6.
 *
 * ```ts
 * dayName(1, "abbreviated", "ko"); // "월"
 * ```
 */
export function dayName(day: number, form: "full" | "abbreviated" = "full", language: string = currentLanguage()): string {
  const name = new Intl.DateTimeFormat(language, { weekday: form === "full" ? "long" : "short", timeZone: "UTC" });
  return name.format(Date.UTC(2023, 0, 1 + day));
}
