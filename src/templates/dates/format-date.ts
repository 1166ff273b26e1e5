import { dayName, formatsOf, gettext, type LocaleFormats, monthName } from "#kernel/i18n";
import { type CalendarTime, calendarTime } from "./calendar-time.ts";
import { isoText, offsetText } from "./date-text.ts";

/** In which zone and which language's words a date is written. */
export interface DateStyle {
  readonly timeZone: string;
  /** Default: English. */
  readonly language?: string;
  /** Whether the language's own formats are used. Default: true. */
  readonly localizes?: boolean;
  /** Whether a format may ask for the clock alone. Default: false. */
  readonly clockOnly?: boolean;
}

const pad = (value: number, width = 2) => String(value).padStart(width, "0");

/** Django's names of formats. */
const namedFormats: ReadonlyMap<string, keyof LocaleFormats> = new Map([
  ["DATE_FORMAT", "dateFormat"],
  ["TIME_FORMAT", "timeFormat"],
  ["DATETIME_FORMAT", "dateTimeFormat"],
  ["YEAR_MONTH_FORMAT", "yearMonthFormat"],
  ["MONTH_DAY_FORMAT", "monthDayFormat"],
  ["SHORT_DATE_FORMAT", "shortDateFormat"],
  ["SHORT_DATETIME_FORMAT", "shortDateTimeFormat"],
] as const);

/** Writes a part of a time, in the words of a language; a date and time without a zone are taken to be in `zone`. */
type Part = (time: CalendarTime, language: string, zone: string) => string | number;

const hour12 = (time: CalendarTime) => time.hour % 12 || 12;
const meridiem = (time: CalendarTime) => (time.hour < 12 ? gettext("a.m.") : gettext("p.m."));
const minutes = (time: CalendarTime) => (time.minute === 0 ? "" : `:${pad(time.minute)}`);

const timeParts: Readonly<Record<string, Part>> = {
  a: meridiem,
  A: (t) => (t.hour < 12 ? gettext("AM") : gettext("PM")),
  e: (t) => t.zoneName,
  f: (t) => `${hour12(t)}${minutes(t)}`,
  g: hour12,
  G: (t) => t.hour,
  h: (t) => pad(hour12(t)),
  H: (t) => pad(t.hour),
  i: (t) => pad(t.minute),
  O: (t, _, zone) => offsetText(inZone(t, zone)),
  P: (t) => {
    if (t.minute === 0 && t.hour === 0) return gettext("midnight");
    if (t.minute === 0 && t.hour === 12) return gettext("noon");
    return `${hour12(t)}${minutes(t)} ${meridiem(t)}`;
  },
  s: (t) => pad(t.second),
  T: (t, _, zone) => inZone(t, zone).zoneAbbreviation,
  u: (t) => pad(t.microsecond, 6),
  Z: (t, _, zone) => {
    const { offsetMinutes } = inZone(t, zone);
    return offsetMinutes === undefined ? "" : offsetMinutes * 60;
  },
};

const dateParts: Readonly<Record<string, Part>> = {
  b: (t, language) => monthName(t.month, "abbreviated", language).toLowerCase(),
  c: (t) => isoText(t),
  d: (t) => pad(t.day),
  D: (t, language) => dayName(weekday(t), "abbreviated", language),
  E: (t, language) => monthName(t.month, "besideDay", language),
  F: (t, language) => monthName(t.month, "full", language),
  I: (t, _, zone) => {
    const { isDaylightSaving } = inZone(t, zone);
    return isDaylightSaving === undefined ? "" : isDaylightSaving ? "1" : "0";
  },
  j: (t) => t.day,
  l: (t, language) => dayName(weekday(t), "full", language),
  L: (t) => (isLeap(t.year) ? "True" : "False"),
  m: (t) => pad(t.month),
  M: (t, language) => monthName(t.month, "abbreviated", language),
  n: (t) => t.month,
  N: (t, language) => monthName(t.month, "newspaper", language),
  o: (t) => isoWeek(t).year,
  r: (t, _, zone) => formatWith(t, "D, d M Y H:i:s ", { language: "en", timeZone: zone }) + offsetText(momentOf(t, zone)),
  S: (t) => ordinalSuffix(t.day),
  t: (t) => new Date(Date.UTC(t.year, t.month, 0)).getUTCDate(),
  U: (t, _, zone) => Math.floor(momentOf(t, zone).epochMilliseconds / 1000),
  w: weekday,
  W: (t) => isoWeek(t).week,
  y: (t) => pad(t.year % 100),
  Y: (t) => pad(t.year, 4),
  z: (t) => Math.round((utcDay(t) - new Date(0).setUTCFullYear(t.year, 0, 1)) / 86_400_000) + 1,
};

