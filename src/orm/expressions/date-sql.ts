import { ormErrors } from "../errors.ts";
import type { Dialect } from "../names.ts";
import type { Compiled, Scope } from "../query/scope.ts";
import { outputs } from "./outputs.ts";

/** What can be taken of a moment, a day or a time of day. Sunday is week day 1; ISO's Monday is 1 and Sunday 7. */
export const dateParts = [
  "year",
  "isoYear",
  "quarter",
  "month",
  "week",
  "day",
  "weekDay",
  "isoWeekDay",
  "hour",
  "minute",
  "second",
] as const;
/** A part that `extract()` and lookups take of a date. */
export type DatePart = (typeof dateParts)[number];

/** What a moment can be cut to. */
export const truncParts = ["year", "quarter", "month", "week", "day", "hour", "minute", "second"] as const;
/** What `trunc()` cuts a date to. */
export type TruncPart = (typeof truncParts)[number];

/** SQLite's formats, and PostgreSQL's names; both count a week by ISO. */
const partSql: Readonly<Record<DatePart, { sqlite: string; postgres: string }>> = {
  year: { sqlite: "%Y", postgres: "YEAR" },
  isoYear: { sqlite: "%G", postgres: "ISOYEAR" },
  quarter: { sqlite: "%m", postgres: "QUARTER" },
  month: { sqlite: "%m", postgres: "MONTH" },
  week: { sqlite: "%V", postgres: "WEEK" },
  day: { sqlite: "%d", postgres: "DAY" },
  weekDay: { sqlite: "%w", postgres: "DOW" },
  isoWeekDay: { sqlite: "%u", postgres: "ISODOW" },
  hour: { sqlite: "%H", postgres: "HOUR" },
  minute: { sqlite: "%M", postgres: "MINUTE" },
  second: { sqlite: "%S", postgres: "SECOND" },
};

/** A part of a date as a whole number. */
export function extractSql(
  scope: Scope,
  left: Compiled,
  { part, timeZone }: { part: DatePart; timeZone?: string | undefined },
): Compiled {
  const { sqlite, postgres } = partSql[part];
  const local = localSql(scope, left, timeZone);
  const number =
    scope.dialect === "sqlite"
      ? `CAST(strftime('${sqlite}', ${local}) AS INTEGER)`
      : `CAST(FLOOR(EXTRACT(${postgres} FROM ${local})) AS integer)`;
  return { sql: shifted(number, part, scope.dialect), field: outputs.integer, label: left.label };
}

function shifted(number: string, part: DatePart, dialect: Dialect): string {
  if (part === "weekDay") return `(${number} + 1)`;
  return part === "quarter" && dialect === "sqlite" ? `((${number} + 2) / 3)` : number;
}

/** The moment on the clocks of a zone: a text on SQLite, a timestamp without a zone on PostgreSQL. */
function localSql(scope: Scope, { sql, field }: Compiled, timeZone: string | undefined): string {
  const isMoment = field === undefined || field.kind === "dateTime";
  if (!isMoment) return sql;
  if (scope.dialect === "sqlite")
    return timeZone === undefined || timeZone === "UTC"
      ? sql
      : `local_time(${sql}, ${scope.compiler.param(checkZone(timeZone))})`;
  if (field === undefined && timeZone === undefined) return sql;
  return `(${sql} AT TIME ZONE ${zoneSql(scope, timeZone ?? "UTC")})`;
}

/** A zone's name as a parameter. PostgreSQL reads `+09:00` the other way round, so an offset is an interval. */
function zoneSql(scope: Scope, timeZone: string): string {
  if (timeZone === "UTC") return "'UTC'";
  const place = scope.compiler.param(checkZone(timeZone));
  const type = /^[+-]/.test(timeZone) ? "interval" : "text";
  if (scope.compiler.isLiteral) return type === "interval" ? `INTERVAL ${place}` : place;
  return `CAST(${place} AS ${type})`;
}

const known = new Set<string>();

