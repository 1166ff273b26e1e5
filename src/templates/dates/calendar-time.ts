/** A moment as a calendar and a clock show it in some zone. */
export interface CalendarTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
  readonly hasDate: boolean;
  readonly hasTime: boolean;
  readonly epochMilliseconds: number;
  /** Only moments have a zone; dates and times alone have none. */
  readonly offsetMinutes: number | undefined;
  readonly zoneName: string;
  readonly zoneAbbreviation: string;
  readonly isDaylightSaving: boolean | undefined;
}

/** Temporal's types, known by their shape: the templates do not care who made them. */
interface TemporalShape {
  readonly [Symbol.toStringTag]?: string;
  readonly year?: number;
  readonly month?: number;
  readonly day?: number;
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
  readonly millisecond?: number;
  readonly microsecond?: number;
  readonly epochMilliseconds?: number;
  readonly timeZoneId?: string;
}

const temporalTypes = new Set(
  ["PlainDate", "PlainTime", "PlainDateTime", "ZonedDateTime", "Instant"].map((name) => `Temporal.${name}`),
);

/** Whether a value is a date, a time or both. */
export function isDateLike(value: unknown): boolean {
  if (value instanceof Date) return true;
  return typeof value === "object" && value !== null && temporalTypes.has((value as TemporalShape)[Symbol.toStringTag] ?? "");
}

/** Reads a value's calendar and clock; undefined when it is no date. */
export function calendarTime(value: unknown, timeZone: string): CalendarTime | undefined {
  if (typeof value !== "object" || value === null || !isDateLike(value)) return undefined;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : momentIn(value.getTime(), timeZone, 0);
  const shape = value as TemporalShape;
  if (shape.epochMilliseconds !== undefined)
    return momentIn(shape.epochMilliseconds, shape.timeZoneId ?? timeZone, shape.microsecond ?? 0);
  return plain(shape);
}

function plain(shape: TemporalShape): CalendarTime {
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0, microsecond = 0 } = shape;
  return {
    year, month, day, hour, minute, second,
    microsecond: millisecond * 1000 + microsecond,
    hasDate: shape.year !== undefined,
    hasTime: shape.hour !== undefined,
    epochMilliseconds: Date.UTC(year, month - 1, day, hour, minute, second, millisecond),
    offsetMinutes: undefined, zoneName: "", zoneAbbreviation: "", isDaylightSaving: undefined,
  }; // prettier-ignore
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const numeric = "numeric";
  const options = {
    timeZone,
    hourCycle: "h23",
    year: numeric,
    month: numeric,
    day: numeric,
    hour: numeric,
    minute: numeric,
    second: numeric,
  } as const;
  const formatter = new Intl.DateTimeFormat("en-US", options);
  formatters.set(timeZone, formatter);
  return formatter;
}

function momentIn(milliseconds: number, timeZone: string, microseconds: number): CalendarTime {
  const local = localTime(milliseconds, timeZone);
  const offsetMinutes = Math.round((local - Math.floor(milliseconds / 1000) * 1000) / 60_000);
  const date = new Date(local);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
  return {
    year, month, day,
    hour: date.getUTCHours(), minute: date.getUTCMinutes(), second: date.getUTCSeconds(),
    microsecond: (((milliseconds % 1000) + 1000) % 1000) * 1000 + microseconds,
    hasDate: true, hasTime: true,
    epochMilliseconds: milliseconds,
    offsetMinutes,
    zoneName: /^[+-]/.test(timeZone) ? timeZone.replace(":", "") : timeZone,
    zoneAbbreviation: abbreviation(milliseconds, timeZone),
    isDaylightSaving: offsetMinutes !== standardOffset(year, timeZone),
  }; // prettier-ignore
}

/** The local clock, as if it were UTC. */
function localTime(milliseconds: number, timeZone: string): number {
  if (timeZone === "UTC") return Math.floor(milliseconds / 1000) * 1000;
  const parts: Record<string, number> = {};
  for (const { type, value } of formatterOf(timeZone).formatToParts(milliseconds)) parts[type] = Number(value);
  return Date.UTC(parts["year"]!, parts["month"]! - 1, parts["day"], parts["hour"], parts["minute"], parts["second"]);
}

function standardOffset(year: number, timeZone: string): number {
  const offset = (month: number) =>
    Math.round((localTime(Date.UTC(year, month, 1), timeZone) - Date.UTC(year, month, 1)) / 60_000);
  return Math.min(offset(0), offset(6));
}

function abbreviation(milliseconds: number, timeZone: string): string {
  if (timeZone === "UTC") return "UTC";
  if (/^[+-]/.test(timeZone)) return timeZone.replace(":", "");
  const parts = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "short" }).formatToParts(milliseconds);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? timeZone;
}
