import { Temporal } from "#validation";

const pattern =
  /^(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})(?:[T ](?<hour>\d{1,2}):(?<minute>\d{1,2})(?::(?<second>\d{1,2})(?:[.,](?<fraction>\d{1,6})\d{0,6})?)?\s*(?<zone>Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/** ISO 8601: a moment where it has an offset, else what clocks show; undefined where it is none. */
export function parseIsoMoment(text: string): Date | Temporal.PlainDateTime | undefined {
  const parts = pattern.exec(text)?.groups;
  const local = parts && localOf(parts);
  if (local === undefined) return undefined;
  const offset = offsetMinutes(parts!["zone"]);
  if (offset === undefined) return local;
  return new Date(local.subtract({ minutes: offset }).toZonedDateTime("UTC").epochMilliseconds);
}

function localOf(parts: Readonly<Record<string, string | undefined>>): Temporal.PlainDateTime | undefined {
  const number = (name: string) => Number(parts[name] ?? 0);
  if (number("year") === 0) return undefined; // databases have no year 0
  const [year, month, day, hour, minute, second] = ["year", "month", "day", "hour", "minute", "second"].map(number) as [number, number, number, number, number, number]; // prettier-ignore
  const micro = Number((parts["fraction"] ?? "").padEnd(6, "0"));
  const subSecond = { millisecond: Math.floor(micro / 1000), microsecond: micro % 1000 };
  try {
    return Temporal.PlainDateTime.from({ year, month, day, hour, minute, second, ...subSecond }, { overflow: "reject" });
  } catch {
    return undefined;
  }
}

/** The minutes that a place is ahead of UTC. */
function offsetMinutes(zone: string | undefined): number | undefined {
  if (zone === undefined) return undefined;
  const [, sign, hours = "0", minutes = "0"] = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone) ?? ["", "+"];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
