import { Temporal } from "./temporal.ts";

const microsecond = { second: 1_000_000n, minute: 60_000_000n, hour: 3_600_000_000n, day: 86_400_000_000n } as const;

/**
 * How long a duration is, in whole microseconds; what is finer is rounded. Undefined where it has years or
 * months, whose length depends on the calendar.
 *
 * ```ts
 * durationMicroseconds(Temporal.Duration.from("PT1.5S")); // 1500000n
 * ```
 */
export function durationMicroseconds(duration: Temporal.Duration): bigint | undefined {
  if (duration.years !== 0 || duration.months !== 0) return undefined;
  const { weeks, days, hours, minutes, seconds, milliseconds, microseconds, nanoseconds } = duration;
  const whole =
    BigInt(weeks * 7 + days) * microsecond.day +
    BigInt(hours) * microsecond.hour +
    BigInt(minutes) * microsecond.minute +
    BigInt(seconds) * microsecond.second +
    BigInt(milliseconds) * 1000n +
    BigInt(microseconds);
  return whole + BigInt(Math.round(nanoseconds / 1000));
}

/** The duration of so many microseconds, in days, hours, minutes and seconds. */
export function durationOf(microseconds: bigint): Temporal.Duration {
  const sign = microseconds < 0n ? -1n : 1n;
  let left = microseconds * sign;
  const take = (unit: bigint): number => {
    const count = left / unit;
    left -= count * unit;
    return Number(count * sign);
  };
  return new Temporal.Duration(
    0,
    0,
    0,
    take(microsecond.day),
    take(microsecond.hour),
    take(microsecond.minute),
    take(microsecond.second),
    take(1000n),
    take(1n),
  );
}

const clockDuration = /^(-)?(?:(\d+)(?:\s*days?(?:,\s*|\s+)|\s+))?(?:(?:(\d+):)?(\d+):)?(\d+)(?:[.,](\d{1,6}))?$/;

/**
 * Reads `[days ][[hours:]minutes:]seconds[.micros]` and ISO 8601 (`P1DT2H`); undefined for anything else.
 *
 * ```ts
 * parseDuration("1 02:03:04")?.toString(); // "P1DT2H3M4S"
 * ```
 */
export function parseDuration(text: string): Temporal.Duration | undefined {
  const match = clockDuration.exec(text);
  if (match === null) return isoDuration(text);
  const [, sign, days, hours, minutes, seconds, fraction] = match;
  const micro = Number((fraction ?? "").padEnd(6, "0"));
  try {
    const duration = Temporal.Duration.from({
      days: Number(days ?? 0),
      hours: Number(hours ?? 0),
      minutes: Number(minutes ?? 0),
      seconds: Number(seconds),
      milliseconds: Math.floor(micro / 1000),
      microseconds: micro % 1000,
    }).round({ largestUnit: "day" });
    return sign ? duration.negated() : duration;
  } catch {
    return undefined; // longer than a duration can be
  }
}

function isoDuration(text: string): Temporal.Duration | undefined {
  try {
    const duration = Temporal.Duration.from(text);
    return duration.years === 0 && duration.months === 0 ? duration : undefined; // how long is a month?
  } catch {
    return undefined;
  }
}

/** Writes a duration as `parseDuration` reads it: `1 02:03:04`. */
export function formatDuration(duration: Temporal.Duration): string {
  const { sign } = duration;
  const whole = duration.abs().round({ largestUnit: "day", relativeTo: duration.weeks ? "2000-01-01" : undefined });
  const two = (number: number) => String(number).padStart(2, "0");
  const micro = whole.milliseconds * 1000 + whole.microseconds;
  const clock = `${two(whole.hours)}:${two(whole.minutes)}:${two(whole.seconds)}`;
  const fraction = micro === 0 ? "" : `.${String(micro).padStart(6, "0")}`;
  return `${sign < 0 ? "-" : ""}${whole.days ? `${whole.days} ` : ""}${clock}${fraction}`;
}
