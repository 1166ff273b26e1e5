import type { Kind } from "./fuzz-models.ts";
import type { Random } from "./random.ts";
import { order, source, type Truth } from "./values.ts";
import { pool } from "./world.ts";

/** A comparison of one value: its source, and what it says of a value. */
export interface Comparison {
  /** `{ gte: 3 }` or `null`. */
  readonly code: string;
  readonly holds: (value: any) => Truth;
}

type Make = (random: Random, kind: Kind) => Comparison;

const known =
  (test: (value: any) => Truth) =>
  (value: any): Truth =>
    value === null ? null : test(value);

const compared =
  (name: string, test: (sign: number) => boolean): Make =>
  (random, kind) => {
    const given = random.pick(pool[kind]);
    return { code: `{ ${name}: ${source(given, kind)} }`, holds: known((value) => test(order(value, given, kind))) };
  };

const eq = compared("eq", (sign) => sign === 0);
const ordered: readonly Make[] = [
  compared("gt", (sign) => sign > 0),
  compared("gte", (sign) => sign >= 0),
  compared("lt", (sign) => sign < 0),
  compared("lte", (sign) => sign <= 0),
];

const range: Make = (random, kind) => {
  const [from, to] = [random.pick(pool[kind]), random.pick(pool[kind])];
  return {
    code: `{ range: [${source(from, kind)}, ${source(to, kind)}] }`,
    holds: known((value) => order(value, from, kind) >= 0 && order(value, to, kind) <= 0),
  };
};

const inList: Make = (random, kind) => {
  const list: unknown[] = Array.from({ length: random.below(4) }, () => random.pick(pool[kind]));
  if (random.chance(0.15)) list.push(null);
  return {
    code: `{ in: [${list.map((each) => source(each, kind)).join(", ")}] }`,
    holds: (value) => {
      if (list.length === 0) return false;
      if (value === null) return null;
      if (list.some((each) => each !== null && order(value, each, kind) === 0)) return true;
      return list.includes(null) ? null : false;
    },
  };
};

const isNull: Make = (random) => {
  const wanted = random.chance(0.5);
  return { code: `{ isNull: ${wanted} }`, holds: (value) => (value === null) === wanted };
};

const nothing: Make = () => ({ code: "null", holds: (value) => value === null });

const bare: Make = (random, kind) => {
  const given = random.pick(pool[kind]);
  return { code: source(given, kind), holds: known((value) => order(value, given, kind) === 0) };
};

const textual = (name: string, test: (value: string, given: string) => boolean): Make => {
  const isCaseless = /^i[a-z]/.test(name);
  const fold = (text: string) => (isCaseless ? text.toLowerCase() : text);
  return (random) => {
    const word = String(random.pick(pool.text));
    const given = random.chance(0.4) ? word.slice(0, 1 + random.below(3)) : word;
    return { code: `{ ${name}: ${JSON.stringify(given)} }`, holds: known((value: string) => test(fold(value), fold(given))) };
  };
};

const patterns: Make = (random) => {
  const pattern = random.pick(["^a", "e$", "[b-m]", "t{2}", "^.$", "^(a|L)", "%|_"]);
  const name = random.pick(["regex", "iregex"]);
  return {
    code: `{ ${name}: ${JSON.stringify(pattern)} }`,
    holds: known((value: string) => new RegExp(pattern, name === "regex" ? "u" : "iu").test(value)),
  };
};

/** A part of the value, compared in its turn. */
const part =
  (name: string, kind: Kind, take: (value: any) => unknown): Make =>
  (random) => {
    const inner = random.pick(kind === "int" ? partLookups : [eq, range, inList, textLookups[0]!])(random, kind);
    return { code: `{ ${name}: ${inner.code} }`, holds: (value) => inner.holds(value === null ? null : take(value)) };
  };

const partLookups: readonly Make[] = [eq, ...ordered, range, bare, inList];

const textLookups: readonly Make[] = [
  textual("contains", (value, given) => value.includes(given)),
  textual("icontains", (value, given) => value.includes(given)),
  textual("startsWith", (value, given) => value.startsWith(given)),
  textual("istartsWith", (value, given) => value.startsWith(given)),
  textual("endsWith", (value, given) => value.endsWith(given)),
  textual("iendsWith", (value, given) => value.endsWith(given)),
  textual("iexact", (value, given) => value === given),
  patterns,
  part("length", "int", (value: string) => value.length),
  part("lower", "text", (value: string) => value.toLowerCase()),
  part("upper", "text", (value: string) => value.toUpperCase()),
  part("trim", "text", (value: string) => value.replace(/^ +| +$/g, "")),
];

const at = (value: string) => new Date(value.length === 10 ? `${value}T00:00:00Z` : value);

function isoWeek(value: string): { year: number; week: number } {
  const day = at(value);
  day.setUTCDate(day.getUTCDate() + 4 - (day.getUTCDay() || 7));
  day.setUTCHours(0, 0, 0, 0);
  const year = day.getUTCFullYear();
  return { year, week: Math.ceil(((Number(day) - Date.UTC(year, 0, 1)) / 86_400_000 + 1) / 7) };
}

const dayParts: readonly (readonly [string, (value: string) => number, readonly number[]])[] = [
  ["year", (value) => at(value).getUTCFullYear(), [2024, 2025, 1969]],
  ["isoYear", (value) => isoWeek(value).year, [2024, 2025, 1970]],
  ["quarter", (value) => Math.floor(at(value).getUTCMonth() / 3) + 1, [1, 4]],
  ["month", (value) => at(value).getUTCMonth() + 1, [1, 2, 12]],
  ["week", (value) => isoWeek(value).week, [1, 9, 13, 53]],
  ["day", (value) => at(value).getUTCDate(), [1, 29, 31]],
  ["weekDay", (value) => at(value).getUTCDay() + 1, [1, 2, 4]],
  ["isoWeekDay", (value) => at(value).getUTCDay() || 7, [1, 3, 7]],
];

const clockParts: typeof dayParts = [
  ["hour", (value) => at(value).getUTCHours(), [0, 23, 12]],
  ["minute", (value) => at(value).getUTCMinutes(), [0, 30, 59]],
  ["second", (value) => at(value).getUTCSeconds(), [0, 5, 59]],
];

const timePart: Make = (random, kind) => {
  const [name, take, values] = random.pick(kind === "day" ? dayParts : [...dayParts, ...clockParts]);
  const given = random.pick(values);
  const [lookup, test] = random.pick<readonly [string, (part: number) => boolean]>([
    ["eq", (value) => value === given],
    ["gte", (value) => value >= given],
    ["lt", (value) => value < given],
  ]);
  return { code: `{ ${name}: { ${lookup}: ${given} } }`, holds: known((value: string) => test(take(value))) };
};

const dateOf: Make = (random) => {
  const inner = random.pick([eq, ...ordered, inList])(random, "day");
  return { code: `{ date: ${inner.code} }`, holds: (value) => inner.holds(value === null ? null : value.slice(0, 10)) };
};

const base: readonly Make[] = [eq, bare, inList, isNull, nothing];
const lookups: Readonly<Record<Kind, readonly Make[]>> = {
  int: [...base, ...ordered, range],
  decimal: [...base, ...ordered, range],
  text: [...base, ...ordered, ...textLookups],
  bool: base,
  moment: [...base, ...ordered, range, timePart, timePart, dateOf],
  day: [...base, ...ordered, range, timePart],
};

/** A comparison of a value of some kind, by any lookup that it has. */
export function comparison(random: Random, kind: Kind): Comparison {
  return random.pick(lookups[kind])(random, kind);
}
