import Big from "big.js";
import { validationErrors } from "./errors.ts";

/** What stands for a decimal number where one is asked for. */
export type DecimalSource = number | bigint | string | Decimal;

/** How the last digit is made: 0 cuts off, 1 rounds half up, 2 half to even, 3 away from zero. */
export type RoundingMode = 0 | 1 | 2 | 3;

// Written out, since the types of big.js are a package of their own, which a project does not have.
/**
 * An exact decimal number, immutable: `new Decimal("0.1").plus("0.2").eq("0.3")`.
 * It prints without an exponent, and `toFixed(2)` keeps the places of a price.
 */
export interface Decimal {
  /** The digits, the first one's power of ten, and the sign: 1 or -1. */
  c: number[];
  e: number;
  s: number;
  abs(): Decimal;
  neg(): Decimal;
  add(n: DecimalSource): Decimal;
  plus(n: DecimalSource): Decimal;
  sub(n: DecimalSource): Decimal;
  minus(n: DecimalSource): Decimal;
  mul(n: DecimalSource): Decimal;
  times(n: DecimalSource): Decimal;
  /** To `Decimal.DP` places. */
  div(n: DecimalSource): Decimal;
  mod(n: DecimalSource): Decimal;
  pow(exponent: number): Decimal;
  sqrt(): Decimal;
  cmp(n: DecimalSource): -1 | 0 | 1;
  eq(n: DecimalSource): boolean;
  gt(n: DecimalSource): boolean;
  gte(n: DecimalSource): boolean;
  lt(n: DecimalSource): boolean;
  lte(n: DecimalSource): boolean;
  /** To so many digits. */
  prec(digits: number, mode?: RoundingMode): Decimal;
  /** To so many places. */
  round(places?: number, mode?: RoundingMode): Decimal;
  toExponential(places?: number, mode?: RoundingMode): string;
  toFixed(places?: number, mode?: RoundingMode): string;
  toPrecision(digits?: number, mode?: RoundingMode): string;
  toJSON(): string;
  toNumber(): number;
  toString(): string;
  valueOf(): string;
}

/** `Decimal` itself: `new Decimal("12.50")`, and how all of them divide and round. */
export interface DecimalConstructor {
  new (value: DecimalSource): Decimal;
  (value: DecimalSource): Decimal;
  readonly prototype: Decimal;
  /** Places of a quotient or root. */
  DP: number;
  /** How these are rounded. */
  RM: RoundingMode;
  /** From which exponent on a number is printed with one, below and above. */
  NE: number;
  PE: number;
}

/** Makes exact decimal numbers: `new Decimal("12.50").times(3)`. */
export const Decimal = Big() as unknown as DecimalConstructor;

// A price of 0.0000001 or of twenty digits prints as it is written, never as 1e-7.
Decimal.NE = -1_000;
Decimal.PE = 1_000;

const decimalPattern = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?$/i;

/** Whether a value is a `Decimal`. */
export function isDecimal(value: unknown): value is Decimal {
  return value instanceof Decimal || (typeof value === "object" && value !== null && value instanceof Big);
}

/**
 * Reads a decimal number, exactly. Underscores, spaces, `NaN` and infinities are refused.
 *
 * ```ts
 * decimal("12.50").times(3).toString(); // "37.5"
 * ```
 * @throws VALIDATION_BAD_DECIMAL
 */
export function decimal(value: string | number | bigint | Decimal): Decimal {
  if (isDecimal(value)) return value;
  const text = typeof value === "string" ? value : String(value);
  if (!decimalPattern.test(text)) throw validationErrors.VALIDATION_BAD_DECIMAL({ given: value });
  return new Decimal(text.replace(/^\+/, ""));
}