/** @throws ORM_UNKNOWN_TIME_ZONE */
function checkZone(timeZone: string): string {
  if (known.has(timeZone)) return timeZone;
  try {
    new Intl.DateTimeFormat("en", { timeZone });
  } catch (cause) {
    throw ormErrors.ORM_UNKNOWN_TIME_ZONE({ given: String(timeZone), cause });
  }
  if (known.size < 1000) known.add(timeZone);
  return timeZone;
}

/** SQLite's formats of what is left of a moment, and of a day. */
const cutFormats: Readonly<Partial<Record<TruncPart, string>>> = {
  year: "%Y-01-01",
  month: "%Y-%m-01",
  day: "%Y-%m-%d",
  hour: "%Y-%m-%dT%H:00:00.000Z",
  minute: "%Y-%m-%dT%H:%M:00.000Z",
  second: "%Y-%m-%dT%H:%M:%S.000Z",
};

/** A moment or day cut to its year, month and so on; of the same kind as before. */
export function truncSql(
  scope: Scope,
  left: Compiled,
  { part, timeZone }: { part: TruncPart; timeZone?: string | undefined },
): Compiled {
  const kind = left.field?.kind ?? "dateTime";
  checkCut(left, part, kind);
  const sql =
    scope.dialect === "sqlite"
      ? sqliteCut(scope, { sql: left.sql, part, kind, timeZone })
      : postgresCut(scope, left, { part, timeZone });
  const output = kind === "date" ? outputs.date : kind === "time" ? outputs.time : outputs.dateTime;
  return { sql, field: output, label: left.label };
}

interface Cut {
  readonly sql: string;
  readonly part: TruncPart;
  readonly kind: string;
  readonly timeZone: string | undefined;
}

function sqliteCut(scope: Scope, { sql, part, kind, timeZone }: Cut): string {
  const format = cutFormats[part];
  if (format === undefined || kind === "time" || (kind === "dateTime" && timeZone !== undefined && timeZone !== "UTC"))
    return `time_cut('${part}', '${kind}', ${sql}, ${scope.compiler.param(checkZone(timeZone ?? "UTC"))})`;
  return `strftime('${kind === "dateTime" && !format.includes("T") ? `${format}T00:00:00.000Z` : format}', ${sql})`;
}

function postgresCut(
  scope: Scope,
  left: Compiled,
  { part, timeZone }: { part: TruncPart; timeZone: string | undefined },
): string {
  const kind = left.field?.kind;
  if (kind === "date") return `CAST(DATE_TRUNC('${part}', CAST(${left.sql} AS timestamp)) AS date)`;
  if (kind === "time") return `CAST(DATE_TRUNC('${part}', CAST(${left.sql} AS interval)) AS time)`;
  const zone = zoneSql(scope, timeZone ?? "UTC");
  return `(DATE_TRUNC('${part}', ${left.sql} AT TIME ZONE ${zone}) AT TIME ZONE ${zone})`;
}

function checkCut(left: Compiled, part: TruncPart, kind: string): void {
  const isClock = part === "hour" || part === "minute" || part === "second";
  if (kind === "dateTime" || (kind === "time" ? isClock : kind === "date" && !isClock)) return;
  throw ormErrors.ORM_BAD_QUERY({
    reason: `${left.field?.model === undefined ? "The expression" : left.field.label} is a ${kind} and cannot be cut to its ${part}.`,
    hint: "A date has years down to days, a time hours down to seconds, a dateTime all.",
  });
}

/** The day of a moment, or its time of day. */
export function dayOrTimeSql(
  scope: Scope,
  left: Compiled,
  { kind, timeZone }: { kind: "date" | "time"; timeZone?: string | undefined },
): Compiled {
  const field = kind === "date" ? outputs.date : outputs.time;
  if (left.field?.kind === kind) return { sql: left.sql, field, label: left.label };
  const local = localSql(scope, left, timeZone);
  const sqlite = kind === "date" ? `date(${local})` : `clock_time(${local})`;
  return { sql: scope.dialect === "sqlite" ? sqlite : `CAST(${local} AS ${kind})`, field, label: left.label };
}
