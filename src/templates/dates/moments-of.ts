import type { FilterState } from "../library.ts";
import { type CalendarTime, calendarTime } from "./calendar-time.ts";

/**
 * A moment and another one, by default now, on calendars that can be compared: moments are counted in UTC, where rows have them, and
 * days and clocks without a zone beside what the clock of the render shows.
 */
export function momentsOf(value: unknown, other: unknown, state: FilterState): [CalendarTime, CalendarTime] | undefined {
  const moment = calendarTime(value, "UTC");
  if (!moment?.hasDate) return undefined;
  const hasZone = moment.offsetMinutes !== undefined;
  const second = calendarTime(other ?? state.now(), hasZone ? "UTC" : state.timeZone);
  if (!second) return undefined;
  return hasZone ? [moment, second] : [moment, withoutZone(second)];
}

function withoutZone(time: CalendarTime): CalendarTime {
  const { year, month, day, hour, minute, second, microsecond } = time;
  return { ...time, epochMilliseconds: Date.UTC(year, month - 1, day, hour, minute, second, Math.floor(microsecond / 1000)) };
}
