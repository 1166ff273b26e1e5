import { Temporal } from "#validation";
import { type Moment, toLocal } from "./local-time.ts";

/**
 * How it works
 *
 * Formats are those of `strftime`: `%Y-%m-%d %H:%M`. Reading turns a format into a regular expression
 * once and keeps it; writing replaces each directive. Months and days are named in English, in every language.
 */

const monthNames: readonly string[] =
  "January February March April May June July August September October November December".split(" ");

const dayNames: readonly string[] = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(" ");

const directives: Record<string, string> = {
  Y: "(?<Y>\\d{4})",
  y: "(?<y>\\d{2})",
  m: "(?<m>1[0-2]|0?[1-9])",
  d: "(?<d>3[01]|[12]\\d|0?[1-9])",
  H: "(?<H>2[0-3]|[01]?\\d)",
  I: "(?<I>1[0-2]|0?[1-9])",
  M: "(?<M>[0-5]?\\d)",
  S: "(?<S>[0-5]?\\d)",
  f: "(?<f>\\d{1,6})",
  p: "(?<p>am|pm)",
  b: `(?<b>${monthNames.map((month) => month.slice(0, 3)).join("|")})`,
  B: `(?<B>${monthNames.join("|")})`,
  a: `(?:${dayNames.map((day) => day.slice(0, 3)).join("|")})`,
  A: `(?:${dayNames.join("|")})`,
  "%": "%",
};

const patterns = new Map<string, RegExp>();

function patternOf(format: string): RegExp {
  const kept = patterns.get(format);
  if (kept !== undefined) return kept;
  const source = format.replace(/%(.)|[.*+?^${}()|[\]\\]|\s+/g, (part, directive: string | undefined) => {
    if (directive !== undefined) return directives[directive] ?? part.replace(/\W/g, "\\$&");
    return /\s/.test(part) ? "\\s+" : `\\${part}`;
  });
  const pattern = new RegExp(`^${source}$`, "i");
  patterns.set(format, pattern);
  return pattern;
}

/** Reads text in the first format that fits; undefined when none does or the day does not exist. */
export function parseMoment(text: string, formats: readonly string[]): Temporal.PlainDateTime | undefined {
  for (const format of formats) {
    const parts = patternOf(format).exec(text)?.groups;
    const moment = parts && momentOf(parts);
    if (moment) return moment;
  }
  return undefined;
}

function momentOf(parts: Record<string, string | undefined>): Temporal.PlainDateTime | undefined {
  const fields = {
    year: yearOf(parts),
    month: monthOf(parts),
    day: Number(parts["d"] ?? 1),
    hour: hourOf(parts),
    minute: Number(parts["M"] ?? 0),
    second: Number(parts["S"] ?? 0),
  };
  const micro = Number((parts["f"] ?? "").padEnd(6, "0"));
  if (fields.year < 1) return undefined; // databases have no year 0
  try {
    const subSecond = { millisecond: Math.floor(micro / 1000), microsecond: micro % 1000 };
    return Temporal.PlainDateTime.from({ ...fields, ...subSecond }, { overflow: "reject" });
  } catch {
    return undefined;
  }
}

function yearOf(parts: Record<string, string | undefined>): number {
  if (parts["y"] === undefined) return Number(parts["Y"] ?? 1900);
  const short = Number(parts["y"]);
  return short < 69 ? 2000 + short : 1900 + short; // POSIX: 69 to 99 are the twentieth century
}

function monthOf(parts: Record<string, string | undefined>): number {
  const name = (parts["B"] ?? parts["b"])?.slice(0, 3).toLowerCase();
  if (name === undefined) return Number(parts["m"] ?? 1);
  return monthNames.findIndex((month) => month.slice(0, 3).toLowerCase() === name) + 1;
}

function hourOf(parts: Record<string, string | undefined>): number {
  if (parts["I"] === undefined) return Number(parts["H"] ?? 0);
  return (Number(parts["I"]) % 12) + (parts["p"]?.toLowerCase() === "pm" ? 12 : 0);
}

/** Writes a moment: `formatMoment(date, "%d.%m.%Y")`. */
export function formatMoment(moment: Moment, format: string): string {
  const value = toLocal(moment);
  const two = (number: number) => String(number).padStart(2, "0");
  const written: Record<string, () => string> = {
    Y: () => String(value.year).padStart(4, "0"),
    y: () => two(value.year % 100),
    m: () => two(value.month),
    d: () => two(value.day),
    H: () => two(value.hour),
    I: () => two(value.hour % 12 || 12),
    M: () => two(value.minute),
    S: () => two(value.second),
    f: () => String(value.millisecond * 1000 + value.microsecond).padStart(6, "0"),
    p: () => (value.hour < 12 ? "AM" : "PM"),
    b: () => monthNames[value.month - 1]!.slice(0, 3),
    B: () => monthNames[value.month - 1]!,
    a: () => dayNames[value.dayOfWeek - 1]!.slice(0, 3),
    A: () => dayNames[value.dayOfWeek - 1]!,
    "%": () => "%",
  };
  return format.replace(/%(.)/g, (whole, directive: string) => written[directive]?.() ?? whole);
}
