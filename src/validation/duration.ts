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

const clockDuration =
  /^(?:(?<days>-?\d+)(?:\s*days?(?:,\s*|\s+)|\s+))?(?<sign>-)?(?:(?:(?<hours>\d+):)?(?<minutes>\d+):)?(?<seconds>\d+)(?:[.,](?<fraction>\d{1,6})\d{0,6})?$/;
const isoDuration =
  /^(?<sign>[-+])?P(?!$)(?:(?<week>\d+(?:[.,]\d+)?)W)?(?:(?<day>\d+(?:[.,]\d+)?)D)?(?:T(?!$)(?:(?<hour>\d+(?:[.,]\d+)?)H)?(?:(?<minute>\d+(?:[.,]\d+)?)M)?(?:(?<second>\d+(?:[.,]\d+)?)S)?)?$/i;

/**
 * Reads `[days ][[hours:]minutes:]seconds[.micros]` and ISO 8601 (`P1DT2H`); undefined for anything else. The sign of days is
 * theirs alone: `-1 02:00:00` is two hours more than a day less.
 *
 * ```ts
 * parseDuration("1 02:03:04")?.toString(); // "P1DT2H3M4S"
 * ```
 */
export function parseDuration(text: string): Temporal.Duration | undefined {
  const clock = clockDuration.exec(text)?.groups;
  const micro = clock ? clockMicroseconds(clock) : isoMicroseconds(isoDuration.exec(text)?.groups);
  try {
    return micro === undefined ? undefined : durationOf(micro);
  } catch {
    return undefined; // longer than a duration can be
  }
}

function clockMicroseconds({ days, sign, hours, minutes, seconds, fraction }: Record<string, string | undefined>): bigint {
  const of = (count: string | undefined, unit: bigint) => BigInt(count ?? 0) * unit;
  const clock =
    of(hours, microsecond.hour) +
    of(minutes, microsecond.minute) +
    of(seconds, microsecond.second) +
    BigInt((fraction ?? "").padEnd(6, "0"));
  return of(days, microsecond.day) + (sign === undefined ? clock : -clock);
}

function isoMicroseconds(parts: Record<string, string | undefined> | undefined): bigint | undefined {
  if (parts === undefined) return undefined;
  const units = Object.entries({ ...microsecond, week: 7n * microsecond.day });
  const total = units.reduce((sum, [name, unit]) => sum + fractionOf(parts[name], unit), 0n);
  return parts["sign"] === "-" ? -total : total;
}

/** So many of a unit, as microseconds: `0,5` days. */
function fractionOf(count: string | undefined, unit: bigint): bigint {
  if (count === undefined) return 0n;
  const [whole, fraction = "0"] = count.split(/[.,]/) as [string, string?];
  return BigInt(whole) * unit + BigInt(Math.round(Number(`0.${fraction}`) * Number(unit)));
}

/** Writes a duration as `parseDuration` reads it: `1 02:03:04`; one that is less than nothing in days less, and what is more than they are: `-1 22:00:00`. */
export function formatDuration(duration: Temporal.Duration): string {
  const micro = durationMicroseconds(
    duration.round({ largestUnit: "day", relativeTo: duration.weeks ? "2000-01-01" : undefined }),
  )!;
  const days = (micro - (((micro % microsecond.day) + microsecond.day) % microsecond.day)) / microsecond.day;
  const clock = durationOf(micro - days * microsecond.day);
  const two = (number: number) => String(number).padStart(2, "0");
  const left = clock.milliseconds * 1000 + clock.microseconds;
  const fraction = left === 0 ? "" : `.${String(left).padStart(6, "0")}`;
  return `${days === 0n ? "" : `${days} `}${two(clock.hours)}:${two(clock.minutes)}:${two(clock.seconds)}${fraction}`;
}
