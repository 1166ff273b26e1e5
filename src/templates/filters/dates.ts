import { calendarTime } from "../dates/calendar-time.ts";
import { formatDate } from "../dates/format-date.ts";
import { momentsOf } from "../dates/moments-of.ts";
import { timeBetween } from "../dates/time-between.ts";
import { filter, type FilterState } from "../library.ts";
import { truthy } from "../runtime/compare.ts";
import { textOf } from "../runtime/text.ts";

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
