import { currentTimeZone } from "#kernel/i18n";
import { Temporal } from "#validation";

/** What a date, a time or a moment is in a form. */
export type Moment = Date | Temporal.PlainDate | Temporal.PlainTime | Temporal.PlainDateTime;

/** Whether a value is a date, a time or a moment. */
export function isMoment(value: unknown): value is Moment {
  return (
    value instanceof Date ||
    value instanceof Temporal.PlainDate ||
    value instanceof Temporal.PlainTime ||
    value instanceof Temporal.PlainDateTime
  );
}

/** What clocks show: a `Date` is seen in the time zone of what runs. */
export function toLocal(moment: Moment): Temporal.PlainDateTime {
  if (moment instanceof Temporal.PlainDateTime) return moment;
  if (moment instanceof Temporal.PlainDate) return moment.toPlainDateTime();
  if (moment instanceof Temporal.PlainTime) return Temporal.PlainDate.from("1900-01-01").toPlainDateTime(moment);
  return Temporal.Instant.fromEpochMilliseconds(moment.getTime()).toZonedDateTimeISO(currentTimeZone()).toPlainDateTime();
}

/**
 * The moment that clocks in the time zone of what runs show; undefined where they show it twice or never, as on the days when
 * summer time begins or ends.
 */
export function fromLocal(local: Temporal.PlainDateTime): Date | undefined {
  try {
    const zoned = local.toZonedDateTime(currentTimeZone(), { disambiguation: "reject" });
    return new Date(zoned.epochMilliseconds);
  } catch {
    return undefined;
  }
}

/** A moment without what is finer than a second, as most widgets send it back. */
export function wholeSeconds(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() % 1000 === 0 ? value : new Date(Math.floor(value.getTime() / 1000) * 1000);
  if (value instanceof Temporal.PlainTime || value instanceof Temporal.PlainDateTime)
    return value.round({ smallestUnit: "second", roundingMode: "floor" });
  return value;
}
