import { randomBytes, randomUUID } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { durationOf, Temporal } from "#validation";
import { define, defineRandom } from "./define.ts";
import { momentOf, offsetAt } from "./zone-offsets.ts";

/** Times on the clocks of zones, and moved by durations. Moments are texts in UTC with milliseconds. */
export function defineTimes(connection: DatabaseSync): void {
  define(connection, "local_time", (moment: string, zone: string) => shownAt(moment, zone).toISOString().slice(0, -1));
  define(connection, "clock_time", (moment: string) => String(Temporal.PlainTime.from(clockOf(moment))));
  define(connection, "time_cut", cut);
  define(connection, "time_shift", shift);
  define(connection, "time_between", between);
  defineRandom(connection, "random_uuid", () => randomUUID());
  defineRandom(connection, "time_uuid", timeUuid);
  defineRandom(connection, "random_number", Math.random);
}

/** What a zone's clocks show, as if it were UTC's. */
function shownAt(moment: string, zone: string): Date {
  const milliseconds = Date.parse(moment);
  return new Date(milliseconds + offsetAt(milliseconds, zone));
}

function clockOf(moment: string): string {
  return moment.replace(/^.*[T ]/, "").replace(/Z$/, "");
}

const momentText = (moment: Temporal.Instant) => moment.toString({ fractionalSecondDigits: 3 });

function cut(...[part, kind, text, zone]: readonly [string, string, string, string]): string {
  if (kind === "date")
    return cutMoment(new Date(`${text}T00:00Z`), part)
      .toISOString()
      .slice(0, 10);
  if (kind === "time") return String(cutClock(Temporal.PlainTime.from(text), part));
  const shown = cutMoment(shownAt(text, zone), part);
  return new Date(momentOf(shown.getTime(), zone)).toISOString();
}

const clockLengths: Readonly<Record<string, number>> = { hour: 3_600_000, minute: 60_000, second: 1000 };

/** A moment cut as UTC's clocks show it. */
function cutMoment(shown: Date, part: string): Date {
  const clock = clockLengths[part];
  if (clock !== undefined) return new Date(Math.floor(shown.getTime() / clock) * clock);
  const day = new Date(Math.floor(shown.getTime() / 86_400_000) * 86_400_000);
  if (part === "year") day.setUTCMonth(0, 1);
  if (part === "quarter") day.setUTCMonth(day.getUTCMonth() - (day.getUTCMonth() % 3), 1);
  if (part === "month") day.setUTCDate(1);
  if (part === "week") day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  return day;
}

function cutClock(clock: Temporal.PlainTime, part: string): Temporal.PlainTime {
  return clock.round({ smallestUnit: part as "hour", roundingMode: "trunc" });
}

/** Moved by a duration: microseconds of a column, or a text such as `P1M`. */
function shift(...[kind, text, amount, sign]: readonly [string, string, string | number | bigint, number]): string {
  if (kind === "dateTime" && typeof amount === "number")
    return new Date(Math.floor(Date.parse(text) + (sign * amount) / 1000)).toISOString();
  const duration = typeof amount === "string" ? Temporal.Duration.from(amount) : durationOf(BigInt(amount));
  const by = sign < 0 ? duration.negated() : duration;
  if (kind === "date") return String(Temporal.PlainDate.from(text).toPlainDateTime().add(by).toPlainDate());
  if (kind === "time") return String(Temporal.PlainTime.from(text).add(by));
  return momentText(Temporal.Instant.from(text).toZonedDateTimeISO("UTC").add(by).toInstant());
}

/** Microseconds from the second to the first. */
function between(kind: string, a: string, b: string): bigint {
  return microseconds(kind, a) - microseconds(kind, b);
}

function microseconds(kind: string, text: string): bigint {
  const moment = kind === "dateTime" ? text : kind === "date" ? `${text}T00:00Z` : `1970-01-01T${text}Z`;
  return Temporal.Instant.from(moment).epochNanoseconds / 1000n;
}

/** Version 7: 48 bits of milliseconds, then chance. */
function timeUuid(): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
