import { formatDuration, parseDuration, Temporal } from "#validation";
import { dateFormats, dateTimeFormats, parseMoment, timeFormats } from "../date-formats.ts";
import { dateInput, dateTimeInput, timeInput } from "../widgets/inputs.ts";
import { type Cleaned, Field, type FieldOptions, isEmpty } from "./field.ts";

export interface DateFieldOptions extends FieldOptions {
  /** The formats accepted: `["%d.%m.%Y"]`. */
  inputFormats?: readonly string[] | undefined;
}

class DateField<T> extends Field<T> {
  readonly inputFormats: readonly string[];

  constructor(options: DateFieldOptions = {}) {
    super({ ...options, widget: options.widget ?? dateInput }, { invalid: "Enter a valid date." });
    this.inputFormats = options.inputFormats ?? dateFormats;
  }

  protected override read(raw: unknown): unknown {
    if (isEmpty(raw)) return null;
    if (raw instanceof Temporal.PlainDate) return raw;
    if (raw instanceof Date) return utc(raw).toPlainDate();
    const moment = typeof raw === "string" ? parseMoment(raw.trim(), this.inputFormats) : undefined;
    if (moment === undefined) throw this.refusal("invalid", { value: raw });
    return moment.toPlainDate();
  }
}

class TimeField<T> extends Field<T> {
  readonly inputFormats: readonly string[];

  constructor(options: DateFieldOptions = {}) {
    super({ ...options, widget: options.widget ?? timeInput }, { invalid: "Enter a valid time." });
    this.inputFormats = options.inputFormats ?? timeFormats;
  }

  protected override read(raw: unknown): unknown {
    if (isEmpty(raw)) return null;
    if (raw instanceof Temporal.PlainTime) return raw;
    const moment = typeof raw === "string" ? parseMoment(raw.trim(), this.inputFormats) : undefined;
    if (moment === undefined) throw this.refusal("invalid", { value: raw });
    return moment.toPlainTime();
  }
}

class DateTimeField<T> extends Field<T> {
  readonly inputFormats: readonly string[];

  constructor(options: DateFieldOptions = {}) {
    super({ ...options, widget: options.widget ?? dateTimeInput }, { invalid: "Enter a valid date/time." });
    this.inputFormats = options.inputFormats ?? [...dateTimeFormats, ...dateFormats];
  }

  protected override read(raw: unknown): unknown {
    if (isEmpty(raw)) return null;
    if (raw instanceof Date) return raw;
    if (raw instanceof Temporal.PlainDate) return dateOf(raw.toPlainDateTime());
    if (raw instanceof Temporal.PlainDateTime) return dateOf(raw);
    const moment = typeof raw === "string" ? this.parse(raw.trim()) : undefined;
    if (moment === undefined) throw this.refusal("invalid", { value: raw });
    return moment;
  }

  private parse(text: string): Date | undefined {
    const iso = parseIso(text);
    if (iso !== undefined) return iso;
    const moment = parseMoment(text, this.inputFormats);
    return moment && dateOf(moment);
  }
}

const isoPattern = /^\d{4}-\d{1,2}-\d{1,2}[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,6})?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?$/i;

/** ISO 8601, with its offset when there is one; else in UTC. */
function parseIso(text: string): Date | undefined {
  const match = isoPattern.exec(text);
  if (match === null) return undefined;
  const compact = text
    .replace(/\s+(?=[Z+-])/i, "")
    .replace(" ", "T")
    .replace(",", ".");
  try {
    const instant = match[1] === undefined ? dateOf(Temporal.PlainDateTime.from(compact)) : undefined;
    return instant ?? new Date(Temporal.Instant.from(compact).epochMilliseconds);
  } catch {
    return undefined;
  }
}

function dateOf(moment: Temporal.PlainDateTime): Date {
  return new Date(moment.toZonedDateTime("UTC").epochMilliseconds);
}

function utc(date: Date): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(date.getTime()).toZonedDateTimeISO("UTC");
}

class DurationField<T> extends Field<T> {
  constructor(options: FieldOptions = {}) {
    super(options, { invalid: "Enter a valid duration." });
  }

  protected override read(raw: unknown): unknown {
    if (isEmpty(raw)) return null;
    if (raw instanceof Temporal.Duration) return raw;
    const duration = parseDuration(String(raw).trim());
    if (duration === undefined) throw this.refusal("invalid", { value: raw });
    return duration;
  }

  override prepare(value: unknown): unknown {
    return value instanceof Temporal.Duration ? formatDuration(value) : value;
  }
}

/** A day, as `Temporal.PlainDate`. */
export function dateField<const O extends DateFieldOptions>(options?: O): Field<Cleaned<Temporal.PlainDate, null, O>> {
  return new DateField(options);
}

/** A time of day, as `Temporal.PlainTime`. */
export function timeField<const O extends DateFieldOptions>(options?: O): Field<Cleaned<Temporal.PlainTime, null, O>> {
  return new TimeField(options);
}

/** A moment, as `Date`; without an offset it is read in UTC. */
export function dateTimeField<const O extends DateFieldOptions>(options?: O): Field<Cleaned<Date, null, O>> {
  return new DateTimeField(options);
}

/** A length of time, as `Temporal.Duration`: `1 02:03:04`, `90`, `P1DT2H`. */
export function durationField<const O extends FieldOptions>(options?: O): Field<Cleaned<Temporal.Duration, null, O>> {
  return new DurationField(options);
}
