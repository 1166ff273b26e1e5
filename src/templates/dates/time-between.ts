import { gettext, interpolate, ngettext } from "#kernel/i18n";
import type { CalendarTime } from "./calendar-time.ts";

/** A count of years, months, … in the language of what runs. */
const units: readonly ((count: number) => string)[] = [
  (count) => ngettext("%(num)d year", "%(num)d years", count),
  (count) => ngettext("%(num)d month", "%(num)d months", count),
  (count) => ngettext("%(num)d week", "%(num)d weeks", count),
  (count) => ngettext("%(num)d day", "%(num)d days", count),
  (count) => ngettext("%(num)d hour", "%(num)d hours", count),
  (count) => ngettext("%(num)d minute", "%(num)d minutes", count),
];
const seconds = [604_800, 86_400, 3_600, 60];

/** How a time is told: with how many units, in which words. */
export interface TimeBetweenOptions {
  /** How many units that follow one another are told. Default: 2. */
  readonly depth?: number;
  /** The words for a count of years, months, weeks, days, hours and minutes. */
  readonly words?: readonly ((count: number) => string)[];
}

/** How long it is from one moment to another, in its largest units that follow one another: `2 weeks, 3 days`. */
export function timeBetween(from: CalendarTime, to: CalendarTime, { depth = 2, words = units }: TimeBetweenOptions = {}): string {
  if (to.epochMilliseconds - from.epochMilliseconds < 1000) return say(words, 0, 5);
  const months = monthsBetween(from, to);
  const counts = [Math.floor(months / 12), months % 12];
  let left = Math.floor((localTime(to) - afterMonths(from, months)) / 1000);
  for (const size of seconds) {
    counts.push(Math.floor(left / size));
    left %= size;
  }
  const first = counts.findIndex((count) => count > 0);
  if (first < 0) return say(words, 0, 5);
  const told: string[] = [];
  for (let unit = first; unit < counts.length && told.length < depth && counts[unit]! > 0; unit++)
    told.push(say(words, counts[unit]!, unit));
  return told.join(gettext(", "));
}

function say(words: readonly ((count: number) => string)[], count: number, unit: number): string {
  return interpolate(words[unit]!(count), { num: count }).replaceAll(" ", "\u00a0");
}

function localTime(time: CalendarTime): number {
  return Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second);
}

function monthsBetween(from: CalendarTime, to: CalendarTime): number {
  const months = (to.year - from.year) * 12 + to.month - from.month;
  return afterMonths(from, months, false) > localTime(to) ? months - 1 : months;
}

/** A moment moved by months; the day is kept within the month it lands in. */
function afterMonths(time: CalendarTime, months: number, clamp = true): number {
  if (months <= 0 && clamp) return localTime(time);
  const length = new Date(Date.UTC(time.year, time.month + months, 0)).getUTCDate();
  const day = clamp ? Math.min(length, time.day) : time.day;
  return Date.UTC(time.year, time.month - 1 + months, day, time.hour, time.minute, time.second);
}
