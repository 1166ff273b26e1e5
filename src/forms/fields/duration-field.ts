import { gettext, gettextLazy } from "#kernel/i18n";
import { formatDuration, parseDuration, Temporal, ValidationError } from "#validation";
import { plainText } from "../plain-text.ts";
import { type Cleaned, Field, type FieldOptions, isEmpty } from "./field.ts";

const invalidDuration = gettextLazy("Enter a valid duration.");
const mostDays = 999_999_999;

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

/** A length of time, as `Temporal.Duration`: `1 02:03:04`, `90`, `P1DT2H`. */
export function durationField<const O extends FieldOptions>(options?: O): Field<Cleaned<Temporal.Duration, null, O>> {
  return new DurationField(options);
}
