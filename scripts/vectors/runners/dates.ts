import { Temporal } from "temporal-polyfill";
import { formatNumber } from "../../../src/kernel/i18n/index.ts";
import { calendarTime } from "../../../src/templates/dates/calendar-time.ts";
import { formatDate } from "../../../src/templates/dates/format-date.ts";
import { timeBetween } from "../../../src/templates/dates/time-between.ts";
import { formatDuration, parseDuration } from "../../../src/validation/index.ts";
import { refuse, type Runner } from "./runner.ts";

function between(from: unknown, to: unknown, { depth = 2 }: Record<string, any>): string {
  if (depth < 1) throw new RangeError("depth");
  return timeBetween(calendarTime(from, "UTC")!, calendarTime(to, "UTC")!, { depth });
}

/** Dates, durations and numbers. */
export const dateRunners: Record<string, Runner> = {
  "dateformat.format": ([value, format], _, { timeZone, language }) => {
    const isDay = value instanceof Temporal.PlainDate;
    if (isDay && /[aAfgGhHiPsu]/.test(format)) return refuse("hours of a day, which are 0 and no error here");
    if (value instanceof Temporal.PlainDateTime && value.toString().startsWith("2015-"))
      return refuse("local times that come twice or never");
    const local = value instanceof Temporal.PlainDateTime && format !== "c" ? value.toZonedDateTime(timeZone) : value;
    return formatDate(local, format, { timeZone, language });
  },
  "timesince.timesince": ([from, to], kwargs) =>
    kwargs["time_strings"] ? refuse("words of one's own") : between(from, to, kwargs),
  "timesince.timeuntil": ([to, from], kwargs) => between(from, to, kwargs),
  "numberformat.format": ([value, decimalSeparator, decimals], kwargs) =>
    formatNumber(value, {
      decimalSeparator,
      decimals: decimals ?? kwargs["decimal_pos"] ?? undefined,
      numberGrouping: kwargs["grouping"] ?? 0,
      thousandSeparator: kwargs["thousand_sep"] ?? "",
      grouping: kwargs["force_grouping"] ?? (kwargs["use_l10n"] === false ? false : undefined),
    }),
  "dateparse.parse_duration": ([text]) => parseDuration(text),
  "duration.duration_string": ([duration]) => formatDuration(duration),
};
