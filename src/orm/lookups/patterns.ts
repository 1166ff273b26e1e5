import { ormErrors } from "../errors.ts";
import type { Lookup, LookupContext } from "./lookup.ts";

const escapeLike = (value: unknown) => withoutNul(value).replace(/[\\%_]/g, "\\$&");
const escapeGlob = (value: unknown) => withoutNul(value).replace(/[*?[]/g, "[$&]");

/** A pattern ends for SQLite at a NUL character, and would match more than it says; PostgreSQL keeps none in a text. */
function withoutNul(value: unknown): string {
  const text = String(value);
  if (!text.includes("\0")) return text;
  throw ormErrors.ORM_BAD_VALUE({ field: "A pattern", given: JSON.stringify(text), wanted: "a text without NUL characters" });
}

/** The text that a pattern is compared with. */
function textOf({ sql, field, dialect }: LookupContext): string {
  return field?.textSql(sql, dialect) ?? `CAST(${sql} AS text)`;
}

type Place = "exact" | "contains" | "starts" | "ends";

const wildcards: Readonly<Record<Place, readonly [boolean, boolean]>> = {
  exact: [false, false],
  contains: [true, true],
  starts: [false, true],
  ends: [true, false],
};

/** Case-sensitive: GLOB on SQLite, whose LIKE is not; LIKE on PostgreSQL. */
function pattern(place: Place): Lookup {
  const [before, after] = wildcards[place];
  const glob = (value: unknown) => `${before ? "*" : ""}${escapeGlob(value)}${after ? "*" : ""}`;
  const like = (value: unknown) => `${before ? "%" : ""}${escapeLike(value)}${after ? "%" : ""}`;
  return {
    takes: "value",
    write: (context) => {
      const { sql, dialect, compiler, values } = context;
      if (isFound(context)) return found(context, place, false);
      return dialect === "sqlite"
        ? `${sql} GLOB ${compiler.param(values[0], glob)}`
        : `${textOf(context)} LIKE ${compiler.param(values[0], like)}`;
    },
  };
}

/** Case-insensitive. SQLite's LIKE knows the case of ASCII letters only, so other patterns are lowered by ours. */
function caselessPattern(place: Place): Lookup {
  const [before, after] = wildcards[place];
  const like = (value: unknown) => `${before ? "%" : ""}${escapeLike(value)}${after ? "%" : ""}`;
  return {
    takes: "value",
    write: (context) => {
      const { sql, dialect, compiler, values, marker } = context;
      if (marker === "null") return `${sql} IS NULL`;
      if (isFound(context)) return found(context, place, true);
      if (dialect === "postgres") return `${textOf(context)} ILIKE ${compiler.param(values[0], like)}`;
      if (marker === "ascii") return `${sql} LIKE ${compiler.param(values[0], like)} ESCAPE '\\'`;
      return `unicode_lower(${sql}) LIKE ${compiler.param(values[0], (value) => like(value).toLowerCase())} ESCAPE '\\'`;
    },
  };
}

/** Whether a text is looked for by its place: what an expression gives, what is changed on both sides, and long texts. */
function isFound({ right, left, marker }: LookupContext): boolean {
  return right !== undefined || left.both !== undefined || marker === "long";
}

/** A text that another expression gives has no wildcards: it is looked for by its place. */
function found(context: LookupContext, place: Place, caseless: boolean): string {
  const { dialect, compiler, values, right, left } = context;
  const given = right === undefined ? compiler.param(values[0], withoutNul) : right[0]!.sql;
  const fold = (sql: string) => {
    const text = `CAST(${sql} AS text)`;
    return caseless ? `${dialect === "sqlite" ? "unicode_lower" : "LOWER"}(${text})` : text;
  };
  const [text, part] = [fold(left.sql), fold(left.both === undefined ? given : left.both(given))];
  if (place === "exact") return `${text} = ${part}`;
  if (place === "contains") return `${dialect === "sqlite" ? "INSTR" : "STRPOS"}(${text}, ${part}) > 0`;
  if (place === "starts") return `SUBSTR(${text}, 1, LENGTH(${part})) = ${part}`;
  return `${dialect === "sqlite" ? "text_right" : "RIGHT"}(${text}, LENGTH(${part})) = ${part}`;
}

function regex(sqlite: string, postgres: string): Lookup {
  return {
    takes: "value",
    write: (context) => {
      const { sql, dialect, compiler, values, right } = context;
      const given = right === undefined ? compiler.param(values[0], String) : right[0]!.sql;
      return dialect === "sqlite" ? `${sqlite}(${given}, ${sql})` : `${textOf(context)} ${postgres} ${given}`;
    },
  };
}

export const patterns: Readonly<Record<string, Lookup>> = {
  iexact: caselessPattern("exact"),
  contains: pattern("contains"),
  icontains: caselessPattern("contains"),
  startsWith: pattern("starts"),
  istartsWith: caselessPattern("starts"),
  endsWith: pattern("ends"),
  iendsWith: caselessPattern("ends"),
  regex: regex("regexp", "~"),
  iregex: regex("iregexp", "~*"),
};
