import { ormErrors } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import { comparedValue } from "../model/row-key.ts";
import type { Dialect } from "../names.ts";
import type { Compiler } from "../query/compiler.ts";
import type { Compiled } from "../query/scope.ts";

/** One comparison about to be written. */
export interface LookupContext {
  readonly sql: string;
  readonly field: Field | undefined;
  readonly dialect: Dialect;
  readonly compiler: Compiler;
  /** The values, as `lookupValues` gives them for the shape. */
  readonly values: readonly unknown[];
  readonly marker: string;
  /** The SQL of the value, where it is an expression or sub-query. */
  readonly right: string | undefined;
}

type Lookup = (context: LookupContext) => string;
type Transform = (sql: string, dialect: Dialect) => string;

/** A value as the driver takes it for this field. */
function bound(context: LookupContext, at = 0): string {
  if (context.right !== undefined) return context.right;
  const { compiler, field, dialect, marker } = context;
  const value = context.values[at];
  const place = compiler.param(value, compiler.converterFor(value, field));
  const type = field?.comparedAs(dialect);
  if (type === undefined || compiler.isLiteral) return place;
  return `CAST(${place} AS ${marker === "real" ? "double precision" : type})`;
}

/** SQLite keeps decimals as text; this orders them as numbers. */
export function comparable(sql: string, field: Field | undefined, dialect: Dialect): string {
  if (dialect !== "sqlite" || field?.kind !== "decimal") return sql;
  return field.maxDigits! <= 15 ? `CAST(${sql} AS REAL)` : `decimal_key(${sql})`;
}

function compare(operator: string): Lookup {
  return (context) => {
    const side = (sql: string) => comparable(sql, context.field, context.dialect);
    return `${side(context.sql)} ${operator} ${side(bound(context))}`;
  };
}

