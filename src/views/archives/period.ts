import { HttpError } from "#http";
import { gettext } from "#kernel/i18n";
import type { Temporal } from "#validation";
import { weekday } from "./read-date.ts";

/** The lengths of time that archives have pages for. */
export type PeriodName = "year" | "month" | "week" | "day";

/** The first day of the period that a day is in. */
export function startOf(period: PeriodName, date: Temporal.PlainDate, weekFormat: string): Temporal.PlainDate {
  if (period === "year") return date.with({ month: 1, day: 1 });
  if (period === "month") return date.with({ day: 1 });
  return period === "week" ? date.subtract({ days: weekday(date, weekFormat) }) : date;
}

/** The first day of the period that follows. @throws HttpError 404 beyond the year 9999, which databases do not know */
export function startOfNext(period: PeriodName, date: Temporal.PlainDate, weekFormat: string): Temporal.PlainDate {
  const next = startOf(period, date, weekFormat).add({ [`${period}s`]: 1 });
  if (next.year > 9999) throw new HttpError(404, gettext("Date out of range"));
  return next;
}
