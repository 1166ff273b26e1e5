import { ormErrors } from "../errors.ts";
import { quoteName, type Dialect } from "../names.ts";
import type { Scope } from "../query/scope.ts";
import { Computed, Expression, type Operand } from "./expression.ts";
import { outputs } from "./outputs.ts";
import { operand } from "./value.ts";

type Text = Operand<string> | Operand<string | null>;
type Names = string | Readonly<Record<Dialect, string>>;

/** A function of texts: its arguments are texts, those named in `integers` whole numbers. */
function textFunction<V>(
  names: Names,
  args: readonly unknown[],
  given: { integers?: readonly number[]; output?: keyof typeof outputs } = {},
): Expression<V> {
  const output = outputs[given.output ?? "text"];
  return new Computed<V>(args, (scope) => {
    const parts = args.map((arg, i) => (given.integers?.includes(i) ? wholeNumber(scope, arg) : textSql(scope, arg)));
    return { sql: `${typeof names === "string" ? names : names[scope.dialect]}(${parts.join(", ")})`, field: output };
  });
}

/** What is no text on PostgreSQL is made one: a choice, a number. */
function textSql(scope: Scope, given: unknown): string {
  const { sql, field } = operand(scope, given, outputs.text);
  const isText = field !== undefined && /^(?:char|varchar|text)(?!.*\[)/.test(field.columnType("postgres"));
  return isText ? sql : `CAST(${sql} AS text)`;
}

function wholeNumber(scope: Scope, given: unknown): string {
  const { sql } = operand(scope, given, outputs.integer);
  return scope.dialect === "postgres" ? `CAST(${sql} AS integer)` : sql;
}

/** A position or length that is known must make sense: the databases differ where it does not. */
function checkNumber(name: string, given: unknown, least: number): void {
  if (given instanceof Expression || (typeof given === "number" && Number.isSafeInteger(given) && given >= least)) return;
  throw ormErrors.ORM_BAD_QUERY({ reason: `${name} is given ${String(given)}.`, hint: `It is a whole number from ${least}.` });
}

/** In small letters. `lower(c.name)` */
export function lower(expression: Expression<any>): Expression<string> {
  return textFunction({ sqlite: "unicode_lower", postgres: "LOWER" }, [expression]);
}
/** In capitals. `upper(c.name)` */
export function upper(expression: Expression<any>): Expression<string> {
  return textFunction({ sqlite: "unicode_upper", postgres: "UPPER" }, [expression]);
}
/** The number of characters. `length(c.name)` */
export function length(expression: Expression<any>): Expression<number> {
  return textFunction("LENGTH", [expression], { output: "integer" });
}
/** Part of a text, from a position (1 is the first), so many characters or all. `substr(c.name, 1, 3)` */
export function substr(expression: Text, start: Operand<number>, size?: Operand<number>): Expression<string> {
  checkNumber("The start of substr()", start, 1);
  if (size !== undefined) checkNumber("The length of substr()", size, 0);
  return textFunction(
    { sqlite: "SUBSTR", postgres: "SUBSTRING" },
    size === undefined ? [expression, start] : [expression, start, size],
    { integers: [1, 2] },
  );
}
/** Every occurrence of a text replaced. `replace(c.name, " ", "-")` */
export function replace(expression: Text, from: Text, to: Text = ""): Expression<string> {
  return textFunction("REPLACE", [expression, from, to]);
}
/** Without spaces at both ends. `trim(c.name)` */
export function trim(expression: Text): Expression<string> {
  return textFunction({ sqlite: "TRIM", postgres: "BTRIM" }, [expression]);
}
/** Without spaces at the start. `lTrim(c.name)` */
export function lTrim(expression: Text): Expression<string> {
  return textFunction("LTRIM", [expression]);
}
/** Without spaces at the end. `rTrim(c.name)` */
export function rTrim(expression: Text): Expression<string> {
  return textFunction("RTRIM", [expression]);
}
/** The first characters. `left(c.name, 3)` */
export function left(expression: Text, size: Operand<number>): Expression<string> {
  checkNumber("The length of left()", size, 0);
  return textFunction({ sqlite: "text_left", postgres: "LEFT" }, [expression, size], { integers: [1] });
}
/** The last characters. `right(c.name, 3)` */
export function right(expression: Text, size: Operand<number>): Expression<string> {
  checkNumber("The length of right()", size, 0);
  return textFunction({ sqlite: "text_right", postgres: "RIGHT" }, [expression, size], { integers: [1] });
}
/** Filled at the start up to a length, or cut to it. `lPad(c.name, 5, "0")` */
export function lPad(expression: Text, size: Operand<number>, fill: Text = " "): Expression<string> {
  checkNumber("The length of lPad()", size, 0);
  return textFunction({ sqlite: "text_lpad", postgres: "LPAD" }, [expression, size, fill], { integers: [1] });
}
/** Filled at the end up to a length, or cut to it. `rPad(c.name, 5, ".")` */
export function rPad(expression: Text, size: Operand<number>, fill: Text = " "): Expression<string> {
  checkNumber("The length of rPad()", size, 0);
  return textFunction({ sqlite: "text_rpad", postgres: "RPAD" }, [expression, size, fill], { integers: [1] });
}
/** Where a text is first found, from 1; 0 where it is not. `strIndex(c.name, "a")` */
export function strIndex(expression: Text, part: Text): Expression<number> {
  return textFunction({ sqlite: "INSTR", postgres: "STRPOS" }, [expression, part], { output: "integer" });
}
/** The characters backwards. `reverse(c.name)` */
export function reverse(expression: Text): Expression<string> {
  return textFunction({ sqlite: "text_reverse", postgres: "REVERSE" }, [expression]);
}
/** The text so many times. `repeat(c.name, 2)` */
export function repeat(expression: Text, times: Operand<number>): Expression<string> {
  checkNumber("The number of repeat()", times, 0);
  return textFunction({ sqlite: "text_repeat", postgres: "REPEAT" }, [expression, times], { integers: [1] });
}
/** The character with a number. `chr(65)` */
export function chr(code: Operand<number>): Expression<string> {
  checkNumber("chr()", code, 1);
  return textFunction({ sqlite: "CHAR", postgres: "CHR" }, [code], { integers: [0] });
}
/** The number of the first character; 0 of an empty text. `ord(c.name)` */
export function ord(expression: Text): Expression<number> {
  return textFunction({ sqlite: "text_ord", postgres: "ASCII" }, [expression], { output: "integer" });
}

/** Texts one after the other; null is empty. `concat(c.name, " (", c.roaster.name, ")")` */
export function concat(...parts: readonly Operand<any>[]): Expression<string> {
  return new Computed(parts, (scope) => {
    const sql = parts.map((part) => `COALESCE(${textSql(scope, part)}, '')`).join(" || ");
    return { sql: parts.length === 0 ? "''" : `(${sql})`, field: outputs.text };
  });
}

/** Compared and ordered by a collation of the database's. `collate(c.name, { sqlite: "nocase", postgres: "und-x-icu" })` */
export function collate<V>(expression: Expression<V>, name: Names): Expression<V> {
  for (const given of typeof name === "string" ? [name] : Object.values(name)) checkCollation(given);
  return new Computed([expression], (scope) => {
    const { sql, field } = expression.compile(scope);
    return { sql: `(${sql} COLLATE ${quoteName(typeof name === "string" ? name : name[scope.dialect])})`, field };
  });
}

function checkCollation(name: string): void {
  if (/^[\w@.-]+$/.test(name)) return;
  throw ormErrors.ORM_BAD_QUERY({
    reason: `${JSON.stringify(name)} is not the name of a collation.`,
    hint: "A name is letters, digits, - and _: nocase on SQLite, C or und-x-icu on PostgreSQL.",
  });
}

function hash(name: string, postgres: (text: string) => string): (expression: Text) => Expression<string> {
  return (expression) =>
    new Computed([expression], (scope) => {
      const sql = textSql(scope, expression);
      return { sql: scope.dialect === "sqlite" ? `text_hash('${name}', ${sql})` : postgres(sql), field: outputs.text };
    });
}

const bytes = (text: string) => `CONVERT_TO(${text}, 'UTF8')`;
const sha = (bits: number) => hash(`sha${bits}`, (text) => `ENCODE(SHA${bits}(${bytes(text)}), 'hex')`);

/** The MD5 of a text, in hexadecimal digits. It protects nothing. `md5(c.name)` */
export const md5 = hash("md5", (text) => `MD5(${text})`);
/** The SHA-1 of a text; PostgreSQL needs its extension `pgcrypto`. */
export const sha1 = hash("sha1", (text) => `ENCODE(DIGEST(${bytes(text)}, 'sha1'), 'hex')`);
/** The SHA-224 of a text. `sha224(c.name)` */
export const sha224 = sha(224);
/** The SHA-256 of a text. `sha256(c.name)` */
export const sha256 = sha(256);
/** The SHA-384 of a text. `sha384(c.name)` */
export const sha384 = sha(384);
/** The SHA-512 of a text. `sha512(c.name)` */
export const sha512 = sha(512);

/** Part of a text by positions from 0, for `Expression.slice`. */
export function sliceText(expression: Expression<any>, start: number, end: number | undefined): Expression<any> {
  checkNumber("The start of slice()", start, 0);
  if (end !== undefined) checkNumber("The end of slice()", end, 0);
  return substr(expression, start + 1, end === undefined ? undefined : Math.max(0, end - start));
}
