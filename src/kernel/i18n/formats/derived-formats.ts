import { intlLocale } from "../languages/intl-locale.ts";
import { intlDates } from "./intl-dates.ts";
import type { LocaleFormats } from "./locale-formats.ts";

type Derived = Omit<LocaleFormats, "dateInputFormats" | "timeInputFormats" | "dateTimeInputFormats">;

/** How each part of a date that `Intl` writes is said in format characters. */
const characters: Readonly<Record<string, string>> = {
  "year:numeric": "Y", "month:long": "E", "month:2-digit": "m", "month:numeric": "n", "day:numeric": "j", "day:2-digit": "d",
  "hour:numeric": "G", "hour:2-digit": "H", "minute:2-digit": "i", "minute:numeric": "i", "second:2-digit": "s",
  "dayPeriod:": "A",
}; // prettier-ignore

/** What `Intl` knows of a language that the table does not have. */
export function derivedFormats(language: string): Derived {
  const date = formatOf(language, { year: "numeric", month: "long", day: "numeric" });
  const shortDate = formatOf(language, { year: "numeric", month: "2-digit", day: "2-digit" });
  const time = formatOf(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return {
    ...separatorsOf(language),
    dateFormat: date,
    timeFormat: time,
    dateTimeFormat: `${date} ${time}`,
    shortDateFormat: shortDate,
    shortDateTimeFormat: `${shortDate} ${time}`,
    yearMonthFormat: formatOf(language, { year: "numeric", month: "long" }).replace("E", "F"),
    monthDayFormat: formatOf(language, { month: "long", day: "numeric" }),
    firstDayOfWeek: firstDayOf(language),
  };
}

function formatOf(language: string, options: Intl.DateTimeFormatOptions): string {
  const parts = intlDates(language, options).formatToParts(Date.UTC(2006, 9, 5, 14, 30));
  return parts.map(({ type, value }) => characters[`${type}:${options[type as "year"] ?? ""}`] ?? escapeLetters(value)).join("");
}

function escapeLetters(text: string): string {
  return text.replace(/[A-Za-z\\]/g, String.raw`\$&`).replaceAll(/[\u00a0\u202f]/g, " ");
}

function separatorsOf(language: string): Pick<Derived, "decimalSeparator" | "thousandSeparator" | "numberGrouping"> {
  const format = new Intl.NumberFormat(intlLocale(language), { numberingSystem: "latn", useGrouping: true });
  const parts = format.formatToParts(1_234_567_891.5);
  const groups = parts.filter(({ type }) => type === "integer").map(({ value }) => value.length);
  const [last, next] = [groups.at(-1) ?? 3, groups.at(-2)];
  return {
    decimalSeparator: parts.find(({ type }) => type === "decimal")?.value ?? ".",
    thousandSeparator: parts.find(({ type }) => type === "group")?.value.replace("\u202f", "\u00a0") ?? "",
    numberGrouping: groups.length === 1 ? 0 : next === undefined || next === last ? last : [last, next],
  };
}

function firstDayOf(language: string): number {
  const locale = intlLocale(language) as Intl.Locale & { getWeekInfo?(): { firstDay: number } };
  return (locale.getWeekInfo?.().firstDay ?? 1) % 7;
}
