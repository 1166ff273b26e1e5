import { Decimal, isDecimal } from "./decimal.ts";
import type { Validator } from "./limits.ts";
import { ValidationError } from "./validation-error.ts";

export interface DecimalOptions {
  /** Digits in all. */
  maxDigits?: number | null | undefined;
  /** Digits behind the point. */
  decimalPlaces?: number | null | undefined;
}

interface Digits {
  all: number;
  places: number;
  whole: number;
}

/** Counts a decimal's digits as written without an exponent; a leading zero before the point is none. */
function countDigits(value: Decimal): Digits {
  const places = Math.max(0, value.c.length - 1 - value.e);
  const whole = value.eq(0) ? 0 : Math.max(0, value.e + 1);
  return { all: whole + places || 1, places, whole };
}

function atMost(limit: number, what: string, code: string): ValidationError {
  const message = `Ensure that there are no more than %(max)s ${what}.`;
  return new ValidationError(message, { code, params: { max: limit } });
}

/**
 * Refuses a decimal with more digits than a column keeps.
 *
 * ```ts
 * decimalValidator({ maxDigits: 6, decimalPlaces: 2 })(decimal("12345.6")); // throws: 4 digits fit before the point
 * ```
 */
export function decimalValidator(maxDigitsOrOptions: number | DecimalOptions | null, places?: number | null): Validator {
  const { maxDigits = null, decimalPlaces = null }: DecimalOptions =
    typeof maxDigitsOrOptions === "object" && maxDigitsOrOptions !== null
      ? maxDigitsOrOptions
      : { maxDigits: maxDigitsOrOptions, decimalPlaces: places };
  return (value: unknown) => {
    const digits = countDigits(readDecimal(value));
    if (maxDigits !== null && digits.all > maxDigits)
      throw atMost(maxDigits, maxDigits === 1 ? "digit in total" : "digits in total", "max_digits");
    if (decimalPlaces !== null && digits.places > decimalPlaces)
      throw atMost(decimalPlaces, decimalPlaces === 1 ? "decimal place" : "decimal places", "max_decimal_places");
    if (maxDigits === null || decimalPlaces === null || digits.whole <= maxDigits - decimalPlaces) return;
    const wholeLimit = maxDigits - decimalPlaces;
    throw atMost(
      wholeLimit,
      wholeLimit === 1 ? "digit before the decimal point" : "digits before the decimal point",
      "max_whole_digits",
    );
  };
}

function readDecimal(value: unknown): Decimal {
  if (isDecimal(value)) return value;
  try {
    return new Decimal(value as string);
  } catch (cause) {
    throw new ValidationError("Enter a number.", { code: "invalid", params: { value }, cause });
  }
}
