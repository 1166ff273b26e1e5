import { Temporal } from "#validation";

/**
 * A moment in a time zone, of a `Date` or one of Temporal's moments; a date and time without a zone is taken to be in `own`.
 * Undefined for what is no moment.
 */
export function zonedTime(value: unknown, zone: string, own: string = zone): Temporal.ZonedDateTime | undefined {
  if (value instanceof Date) {
    return Number.isNaN(value.getTime())
      ? undefined
      : Temporal.Instant.fromEpochMilliseconds(value.getTime()).toZonedDateTimeISO(zone);
  }
  switch (Object.prototype.toString.call(value)) {
    case "[object Temporal.ZonedDateTime]":
      return (value as Temporal.ZonedDateTime).withTimeZone(zone);
    case "[object Temporal.Instant]":
      return (value as Temporal.Instant).toZonedDateTimeISO(zone);
    case "[object Temporal.PlainDateTime]":
      return (value as Temporal.PlainDateTime).toZonedDateTime(own).withTimeZone(zone);
    default:
      return undefined;
  }
}
