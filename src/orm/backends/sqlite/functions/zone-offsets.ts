import { Temporal } from "#validation";

const dayLength = 86_400_000;
/** How many days of a zone are remembered. */
const daysKept = 50_000;

/** Whole days of a zone, by number since 1970, with the one offset they have; undefined where the clocks change. */
type Days = Map<number, number | undefined>;
const zones = new Map<string, Days>();

/**
 * How far a zone's clocks are ahead of UTC at a moment, in milliseconds. Temporal takes 50 µs to say it, and a
 * query asks for each row, so days that have one offset are remembered.
 */
export function offsetAt(milliseconds: number, zone: string): number {
  return wholeDayOffset(milliseconds, zone) ?? exactOffset(milliseconds, zone);
}

/** The moment at which a zone's clocks show a time, given as if it were UTC's. */
export function momentOf(shown: number, zone: string): number {
  const offset = wholeDayOffset(shown - offsetAt(shown, zone), zone);
  if (offset !== undefined && wholeDayOffset(shown - offset, zone) === offset) return shown - offset;
  const plain = Temporal.PlainDateTime.from(new Date(shown).toISOString().slice(0, -1));
  // Of two moments the later one, as PostgreSQL has it.
  return plain.toZonedDateTime(zone, { disambiguation: "later" }).epochMilliseconds;
}

function exactOffset(milliseconds: number, zone: string): number {
  return Temporal.Instant.fromEpochMilliseconds(milliseconds).toZonedDateTimeISO(zone).offsetNanoseconds / 1e6;
}

function wholeDayOffset(milliseconds: number, zone: string): number | undefined {
  const day = Math.floor(milliseconds / dayLength);
  let days = zones.get(zone);
  if (days === undefined || days.size > daysKept) zones.set(zone, (days = new Map()));
  if (days.has(day)) return days.get(day);
  const [start, end] = [exactOffset(day * dayLength, zone), exactOffset((day + 1) * dayLength, zone)];
  days.set(day, start === end ? start : undefined);
  return days.get(day);
}
