import { gettext } from "#kernel/i18n";
import { durationMicroseconds, durationOf, parseDuration, Temporal } from "#validation";
import type { Dialect } from "../names.ts";
import type { ReadableWhere } from "../query/typing.ts";
import { type Converter, Field } from "./field.ts";
import type { FieldOptions } from "./field-options.ts";
import type { FieldValue, Presence, PresenceOf } from "./field-typing.ts";

const day = 86_400_000_000n;
/** What SQLite's 64 bits hold, about 292,000 years; PostgreSQL's intervals are kept to the same. */
const longest = 2n ** 63n - 1n;

/** A length of time, in whole microseconds for the database; `duration()` makes it. */
export class DurationField<V = Temporal.Duration, P extends Presence = any> extends Field<V, P> {
  declare readonly $where: ReadableWhere<V, string>;
  readonly kind = "duration";
  override get takes(): string {
    return "a Temporal.Duration without years and months, in microseconds";
  }
  override columnType(dialect: Dialect): string {
    return dialect === "postgres" ? "interval" : "bigint";
  }
  // SQLite's driver reads integers as numbers and refuses those that are too large for one.
  override selectSql(column: string, dialect: Dialect): string {
    return dialect === "sqlite" ? `CAST(${column} AS TEXT)` : column;
  }
  override writer(dialect: Dialect): Converter {
    const write = dialect === "postgres" ? intervalText : (microseconds: bigint) => microseconds;
    return (value) => {
      const microseconds = durationMicroseconds(this.parse(value))!;
      if (microseconds > longest || microseconds < -longest) throw new RangeError("a duration too long for the column");
      return write(microseconds);
    };
  }
  override reader(dialect: Dialect): Converter {
    if (dialect === "postgres") return (text: string) => durationOf(intervalMicroseconds(text));
    return (value: string | number | bigint) => durationOf(wholeNumber(String(value)));
  }
  override parse(value: unknown): Temporal.Duration {
    const found =
      value instanceof Temporal.Duration ? value : typeof value === "string" ? parseDuration(value.trim()) : undefined;
    if (found !== undefined && durationMicroseconds(found) !== undefined) return found;
    throw this.invalid(
      "invalid",
      { value },
      gettext("“%(value)s” value has an invalid format. It must be in [DD] [[HH:]MM:]ss[.uuuuuu] format."),
    );
  }
  /** ISO 8601: `P1DT2H`. */
  override toJson(value: unknown): unknown {
    return value === null || value === undefined ? null : String(this.parse(value));
  }
}

/** An average comes as a text with places behind the point. */
function wholeNumber(text: string): bigint {
  return text.includes(".") || text.includes("e") ? BigInt(Math.round(Number(text))) : BigInt(text);
}

/** `1 days 3.5 seconds`, every part with its sign. */
function intervalText(microseconds: bigint): string {
  const rest = microseconds % day;
  const sign = rest < 0n ? "-" : "";
  const size = rest < 0n ? -rest : rest;
  return `${microseconds / day} days ${sign}${size / 1_000_000n}.${String(size % 1_000_000n).padStart(6, "0")} seconds`;
}

const interval =
  /^P(?:(-?\d+)Y)?(?:(-?\d+)M)?(?:(-?\d+)W)?(?:(-?\d+)D)?(?:T(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-?)(\d+)(?:\.(\d+))?S)?)?$/;

/** Reads PostgreSQL's ISO 8601, whose parts have signs of their own; a month counts as 30 days, as the server does where it must. */
function intervalMicroseconds(text: string): bigint {
  const match = interval.exec(text);
  if (match === null) throw new RangeError(`"${text}" is not an interval`);
  const [years, months, weeks, days, hours, minutes] = match.slice(1, 7).map((part) => BigInt(part ?? 0)) as [
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  const seconds = BigInt(match[8] ?? 0) * 1_000_000n + BigInt((match[9] ?? "").slice(0, 6).padEnd(6, "0"));
  const wholeDays = years * 360n + months * 30n + weeks * 7n + days;
  return wholeDays * day + hours * 3_600_000_000n + minutes * 60_000_000n + (match[7] === "-" ? -seconds : seconds);
}

/**
 * A length of time, a `Temporal.Duration` in days, hours, minutes and seconds, exact to the microsecond.
 *
 * ```ts
 * brewing: duration({ default: () => Temporal.Duration.from({ minutes: 4 }) })
 * ```
 */
export function duration<const O extends FieldOptions = {}>(
  options?: O,
): DurationField<FieldValue<Temporal.Duration, O>, PresenceOf<O>> {
  return new DurationField(options);
}