const escapeLike = (value: unknown) => withoutNul(value).replace(/[\\%_]/g, "\\$&");
const escapeGlob = (value: unknown) => withoutNul(value).replace(/[*?[]/g, "[$&]");

/** A pattern ends for SQLite at a NUL character, and would match more than it says; PostgreSQL keeps none in a text. */
function withoutNul(value: unknown): string {
  const text = String(value);
  if (!text.includes("\0")) return text;
  throw ormErrors.ORM_BAD_VALUE({ field: "A pattern", given: JSON.stringify(text), wanted: "a text without NUL characters" });
}

/** Case-sensitive: GLOB on SQLite, whose LIKE is not; LIKE on PostgreSQL. */
function pattern(before: string, after: string): Lookup {
  const glob = (value: unknown) => `${before && "*"}${escapeGlob(value)}${after && "*"}`;
  const like = (value: unknown) => `${before}${escapeLike(value)}${after}`;
  return ({ sql, dialect, compiler, values }) =>
    dialect === "sqlite"
      ? `${sql} GLOB ${compiler.param(values[0], glob)}`
      : `CAST(${sql} AS text) LIKE ${compiler.param(values[0], like)}`;
}

/** Case-insensitive. SQLite's LIKE knows the case of ASCII letters only, so other patterns are lowered by ours. */
function caselessPattern(before: string, after: string): Lookup {
  const like = (value: unknown) => `${before}${escapeLike(value)}${after}`;
  return ({ sql, dialect, compiler, values, marker }) => {
    if (dialect === "postgres") return `CAST(${sql} AS text) ILIKE ${compiler.param(values[0], like)}`;
    if (marker === "ascii") return `${sql} LIKE ${compiler.param(values[0], like)} ESCAPE '\\'`;
    return `unicode_lower(${sql}) LIKE ${compiler.param(values[0], (value) => like(value).toLowerCase())} ESCAPE '\\'`;
  };
}

/** One parameter however many values there are, so that the statement stays the same. */
function inList(context: LookupContext): string {
  const { sql, field, dialect, compiler, values, right } = context;
  if (right !== undefined) return `${sql} IN ${right}`;
  const convert = compiler.converterFor(comparedValue(field, firstOf(values[0])), field);
  const items = (list: unknown) =>
    [...(list as Iterable<unknown>)].map((given) => {
      const item = comparedValue(field, given);
      return convert && item !== null ? convert(item) : item;
    });
  if (compiler.isLiteral) {
    const literals = items(values[0]).map((item) => compiler.param(item));
    return literals.length === 0 ? "1 = 0" : `${sql} IN (${literals.join(", ")})`;
  }
  if (dialect === "postgres") {
    const type = field?.comparedAs(dialect);
    if (type === undefined) return `${sql} = ANY(${compiler.param(values[0], items)})`;
    return `${sql} = ANY(CAST(${compiler.param(values[0], (list) => items(list).filter(isWhole))} AS ${type}[]))`;
  }
  return `${sql} IN (SELECT value FROM json_each(${compiler.param(values[0], (list) => jsonList(items(list)))}))`;
}

/** Whether a 64-bit column can have the value. */
function isWhole(item: unknown): boolean {
  return typeof item === "number" ? Number.isSafeInteger(item) : true;
}

function firstOf(list: unknown): unknown {
  for (const item of list as Iterable<unknown>) if (item !== null) return item;
  return undefined;
}

function jsonList(items: readonly unknown[]): string {
  return `[${items.map((item) => (typeof item === "bigint" ? String(item) : JSON.stringify(item))).join(",")}]`;
}

const lookups: Readonly<Record<string, Lookup>> = {
  eq: (context) => (context.marker === "null" ? `${context.sql} IS NULL` : `${context.sql} = ${bound(context)}`),
  iexact: caselessPattern("", ""),
  contains: pattern("%", "%"),
  icontains: caselessPattern("%", "%"),
  startsWith: pattern("", "%"),
  istartsWith: caselessPattern("", "%"),
  endsWith: pattern("%", ""),
  iendsWith: caselessPattern("%", ""),
  in: inList,
  gt: compare(">"),
  gte: compare(">="),
  lt: compare("<"),
  lte: compare("<="),
  range: (context) => {
    const side = (sql: string) => comparable(sql, context.field, context.dialect);
    return `${side(context.sql)} BETWEEN ${side(bound(context, 0))} AND ${side(bound(context, 1))}`;
  },
  isNull: ({ sql, marker }) => (marker === "true" ? `${sql} IS NULL` : `${sql} IS NOT NULL`),
  regex: ({ sql, dialect, compiler, values }) =>
    dialect === "sqlite" ? `regexp(${compiler.param(values[0])}, ${sql})` : `CAST(${sql} AS text) ~ ${compiler.param(values[0])}`,
  iregex: ({ sql, dialect, compiler, values }) =>
    dialect === "sqlite"
      ? `iregexp(${compiler.param(values[0])}, ${sql})`
      : `CAST(${sql} AS text) ~* ${compiler.param(values[0])}`,
};

const part =
  (format: string, name: string, shift = "") =>
  (sql: string, dialect: Dialect) =>
    dialect === "sqlite"
      ? `(CAST(strftime('${format}', ${sql}) AS INTEGER)${shift})`
      : `(CAST(EXTRACT(${name} FROM ${sql}) AS integer)${shift})`;

/** What a date is made of; each is compared by the lookups above: `{ created: { year: { gte: 2025 } } }`. */
const transforms: Readonly<Record<string, Transform>> = {
  year: part("%Y", "YEAR"),
  month: part("%m", "MONTH"),
  day: part("%d", "DAY"),
  /** Sunday is 1. */
  weekDay: part("%w", "DOW", " + 1"),
  hour: part("%H", "HOUR"),
  minute: part("%M", "MINUTE"),
  second: part("%S", "SECOND"),
  date: (sql, dialect) => (dialect === "sqlite" ? `date(${sql})` : `CAST(${sql} AS date)`),
};

export const lookupNames: readonly string[] = [...Object.keys(lookups), ...Object.keys(transforms)];

/** A lookup by its name; names such as `constructor` are none. */
export function findLookup(name: string): Lookup | undefined {
  return Object.hasOwn(lookups, name) ? lookups[name] : undefined;
}

/** A part of a date by its name. */
export function findTransform(name: string): Transform | undefined {
  return Object.hasOwn(transforms, name) ? transforms[name] : undefined;
}

/** What an expression is called in a message. */
export function labelOf({ label, field }: Compiled): string {
  return label ?? field?.label ?? "the expression";
}