/** The letters of a format that are replaced: those without a backslash before them. */
const letters = new RegExp(`(?<!\\\\)[${Object.keys({ ...dateParts, ...timeParts }).join("")}]`, "g");

/**
 * A date, a time or a date with time, by Django's format characters (or the name of a format).
 * Without a format, what the value holds is written out: `Nov. 23, 2026, 1:30 p.m.`.
 */
export function formatDate(value: unknown, format: string | undefined, style: DateStyle): string {
  const time = calendarTime(value, style.timeZone);
  if (!time) return "";
  const fallback = !time.hasDate ? "TIME_FORMAT" : time.hasTime ? "DATETIME_FORMAT" : "DATE_FORMAT";
  const { language = "en", localizes = true, clockOnly = false } = style;
  const wanted = format ?? fallback;
  const named = namedFormats.get(wanted);
  const characters = named === undefined ? wanted : (formatsOf(localizes ? language : "en")[named] as string);
  if ((clockOnly || !time.hasDate) && [...characters.matchAll(letters)].some(([letter]) => dateParts[letter])) return "";
  return formatWith(time, characters, { language, timeZone: style.timeZone });
}

function formatWith(time: CalendarTime, format: string, style: { language: string; timeZone: string }): string {
  let text = "";
  let from = 0;
  for (const { 0: letter, index } of format.matchAll(letters)) {
    const part = dateParts[letter] ?? timeParts[letter]!;
    text += unescaped(format.slice(from, index)) + String(part(time, style.language, style.timeZone));
    from = index + 1;
  }
  return text + unescaped(format.slice(from));
}

/** What stands for itself, without the signs that say so. */
function unescaped(text: string): string {
  return text.includes("\\") ? text.replace(/\\(.)/gs, "$1") : text;
}

/** A date and time without a zone as a moment; others as they are. */
function inZone(time: CalendarTime, zone: string): CalendarTime {
  return time.hasDate && time.hasTime ? momentOf(time, zone) : time;
}

/** The moment at which a zone's clocks show a time. */
function momentOf(time: CalendarTime, zone: string): CalendarTime {
  if (time.offsetMinutes !== undefined) return time;
  const { offsetMinutes = 0 } = calendarTime(new Date(time.epochMilliseconds), zone)!;
  return calendarTime(new Date(time.epochMilliseconds - offsetMinutes * 60_000), zone)!;
}

function utcDay(time: CalendarTime): number {
  return new Date(0).setUTCFullYear(time.year, time.month - 1, time.day);
}

function weekday(time: CalendarTime): number {
  return new Date(utcDay(time)).getUTCDay();
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function isoWeek(time: CalendarTime): { year: number; week: number } {
  const thursday = new Date(utcDay(time) + (4 - (weekday(time) || 7)) * 86_400_000);
  const year = thursday.getUTCFullYear();
  return { year, week: Math.floor((thursday.getTime() - new Date(0).setUTCFullYear(year, 0, 1)) / 604_800_000) + 1 };
}

function ordinalSuffix(day: number): string {
  if (day >= 11 && day <= 13) return "th";
  return ["th", "st", "nd", "rd"][day % 10] ?? "th";
}
