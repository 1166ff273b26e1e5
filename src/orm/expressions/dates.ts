import type { Temporal } from "#validation";
import { ormErrors } from "../errors.ts";
import { type DatePart, dateParts, dayOrTimeSql, extractSql, type TruncPart, truncParts, truncSql } from "./date-sql.ts";
import { Computed, type Expression } from "./expression.ts";
import { outputs } from "./outputs.ts";

/** Whose clocks are meant: a zone's name, `"Asia/Seoul"`, or an offset. UTC where nothing is said. */
export interface ZoneOptions {
  readonly timeZone?: string;
}

/** The database's clock as the statement begins, in milliseconds. `filter(c => c.created.lt(now()))` */
export function now(): Expression<Date> {
  return new Computed([], (scope) => ({
    sql:
      scope.dialect === "sqlite"
        ? "(strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))"
        : "DATE_TRUNC('milliseconds', STATEMENT_TIMESTAMP())",
    field: outputs.dateTime,
  }));
}

/**
 * The beginning of the year, quarter, month, week (Monday), day, hour, minute or second.
 *
 * ```ts
 * Order.objects.annotate(o => ({ month: trunc(o.created, "month", { timeZone: "Asia/Seoul" }) }))
 * ```
 */
export function trunc<V>(expression: Expression<V>, part: TruncPart, { timeZone }: ZoneOptions = {}): Expression<V> {
  checkPart("trunc", part, truncParts);
  return new Computed([expression], (scope) => truncSql(scope, expression.compile(scope), { part, timeZone }));
}

/** The day of a moment. `truncDate(o.created, { timeZone: "Asia/Seoul" })` */
export function truncDate(expression: Expression<any>, { timeZone }: ZoneOptions = {}): Expression<Temporal.PlainDate> {
  return new Computed([expression], (scope) => dayOrTimeSql(scope, expression.compile(scope), { kind: "date", timeZone }));
}

/** The time of day of a moment. `truncTime(o.created)` */
export function truncTime(expression: Expression<any>, { timeZone }: ZoneOptions = {}): Expression<Temporal.PlainTime> {
  return new Computed([expression], (scope) => dayOrTimeSql(scope, expression.compile(scope), { kind: "time", timeZone }));
}

/** A part as a number: `extract(o.created, "week")`. Sunday is week day 1; ISO's Monday is 1. */
export function extract(expression: Expression<any>, part: DatePart, { timeZone }: ZoneOptions = {}): Expression<number> {
  checkPart("extract", part, dateParts);
  return new Computed([expression], (scope) => extractSql(scope, expression.compile(scope), { part, timeZone }));
}

function checkPart(name: string, given: string, parts: readonly string[]): void {
  if (parts.includes(given)) return;
  throw ormErrors.ORM_BAD_QUERY({
    reason: `${name}() knows no ${JSON.stringify(given)}.`,
    hint: `The parts are: ${parts.join(", ")}.`,
  });
}
