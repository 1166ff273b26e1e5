import type { DatabaseSync } from "node:sqlite";
import { Decimal } from "#validation";
import { define, defineAggregate } from "./define.ts";

type Given = string | number | bigint;

const exact = (value: Given) => new Decimal(String(value));

/** Arithmetic on the texts that decimal columns keep. */
export function defineDecimals(connection: DatabaseSync): void {
  const two = (name: string, compute: (a: Decimal, b: Decimal) => Decimal | null) =>
    define(connection, name, (a: Given, b: Given) => compute(exact(a), exact(b))?.toString() ?? null);
  two("decimal_add", (a, b) => a.plus(b));
  two("decimal_sub", (a, b) => a.minus(b));
  two("decimal_mul", (a, b) => a.times(b));
  two("decimal_div", (a, b) => (b.eq(0) ? null : a.div(b)));
  two("decimal_mod", (a, b) => (b.eq(0) ? null : a.mod(b)));
  two("decimal_pow", power);
  const one = (name: string, compute: (a: Decimal) => Decimal) =>
    define(connection, name, (a: Given) => compute(exact(a)).toString());
  one("decimal_abs", (a) => a.abs());
  one("decimal_floor", floor);
  one("decimal_ceil", (a) => floor(a.neg()).neg());
  define(connection, "decimal_round", (a: Given, places: number) => exact(a).round(places, 1).toString());
  define(connection, "decimal_key", (a: Given) => decimalKey(exact(a)));
  define(connection, "decimal_from_key", decimalFromKey);
  define(connection, "decimal_fixed", (a: Given, places: number) => exact(a).toFixed(places));
  defineAggregate(connection, "decimal_sum", {
    start: () => ({ count: 0, sum: new Decimal(0) }),
    add: (state, value: Given) => {
      state.count++;
      state.sum = state.sum.plus(exact(value));
    },
    remove: (state, value: Given) => {
      state.count--;
      state.sum = state.sum.minus(exact(value));
    },
    result: ({ count, sum }) => (count === 0 ? null : sum.toString()),
  });
}

function power(a: Decimal, b: Decimal): Decimal {
  const exponent = Number(b.toString());
  if (Number.isInteger(exponent) && Math.abs(exponent) <= 1000) return a.pow(exponent);
  return new Decimal(String(Number(a.toString()) ** exponent));
}

function floor(a: Decimal): Decimal {
  const whole = a.round(0, 0);
  return whole.gt(a) ? whole.minus(1) : whole;
}

/** A text that sorts as the number does: sign, length of the whole part, digits; inverted below zero. */
export function decimalKey(number: Decimal): string {
  const [whole, fraction = ""] = number.abs().toString().split(".") as [string, string?];
  const digits = `${String(whole.length).padStart(4, "0")}${whole}.${fraction.replace(/0+$/, "")}`;
  if (!number.lt(0)) return `1${digits}`;
  return `0${digits.replace(/\d/g, (digit) => String(9 - Number(digit)))}~`;
}

/** The number that a key was made of. */
function decimalFromKey(key: string): string {
  const negative = key.startsWith("0");
  const digits = negative ? key.slice(1, -1).replace(/\d/g, (digit) => String(9 - Number(digit))) : key.slice(1);
  return new Decimal(`${negative ? "-" : ""}${digits.slice(4).replace(/\.$/, "")}`).toString();
}
