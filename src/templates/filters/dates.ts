import { type CalendarTime, calendarTime } from "../dates/calendar-time.ts";
import { formatDate } from "../dates/format-date.ts";
import { timeBetween } from "../dates/time-between.ts";
import { filter, type FilterState } from "../library.ts";
import { truthy } from "../runtime/compare.ts";
import { textOf } from "../runtime/text.ts";

/** A moment and another one, by default now; without a zone where the first has none. */
function momentsOf(value: unknown, other: unknown, state: FilterState): [CalendarTime, CalendarTime] | undefined {
  const moment = calendarTime(value, state.timeZone);
  const second = calendarTime(other ?? state.now(), state.timeZone);
  if (!moment || !second) return undefined;
  return moment.offsetMinutes === undefined ? [moment, withoutZone(second)] : [moment, second];
}

function withoutZone(time: CalendarTime): CalendarTime {
  const { year, month, day, hour, minute, second, microsecond } = time;
  return { ...time, epochMilliseconds: Date.UTC(year, month - 1, day, hour, minute, second, Math.floor(microsecond / 1000)) };
}

/** The clock alone: a format that asks for the day gives nothing. */
function formatClock(value: unknown, format: unknown, state: FilterState): string {
  if (!calendarTime(value, state.timeZone)?.hasTime) return "";
  const { timeZone, language, localizes } = state;
  return formatDate(value, textOf(truthy(format) ? format : "TIME_FORMAT"), { timeZone, language, localizes, clockOnly: true });
}

const optional = { argument: "optional" } as const;

export const dateFilters = {
  date: filter((value, format, state) => formatDate(value, textOf(truthy(format) ? format : "DATE_FORMAT"), state), optional),
  time: filter(formatClock, optional),
  timesince: filter((value, other, state) => {
    const moments = momentsOf(value, other, state);
    return moments ? timeBetween(moments[0], moments[1]) : "";
  }, optional),
  timeuntil: filter((value, other, state) => {
    const moments = momentsOf(value, other, state);
    return moments ? timeBetween(moments[1], moments[0]) : "";
  }, optional),
}; // prettier-ignore
