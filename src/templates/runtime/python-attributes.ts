/** What Python's moments have and a `Date` has under other names. Moments of rows are in UTC, as Django's are. */
const dateAttributes = {
  year: (moment: Date) => moment.getUTCFullYear(),
  month: (moment: Date) => moment.getUTCMonth() + 1,
  day: (moment: Date) => moment.getUTCDate(),
  hour: (moment: Date) => moment.getUTCHours(),
  minute: (moment: Date) => moment.getUTCMinutes(),
  second: (moment: Date) => moment.getUTCSeconds(),
  microsecond: (moment: Date) => moment.getUTCMilliseconds() * 1000,
  weekday: (moment: Date) => (moment.getUTCDay() + 6) % 7,
  isoweekday: (moment: Date) => moment.getUTCDay() || 7,
  timestamp: (moment: Date) => moment.getTime() / 1000,
  isoformat: (moment: Date) =>
    moment.toISOString().replace(/\.(\d{3})Z$/, (_, ms: string) => (ms === "000" ? "+00:00" : `.${ms}000+00:00`)),
};

/** What Python's texts have: their methods that need no argument. */
const textAttributes = {
  upper: (text: string) => text.toUpperCase(),
  lower: (text: string) => text.toLowerCase(),
  title: (text: string) => text.toLowerCase().replace(/\p{L}+/gu, capitalized),
  capitalize: (text: string) => capitalized(text.toLowerCase()),
  strip: (text: string) => text.trim(),
  lstrip: (text: string) => text.trimStart(),
  rstrip: (text: string) => text.trimEnd(),
  split: (text: string) => text.trim().split(/\s+/).filter(Boolean),
  splitlines: (text: string) => (text === "" ? [] : text.replace(/(\r\n|\n|\r)$/, "").split(/\r\n|\n|\r/)),
  isdigit: (text: string) => /^\p{Nd}+$/u.test(text),
  isalpha: (text: string) => /^\p{L}+$/u.test(text),
};

/** The names that templates may ask of a moment or a text, for the compiler. */
export type DateAttribute = keyof typeof dateAttributes;
export type TextAttribute = keyof typeof textAttributes;

function capitalized(text: string): string {
  const [first = ""] = text;
  return first.toUpperCase() + text.slice(first.length);
}

/** `moment.year`, as Python has it; undefined where Python has no such name, or the moment is none. */
export function dateAttribute(moment: Date, key: string): unknown {
  if (!Object.hasOwn(dateAttributes, key) || Number.isNaN(moment.getTime())) return undefined;
  return dateAttributes[key as DateAttribute](moment);
}

/** `name.upper`, as Python has it; undefined where Python has no such method. */
export function textAttribute(text: string, key: string): unknown {
  return Object.hasOwn(textAttributes, key) ? textAttributes[key as TextAttribute](text) : undefined;
}
