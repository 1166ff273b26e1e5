import { durationMicroseconds, type Temporal } from "#validation";
import { calendarTime, type CalendarTime } from "./calendar-time.ts";

const pad = (value: number, width = 2) => String(value).padStart(width, "0");

/** The offset of a zone from UTC: `+09:00`; nothing where there is no zone. */
export function offsetText(time: CalendarTime, separator = ""): string {
  if (time.offsetMinutes === undefined) return "";
  const size = Math.abs(time.offsetMinutes);
  return `${time.offsetMinutes < 0 ? "-" : "+"}${pad(Math.floor(size / 60))}${separator}${pad(size % 60)}`;
}

/** A date, a time or both in ISO's way, with `between` before the clock. */
export function isoText(time: CalendarTime, between = "T"): string {
  const day = time.hasDate ? `${pad(time.year, 4)}-${pad(time.month)}-${pad(time.day)}` : "";
  if (!time.hasTime) return day;
  const fraction = time.microsecond === 0 ? "" : `.${pad(time.microsecond, 6)}`;
  const clock = `${pad(time.hour)}:${pad(time.minute)}:${pad(time.second)}${fraction}${offsetText(time, ":")}`;
  return day === "" ? clock : `${day}${between}${clock}`;
}

/** A date, a time or both as a plain text, in no language: what filters of texts are given. */
export function plainDateText(value: unknown): string {
  const time = calendarTime(value, "UTC");
  return time ? isoText(time, " ") : "";
}

/** Whether a value is one of Temporal's durations. */
export function isDuration(value: object): value is Temporal.Duration {
  return Object.prototype.toString.call(value) === "[object Temporal.Duration]";
}

const dayMicroseconds = 86_400_000_000n;

/** A duration as Python prints it: `1 day, 2:03:04`; one with months or years in ISO's way. */
export function durationText(duration: Temporal.Duration): string {
  const micro = durationMicroseconds(duration);
  if (micro === undefined) return duration.toString();
  const left = ((micro % dayMicroseconds) + dayMicroseconds) % dayMicroseconds;
  const days = (micro - left) / dayMicroseconds;
  const seconds = Number(left / 1_000_000n);
  const fraction = left % 1_000_000n === 0n ? "" : `.${pad(Number(left % 1_000_000n), 6)}`;
  const clock = `${Math.floor(seconds / 3600)}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}${fraction}`;
  return days === 0n ? clock : `${days} day${days === 1n || days === -1n ? "" : "s"}, ${clock}`;
}
