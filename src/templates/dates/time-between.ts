import type { CalendarTime } from "./calendar-time.ts";

const units = ["year", "month", "week", "day", "hour", "minute"];
const seconds = [604_800, 86_400, 3_600, 60];

/** How long it is from one moment to another, in its two largest units that follow one another: `2 weeks, 3 days`. */
export function timeBetween(from: CalendarTime, to: CalendarTime): string {
  if (to.epochMilliseconds - from.epochMilliseconds < 1000) return say(0, 5);
  const months = monthsBetween(from, to);
  const counts = [Math.floor(months / 12), months % 12];
  let left = Math.floor((localTime(to) - afterMonths(from, months)) / 1000);
  for (const size of seconds) {
    counts.push(Math.floor(left / size));
    left %= size;
  }
  const first = counts.findIndex((count) => count > 0);
  if (first < 0) return say(0, 5);
  const second = counts[first + 1];
  return second ? `${say(counts[first]!, first)}, ${say(second, first + 1)}` : say(counts[first]!, first);
}

function say(count: number, unit: number): string {
  return `${count}\u00a0${units[unit]}${count === 1 ? "" : "s"}`;
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
