import { HttpError } from "#http";
import { gettext, interpolate, monthName } from "#kernel/i18n";
import { Temporal } from "#validation";

/** The parts of a date, as an address gives them: a number of its converter, or text in the format of Python's `strptime`. */
export interface DateParts {
  readonly year: DatePart;
  readonly month?: DatePart | undefined;
  readonly week?: DatePart | undefined;
  readonly day?: DatePart | undefined;
}

interface DatePart {
  readonly given: unknown;
  readonly format: string;
}

/** 404, with what was given. */
function noDate(parts: readonly DatePart[]): HttpError {
  const [datestr, format] = [parts.map(({ given }) => String(given)).join("/"), parts.map((part) => part.format).join("/")];
  return new HttpError(
    404,
    interpolate(gettext("Invalid date string “%(datestr)s” given format “%(format)s”"), { datestr, format }),
  );
}

/** The first day of the period that an address names. @throws HttpError 404 */
export function readDate({ year, month, week, day }: DateParts): Temporal.PlainDate {
  const parts = [year, month, week, day].filter((part) => part !== undefined);
  try {
    const y = readYear(year);
    if (week !== undefined) return startOfWeek(y, readWeek(week), week.format);
    const date = { year: y, month: month ? readMonth(month) : 1, day: day ? readNumber(day, "%d", [1, 31]) : 1 };
    return Temporal.PlainDate.from(date, { overflow: "reject" });
  } catch (error) {
    throw error instanceof RangeError ? noDate(parts) : error;
  }
}

function readNumber({ given, format }: DatePart, wanted: string, [least, most]: readonly [number, number]): number {
  const text = String(given);
  const isNumber = typeof given === "number" || (format === wanted && /^\d{1,4}$/.test(text));
  const number = isNumber ? Number(given) : Number.NaN;
  if (!Number.isInteger(number) || number < least || number > most) throw new RangeError(text);
  return number;
}

function readYear(part: DatePart): number {
  if (part.format !== "%y") return readNumber({ ...part, format: "%Y" }, "%Y", [1, 9999]);
  const short = readNumber(part, "%y", [0, 99]);
  return short < 69 ? 2000 + short : 1900 + short;
}

/** A month by its number or, in the formats `%b` and `%B`, by its name in English or in the language of what runs. */
function readMonth(part: DatePart): number {
  if (part.format === "%m" || typeof part.given === "number") return readNumber({ ...part, format: "%m" }, "%m", [1, 12]);
  const form = part.format === "%B" ? "full" : "abbreviated";
  const wanted = String(part.given).toLowerCase();
  const months = Array.from({ length: 12 }, (_, at) => at + 1);
  const isNamed = (month: number) => [monthName(month, form, "en"), monthName(month, form)].some((name) => name.toLowerCase() === wanted); // prettier-ignore
  const month = months.find(isNamed);
  if (month === undefined) throw new RangeError(wanted);
  return month;
}

function readWeek(part: DatePart): number {
  return readNumber(part, part.format, part.format === "%V" ? [1, 53] : [0, 53]);
}

/**
 * The first day of a week: `%U` counts from the first Sunday of the year, `%W` from its first Monday, with week 0 before; `%V`
 * is ISO's, whose first week has the year's first Thursday.
 */
function startOfWeek(year: number, week: number, format: string): Temporal.PlainDate {
  const first = Temporal.PlainDate.from({ year, month: 1, day: format === "%V" ? 4 : 1 });
  const start = first.subtract({ days: weekday(first, format) });
  if (format === "%V") {
    const found = start.add({ weeks: week - 1 });
    if (found.yearOfWeek !== year) throw new RangeError(`${year} has no week ${week}`);
    return found;
  }
  const isFirst = weekday(first, format) === 0;
  return start.add({ weeks: isFirst ? Math.max(0, week - 1) : week });
}

/** 0 on the first day of a week: Sunday for `%U`, else Monday. */
export function weekday(date: Temporal.PlainDate, format: string): number {
  return format === "%U" ? date.dayOfWeek % 7 : date.dayOfWeek - 1;
}
