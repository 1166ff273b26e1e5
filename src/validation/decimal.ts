import Big from "big.js";
import { validationErrors } from "./errors.ts";

/**
 * An exact decimal number, immutable: `new Decimal("0.1").plus("0.2").eq("0.3")`.
 * It prints without an exponent, and `toFixed(2)` keeps the places of a price.
 */
export const Decimal: Big.BigConstructor = Big();
export interface Decimal extends Big {}

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
