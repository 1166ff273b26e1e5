import { filter } from "../library.ts";
import { calendarTime } from "../dates/calendar-time.ts";
import { formatDate } from "../dates/format-date.ts";
import { timeBetween } from "../dates/time-between.ts";
import { textOf } from "../runtime/text.ts";

const optional = { argument: "optional" } as const;

export const dateFilters = {
  date: filter((value, format, state) => formatDate(value, textOf(format ?? "DATE_FORMAT"), state), optional),
  time: filter((value, format, state) => formatDate(value, textOf(format ?? "TIME_FORMAT"), state), optional),
  timesince: filter((value, other, state) => {
    const [from, to] = [calendarTime(value, state.timeZone), calendarTime(other ?? state.now(), state.timeZone)];
    return from && to ? timeBetween(from, to) : "";
  }, optional),
  timeuntil: filter((value, other, state) => {
    const [to, from] = [calendarTime(value, state.timeZone), calendarTime(other ?? state.now(), state.timeZone)];
    return from && to ? timeBetween(from, to) : "";
  }, optional),
}; // prettier-ignore
