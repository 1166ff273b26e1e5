import type { DatabaseSync } from "node:sqlite";
import { Decimal } from "#validation";

type Text = string | number | bigint | null;

/** Gives a connection the functions that SQLite lacks: regular expressions and exact decimals. */
export function registerFunctions(connection: DatabaseSync): void {
  const define = (name: string, fn: (...values: any[]) => any) => connection.function(name, { deterministic: true }, fn);
  define("regexp", (pattern: string, text: Text) => (text === null ? null : Number(regex(pattern, "u").test(String(text)))));
  define("iregexp", (pattern: string, text: Text) => (text === null ? null : Number(regex(pattern, "iu").test(String(text)))));
  define("unicode_lower", (text: Text) => (text === null ? null : String(text).toLowerCase()));
  define("unicode_upper", (text: Text) => (text === null ? null : String(text).toUpperCase()));
  define("decimal_add", (a: Text, b: Text) => exactly(a, b, (x, y) => x.plus(y)));
  define("decimal_sub", (a: Text, b: Text) => exactly(a, b, (x, y) => x.minus(y)));
  define("decimal_mul", (a: Text, b: Text) => exactly(a, b, (x, y) => x.times(y)));
  define("decimal_div", (a: Text, b: Text) => exactly(a, b, (x, y) => x.div(y)));
  define("decimal_key", decimalKey);
  define("decimal_from_key", decimalFromKey);
  define("decimal_fixed", (value: Text, places: number) => (value === null ? null : new Decimal(String(value)).toFixed(places)));
  connection.aggregate("decimal_sum", { start: null as never, step: addToSum as never, result: printDecimal as never });
}

const patterns = new Map<string, RegExp>();

function regex(pattern: string, flags: string): RegExp {
  const key = `${flags}/${pattern}`;
  let found = patterns.get(key);
  if (found === undefined) {
    if (patterns.size > 100) patterns.clear();
    patterns.set(key, (found = new RegExp(pattern, flags)));
  }
  return found;
}

function exactly(a: Text, b: Text, compute: (a: Decimal, b: Decimal) => Decimal): string | null {
  return a === null || b === null ? null : compute(new Decimal(String(a)), new Decimal(String(b))).toString();
}

function addToSum(sum: Decimal | null, value: Text): Decimal | null {
  if (value === null) return sum;
  return sum === null ? new Decimal(String(value)) : sum.plus(String(value));
}

function printDecimal(sum: Decimal | null): string | null {
  return sum === null ? null : sum.toString();
}

/** A text that sorts as the number does: sign, length of the whole part, digits; inverted below zero. */
function decimalKey(value: Text): string | null {
  if (value === null) return null;
  const number = new Decimal(String(value));
  const [whole, fraction = ""] = number.abs().toString().split(".") as [string, string?];
  const digits = `${String(whole.length).padStart(4, "0")}${whole}.${fraction.replace(/0+$/, "")}`;
  if (!number.lt(0)) return `1${digits}`;
  return `0${digits.replace(/\d/g, (digit) => String(9 - Number(digit)))}~`;
}

/** The number that a key was made of. */
function decimalFromKey(key: string | null): string | null {
  if (key === null) return null;
  const negative = key.startsWith("0");
  const digits = negative ? key.slice(1, -1).replace(/\d/g, (digit) => String(9 - Number(digit))) : key.slice(1);
  return new Decimal(`${negative ? "-" : ""}${digits.slice(4).replace(/\.$/, "")}`).toString();
}
