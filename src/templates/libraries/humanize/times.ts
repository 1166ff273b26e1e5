import { gettext, interpolate, ngettext, npgettext } from "#kernel/i18n";
import { type CalendarTime, calendarTime } from "../../dates/calendar-time.ts";
import { formatDate } from "../../dates/format-date.ts";
import { momentsOf } from "../../dates/moments-of.ts";
import { timeBetween } from "../../dates/time-between.ts";
import { filter, type FilterState } from "../../library.ts";
import { textOf } from "../../runtime/text.ts";

/** `today`, `tomorrow`, `yesterday`, or the date. */
function naturalday(value: unknown, format: unknown, state: FilterState): unknown {
  const day = calendarTime(value, state.timeZone);
  if (!day?.hasDate) return value;
  const today = calendarTime(state.now(), state.timeZone)!;
  const names = [() => gettext("yesterday"), () => gettext("today"), () => gettext("tomorrow")];
  const name = names[(dayNumber(day) - dayNumber(today)) + 1]; // prettier-ignore
  return name?.() ?? formatDate(value, format === undefined ? "DATE_FORMAT" : textOf(format), state);
}

function dayNumber({ year, month, day }: CalendarTime): number {
  return Date.UTC(year, month - 1, day) / 86_400_000;
}

type Words = readonly ((count: number) => string)[];

const pastWords: Words = [
  (n) => npgettext("naturaltime-past", "%(num)d year", "%(num)d years", n),
  (n) => npgettext("naturaltime-past", "%(num)d month", "%(num)d months", n),
  (n) => npgettext("naturaltime-past", "%(num)d week", "%(num)d weeks", n),
  (n) => npgettext("naturaltime-past", "%(num)d day", "%(num)d days", n),
  (n) => npgettext("naturaltime-past", "%(num)d hour", "%(num)d hours", n),
  (n) => npgettext("naturaltime-past", "%(num)d minute", "%(num)d minutes", n),
];

const futureWords: Words = [
  (n) => npgettext("naturaltime-future", "%(num)d year", "%(num)d years", n),
  (n) => npgettext("naturaltime-future", "%(num)d month", "%(num)d months", n),
  (n) => npgettext("naturaltime-future", "%(num)d week", "%(num)d weeks", n),
  (n) => npgettext("naturaltime-future", "%(num)d day", "%(num)d days", n),
  (n) => npgettext("naturaltime-future", "%(num)d hour", "%(num)d hours", n),
  (n) => npgettext("naturaltime-future", "%(num)d minute", "%(num)d minutes", n),
];

/** `3 minutes ago`, `an hour from now`, `2 days, 3 hours ago`. */
function naturaltime(value: unknown, _: unknown, state: FilterState): unknown {
  const moments = momentsOf(value, undefined, state);
  if (!moments) return value;
  const [moment, now] = moments;
  const seconds = Math.trunc((now.epochMilliseconds - moment.epochMilliseconds) / 1000);
  if (seconds === 0) return gettext("now");
  return seconds > 0 ? ago(seconds, { from: moment, to: now }) : fromNow(-seconds, { from: now, to: moment });
}

interface Span {
  readonly from: CalendarTime;
  readonly to: CalendarTime;
}

function ago(seconds: number, { from, to }: Span): string {
  if (seconds >= 86_400) return interpolate(gettext("%(delta)s ago"), { delta: timeBetween(from, to, { words: pastWords }) });
  if (seconds < 60) return counted(ngettext("a second ago", "%(count)s seconds ago", seconds), seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return counted(ngettext("a minute ago", "%(count)s minutes ago", minutes), minutes);
  const hours = Math.floor(minutes / 60);
  return counted(ngettext("an hour ago", "%(count)s hours ago", hours), hours);
}

function fromNow(seconds: number, { from, to }: Span): string {
  if (seconds >= 86_400)
    return interpolate(gettext("%(delta)s from now"), { delta: timeBetween(from, to, { words: futureWords }) });
  if (seconds < 60) return counted(ngettext("a second from now", "%(count)s seconds from now", seconds), seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return counted(ngettext("a minute from now", "%(count)s minutes from now", minutes), minutes);
  const hours = Math.floor(minutes / 60);
  return counted(ngettext("an hour from now", "%(count)s hours from now", hours), hours);
}

function counted(text: string, count: number): string {
  return interpolate(text, { count }).replaceAll(" ", "\u00a0");
}

export const timeFilters = {
  naturalday: filter(naturalday, { argument: "optional" }),
  naturaltime: filter(naturaltime, { argument: "none" }),
};
