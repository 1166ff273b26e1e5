import { Temporal } from "temporal-polyfill";
import { kernelErrors } from "../../errors.ts";
import { currentTimeZone } from "../current-locale.ts";
import { isTimeZone } from "./known-time-zone.ts";

/** A moment: a `Date`, or Temporal's. */
export type Moment = Date | Temporal.Instant | Temporal.ZonedDateTime;

/** What a local time means that comes twice or never, where clocks are changed. */
export type Disambiguation = "compatible" | "earlier" | "later" | "reject";

function instantOf(moment: Moment): Temporal.Instant {
  if (moment instanceof Date) return Temporal.Instant.fromEpochMilliseconds(moment.getTime());
  return "toInstant" in moment ? moment.toInstant() : moment;
}

/**
 * A moment as the calendar and the clock of a time zone show it: by default now, in the current zone.
 *
 * ```ts
 * localTime().hour;
 * localTime(new Date(0), "Asia/Seoul").hour; // 9
 * ```
 */
export function localTime(moment: Moment = new Date(), zone: string = currentTimeZone()): Temporal.ZonedDateTime {
  return instantOf(moment).toZonedDateTimeISO(zone);
}

/**
 * The day of a moment in a time zone: by default today, in the current zone.
 *
 * ```ts
 * localDate(); // the day on the visitor's calendar
 * ```
 */
export function localDate(moment: Moment = new Date(), zone: string = currentTimeZone()): Temporal.PlainDate {
  return localTime(moment, zone).toPlainDate();
}

/**
 * The moment of a local date and time, as fields of models keep it. Where clocks are changed, a time may come twice or never:
 * `disambiguation` says what it means then, `"reject"` that it is refused.
 *
 * ```ts
 * makeAware("2026-11-23T09:30", "Asia/Seoul"); // a Date
 * ```
 * @throws KERNEL_BAD_LOCAL_TIME
 */
export function makeAware(
  local: Temporal.PlainDateTime | string,
  zone: string = currentTimeZone(),
  disambiguation: Disambiguation = "compatible",
): Date {
  const plain = Temporal.PlainDateTime.from(local);
  try {
    return new Date(plain.toZonedDateTime(zone, { disambiguation }).epochMilliseconds);
  } catch (error) {
    if (disambiguation !== "reject" || !isTimeZone(zone)) throw error;
    throw kernelErrors.KERNEL_BAD_LOCAL_TIME({ given: plain.toString(), zone });
  }
}

/**
 * The local date and time of a moment: by default in the current zone.
 *
 * ```ts
 * makeNaive(new Date(0), "Asia/Seoul").toString(); // "1970-01-01T09:00:00"
 * ```
 */
export function makeNaive(moment: Moment, zone: string = currentTimeZone()): Temporal.PlainDateTime {
  return localTime(moment, zone).toPlainDateTime();
}

/**
 * A time zone that is a fixed number of minutes from UTC.
 *
 * ```ts
 * fixedTimeZone(540); // "+09:00"
 * ```
 */
export function fixedTimeZone(minutes: number): string {
  const size = Math.abs(Math.trunc(minutes));
  const pad = (value: number) => String(value).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}
