import { currentTimeZone, gettext, gettextLazy } from "#kernel/i18n";
import { formatDuration, parseDuration, Temporal, ValidationError } from "#validation";
import { inputFormatsOf } from "../moments/input-formats.ts";
import { parseIsoMoment } from "../moments/iso-moment.ts";
import { fromLocal, toLocal } from "../moments/local-time.ts";
import { parseMoment } from "../moments/strptime.ts";
import { dateInput, dateTimeInput, timeInput } from "../widgets/inputs.ts";
import { type Cleaned, Field, type FieldOptions, isEmpty } from "./field.ts";
import { plainText } from "../plain-text.ts";

export interface DateFieldOptions extends FieldOptions {
  /** The formats accepted: `["%d.%m.%Y"]`; by default those of the language. */
  inputFormats?: readonly string[] | undefined;
}

const invalidDate = gettextLazy("Enter a valid date.");
const invalidTime = gettextLazy("Enter a valid time.");
const invalidDateTime = gettextLazy("Enter a valid date/time.");
const invalidDuration = gettextLazy("Enter a valid duration.");
const mostDays = 999_999_999;

class DateField<T> extends Field<T> {
  private readonly inputFormats: readonly string[] | undefined;

  constructor(options: DateFieldOptions = {}) {
    super({ ...options, widget: options.widget ?? dateInput }, { invalid: invalidDate });
    this.inputFormats = options.inputFormats;
  }

  protected override read(raw: unknown): unknown {
    if (isEmpty(raw)) return null;
    if (raw instanceof Temporal.PlainDate) return raw;
    if (raw instanceof Date || raw instanceof Temporal.PlainDateTime) return toLocal(raw).toPlainDate();
    const formats = this.inputFormats ?? inputFormatsOf("date");
    const moment = typeof raw === "string" ? parseMoment(raw.trim(), formats) : undefined;
    if (moment === undefined) throw this.refusal("invalid", { value: raw });
    return moment.toPlainDate();
  }
}

class TimeField<T> extends Field<T> {
  private readonly inputFormats: readonly string[] | undefined;

  constructor(options: DateFieldOptions = {}) {
    super({ ...options, widget: options.widget ?? timeInput }, { invalid: invalidTime });
    this.inputFormats = options.inputFormats;
  }

  protected override read(raw: unknown): unknown {
    if (isEmpty(raw)) return null;
    if (raw instanceof Temporal.PlainTime) return raw;
    const formats = this.inputFormats ?? inputFormatsOf("time");
    const moment = typeof raw === "string" ? parseMoment(raw.trim(), formats) : undefined;
    if (moment === undefined) throw this.refusal("invalid", { value: raw });
    return moment.toPlainTime();
  }
}

class DateTimeField<T> extends Field<T> {
  private readonly inputFormats: readonly string[] | undefined;

  constructor(options: DateFieldOptions = {}) {
    super({ ...options, widget: options.widget ?? dateTimeInput }, { invalid: invalidDateTime });
    this.inputFormats = options.inputFormats;
  }

  protected override read(raw: unknown): unknown {
    if (isEmpty(raw)) return null;
    if (raw instanceof Date) return raw;
    if (raw instanceof Temporal.PlainDate) return momentOf(raw.toPlainDateTime());
    if (raw instanceof Temporal.PlainDateTime) return momentOf(raw);
    const moment = typeof raw === "string" ? this.parse(raw.trim()) : undefined;
    if (moment === undefined) throw this.refusal("invalid", { value: raw });
    return moment instanceof Date ? moment : momentOf(moment);
  }

  private parse(text: string): Date | Temporal.PlainDateTime | undefined {
    const formats = this.inputFormats ?? [...inputFormatsOf("dateTime"), ...inputFormatsOf("date")];
    return parseIsoMoment(text) ?? parseMoment(text, formats);
  }

  /** As clocks show it where the request is. */
  override prepare(value: unknown): unknown {
    return value instanceof Date ? toLocal(value) : value;
  }
}

/** The moment that clocks show. @throws ValidationError where they show it twice, or never */
export function momentOf(local: Temporal.PlainDateTime): Date {
  const moment = fromLocal(local);
  if (moment !== undefined) return moment;
  const text = gettext(
    "%(datetime)s couldn’t be interpreted in time zone %(current_timezone)s; it may be ambiguous or it may not exist.",
  );
  const params = { datetime: local.toString().replace("T", " "), currentTimezone: currentTimeZone() };
  throw new ValidationError(text, { code: "ambiguous_timezone", params });
}

class DurationField<T> extends Field<T> {
  constructor(options: FieldOptions = {}) {
    super(options, { invalid: invalidDuration });
  }

  protected override read(raw: unknown): unknown {
    if (isEmpty(raw)) return null;
    if (raw instanceof Temporal.Duration) return raw;
    const duration = parseDuration(plainText(raw).trim());
    if (duration === undefined) throw this.refusal("invalid", { value: raw });
    if (Math.abs(duration.total("days")) > mostDays) throw this.tooLong();
    return duration;
  }

  private tooLong(): ValidationError {
    if (this.errorMessages["overflow"] !== undefined) return this.refusal("overflow");
    const text = gettext("The number of days must be between {min_days} and {max_days}.");
    const message = text.replace("{min_days}", String(-mostDays)).replace("{max_days}", String(mostDays));
    return new ValidationError(message, { code: "overflow" });
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

/** A moment, as `Date`; without an offset it is read in the time zone of the request. */
export function dateTimeField<const O extends DateFieldOptions>(options?: O): Field<Cleaned<Date, null, O>> {
  return new DateTimeField(options);
}

/** A length of time, as `Temporal.Duration`: `1 02:03:04`, `90`, `P1DT2H`. */
export function durationField<const O extends FieldOptions>(options?: O): Field<Cleaned<Temporal.Duration, null, O>> {
  return new DurationField(options);
}
