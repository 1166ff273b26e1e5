import { currentTimeZone, gettext, gettextLazy, type LazyText } from "#kernel/i18n";
import { Temporal, ValidationError } from "#validation";
import { inputFormatsOf, type MomentKind } from "../moments/input-formats.ts";
import { parseIsoMoment } from "../moments/iso-moment.ts";
import { fromLocal, toLocal } from "../moments/local-time.ts";
import { parseMoment } from "../moments/strptime.ts";
import { dateInput, dateTimeInput, timeInput } from "../widgets/inputs.ts";
import type { Widget } from "../widgets/widget.ts";
import { type Cleaned, Field, type FieldOptions, isEmpty } from "./field.ts";

export interface DateFieldOptions extends FieldOptions {
  /** The formats accepted: `["%d.%m.%Y"]`; by default those of the language. */
  inputFormats?: readonly string[] | undefined;
}

const invalidDate = gettextLazy("Enter a valid date.");
const invalidTime = gettextLazy("Enter a valid time.");
const invalidDateTime = gettextLazy("Enter a valid date/time.");

/** What fields of dates and times have in common: the formats in which they read. */
abstract class FormattedField<T> extends Field<T> {
  private readonly inputFormats: readonly string[] | undefined;

  constructor(options: DateFieldOptions, { widget, invalid }: { widget: () => Widget; invalid: LazyText }) {
    super({ ...options, widget: options.widget ?? widget }, { invalid });
    this.inputFormats = options.inputFormats;
  }

  /** What a text says in the field's own formats, or else in those of the language. @throws ValidationError */
  protected readText(raw: unknown, ...kinds: readonly MomentKind[]): Temporal.PlainDateTime {
    const formats = this.inputFormats ?? kinds.flatMap((kind) => inputFormatsOf(kind));
    const moment = typeof raw === "string" ? parseMoment(raw.trim(), formats) : undefined;
    if (moment === undefined) throw this.refusal("invalid", { value: raw });
    return moment;
  }
}

class DateField<T> extends FormattedField<T> {
  constructor(options: DateFieldOptions = {}) {
    super(options, { widget: dateInput, invalid: invalidDate });
  }

  protected override read(raw: unknown): unknown {
    if (isEmpty(raw)) return null;
    if (raw instanceof Temporal.PlainDate) return raw;
    if (raw instanceof Date || raw instanceof Temporal.PlainDateTime) return toLocal(raw).toPlainDate();
    return this.readText(raw, "date").toPlainDate();
  }
}

class TimeField<T> extends FormattedField<T> {
  constructor(options: DateFieldOptions = {}) {
    super(options, { widget: timeInput, invalid: invalidTime });
  }

  protected override read(raw: unknown): unknown {
    if (isEmpty(raw)) return null;
    return raw instanceof Temporal.PlainTime ? raw : this.readText(raw, "time").toPlainTime();
  }
}

class DateTimeField<T> extends FormattedField<T> {
  constructor(options: DateFieldOptions = {}) {
    super(options, { widget: dateTimeInput, invalid: invalidDateTime });
  }

  protected override read(raw: unknown): unknown {
    if (isEmpty(raw)) return null;
    if (raw instanceof Date) return raw;
    if (raw instanceof Temporal.PlainDate) return momentOf(raw.toPlainDateTime());
    if (raw instanceof Temporal.PlainDateTime) return momentOf(raw);
    const moment = typeof raw === "string" ? parseIsoMoment(raw.trim()) : undefined;
    if (moment instanceof Date) return moment;
    return momentOf(moment ?? this.readText(raw, "dateTime", "date"));
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
