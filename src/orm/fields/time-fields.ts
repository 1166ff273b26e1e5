import { gettext } from "#kernel/i18n";
import { Temporal } from "#validation";
import type { Dialect } from "../names.ts";
import type { ReadableWhere } from "../query/typing.ts";
import { type Converter, Field } from "./field.ts";
import type { TimeOptions } from "./field-options.ts";
import type { FieldValue, Presence, PresenceOf } from "./field-typing.ts";

/** A field that may set itself when its row is saved: `autoNow`, `autoNowAdd`. Forms leave it out then. */
abstract class ClockField<V, P extends Presence> extends Field<V, P> {
  declare readonly $where: ReadableWhere<V, string>;
  /** The present, as the field's values are. */
  protected abstract present(): unknown;

  private get setsItself(): boolean {
    return Boolean(this.options.autoNow || this.options.autoNowAdd);
  }
  override get editable(): boolean {
    return super.editable && (this.options.editable ?? !this.setsItself);
  }
  override get blank(): boolean {
    return this.options.blank ?? this.setsItself;
  }
  override beforeSave(value: unknown, adding: boolean): unknown {
    return this.options.autoNow || (this.options.autoNowAdd && adding) ? this.present() : value;
  }
}

/** A moment, kept in UTC; `dateTime()` makes it. */
export class DateTimeField<V, P extends Presence> extends ClockField<V, P> {
  readonly kind = "dateTime";
  override columnType(dialect: Dialect): string {
    return dialect === "postgres" ? "timestamp with time zone" : "datetime";
  }
  override writer(): Converter {
    return (value) => (this.parse(value) as Date).toISOString();
  }
  override reader(dialect: Dialect): Converter {
    return dialect === "sqlite" ? (value) => new Date(value) : undefined;
  }
  override get takes(): string {
    return "a moment from 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999Z";
  }
  override parse(value: unknown): Date {
    const date = momentOf(value);
    if (date !== undefined && date.getTime() >= earliest && date.getTime() <= latest) return date;
    throw this.invalid(
      "invalid",
      { value },
      gettext("“%(value)s” value has an invalid format. It must be a date and time, as 2026-01-31T12:00:00Z."),
    );
  }
  override toJson(value: unknown): unknown {
    return value instanceof Date ? value.toISOString() : (value ?? null);
  }
  protected override present(): Date {
    return new Date();
  }
}

/** The years that both databases, and every date input, can show: 1 to 9999. */
const earliest = new Date("0001-01-01T00:00:00Z").getTime();
const latest = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** A moment as a Date; undefined for what is none. A time without a zone is UTC, a day its first moment. */
function momentOf(value: unknown): Date | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value;
  if (value instanceof Temporal.Instant || value instanceof Temporal.ZonedDateTime) return new Date(value.epochMilliseconds);
  if (value instanceof Temporal.PlainDateTime || value instanceof Temporal.PlainDate)
    return new Date(value.toZonedDateTime("UTC").epochMilliseconds);
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  // No moment is as long; an expression would take the square of its length.
  if (text.length > 100) return undefined;
  try {
    return new Date((isZoned.test(text) ? Temporal.Instant.from(text) : utc(text)).epochMilliseconds);
  } catch {
    return undefined;
  }
}

const isZoned = /[T ].*(?:Z|[+-]\d\d(?::?\d\d)?)$/i;
const utc = (text: string) => Temporal.PlainDateTime.from(text).toZonedDateTime("UTC");

/** A moment, a `Date`. `created: dateTime({ autoNowAdd: true })` */
export function dateTime<const O extends TimeOptions = {}>(options?: O): DateTimeField<FieldValue<Date, O>, PresenceOf<O>> {
  return new DateTimeField(options);
}

/** `date` and `time` differ in their Temporal class only. */
export class PlainField<V, P extends Presence> extends ClockField<V, P> {
  readonly kind: "date" | "time";
  constructor(kind: "date" | "time", options: TimeOptions) {
    super(options);
    this.kind = kind;
  }
  override columnType(): string {
    return this.kind;
  }
  override get takes(): string {
    return this.kind === "date" ? "a day from 0001-01-01 to 9999-12-31" : "a time of day";
  }
  override writer(): Converter {
    return (value) => String(this.parse(value));
  }
  override reader(): Converter {
    const Type = this.temporal;
    return (value) => Type.from(value);
  }
  override parse(value: unknown): unknown {
    try {
      return this.kind === "date" ? plainDate(value) : plainTime(value);
    } catch {
      const message =
        this.kind === "date"
          ? gettext("“%(value)s” value is not a valid date.")
          : gettext("“%(value)s” value is not a valid time.");
      throw this.invalid("invalid", { value }, message);
    }
  }
  override toJson(value: unknown): unknown {
    return value === null || value === undefined ? null : String(value);
  }
  protected override present(): Temporal.PlainDate | Temporal.PlainTime {
    return this.kind === "date" ? Temporal.Now.plainDateISO() : Temporal.Now.plainTimeISO();
  }
  private get temporal(): typeof Temporal.PlainDate | typeof Temporal.PlainTime {
    return this.kind === "date" ? Temporal.PlainDate : Temporal.PlainTime;
  }
}

function inUtc(date: Date): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(date.getTime()).toZonedDateTimeISO("UTC");
}

function plainDate(value: unknown): Temporal.PlainDate {
  const day = value instanceof Date ? inUtc(value).toPlainDate() : Temporal.PlainDate.from(value as string);
  if (day.year < 1 || day.year > 9999) throw new RangeError("not a year of four digits");
  return day;
}

/** PostgreSQL keeps microseconds, and so does Cortado on both databases. */
function plainTime(value: unknown): Temporal.PlainTime {
  const time = value instanceof Date ? inUtc(value).toPlainTime() : Temporal.PlainTime.from(value as string);
  return time.nanosecond === 0 ? time : time.with({ nanosecond: 0 });
}

/** A day, a `Temporal.PlainDate`. */
export function date<const O extends TimeOptions = {}>(
  options?: O,
): PlainField<FieldValue<Temporal.PlainDate, O>, PresenceOf<O>> {
  return new PlainField("date", options ?? {});
}
/** A time of day, a `Temporal.PlainTime`. */
export function time<const O extends TimeOptions = {}>(
  options?: O,
): PlainField<FieldValue<Temporal.PlainTime, O>, PresenceOf<O>> {
  return new PlainField("time", options ?? {});
}
