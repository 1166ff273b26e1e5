import { currentTimeZone } from "#kernel/i18n";
import type { ModelClass } from "#orm";
import { Temporal } from "#validation";
import { viewsErrors } from "../errors.ts";

/** The field of rows that an archive goes by. Days of moments are those of the current time zone. */
export class DateField {
  readonly name: string;
  /** Whether it has moments and not days. */
  readonly hasTime: boolean;

  /** @throws VIEWS_BAD_OPTIONS where the field is neither a date nor a moment */
  constructor(view: string, model: ModelClass, name: string) {
    const { kind } = model.meta.field(name);
    if (kind !== "date" && kind !== "dateTime")
      throw viewsErrors.VIEWS_BAD_OPTIONS({
        view,
        problem: `its dateField "${name}" is a ${kind} field of ${model.meta.label}, which has no dates.`,
        hint: "Name a field that is a date or a dateTime.",
      });
    this.name = name;
    this.hasTime = kind === "dateTime";
  }

  /** A day as the field compares it: for moments, when it begins. */
  bound(date: Temporal.PlainDate): Temporal.PlainDate | Date {
    return this.hasTime ? new Date(date.toZonedDateTime(currentTimeZone()).epochMilliseconds) : date;
  }

  /** The day of a value of the field. */
  day(value: Temporal.PlainDate | Date): Temporal.PlainDate {
    if (!(value instanceof Date)) return value;
    return Temporal.Instant.fromEpochMilliseconds(value.getTime()).toZonedDateTimeISO(currentTimeZone()).toPlainDate();
  }

  /** The rows from one day up to another, which is left out. */
  between(from: Temporal.PlainDate, until: Temporal.PlainDate): Record<string, unknown> {
    return { [this.name]: { gte: this.bound(from), lt: this.bound(until) } };
  }

  /** The rows that are not of the future. */
  past(): Record<string, unknown> {
    return { [this.name]: { lte: this.hasTime ? new Date() : today() } };
  }
}

/** The day that it is in the current time zone. */
export function today(): Temporal.PlainDate {
  return Temporal.Now.plainDateISO(currentTimeZone());
}
