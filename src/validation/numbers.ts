import { gettext, ngettext } from "#kernel/i18n";
import { Decimal, isDecimal } from "./decimal.ts";
import type { Validator } from "./limits.ts";
import { ValidationError } from "./validation-error.ts";

/** How many digits `decimalValidator` allows. */
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

const messages = {
  max_digits: (max: number) =>
    ngettext(
      "Ensure that there are no more than %(max)s digit in total.",
      "Ensure that there are no more than %(max)s digits in total.",
      max,
    ),
  max_decimal_places: (max: number) =>
    ngettext(
      "Ensure that there are no more than %(max)s decimal place.",
      "Ensure that there are no more than %(max)s decimal places.",
      max,
    ),
  max_whole_digits: (max: number) =>
    ngettext(
      "Ensure that there are no more than %(max)s digit before the decimal point.",
      "Ensure that there are no more than %(max)s digits before the decimal point.",
      max,
    ),
} as const;

function atMost(max: number, code: keyof typeof messages, value: unknown): ValidationError {
  return new ValidationError(messages[code](max), { code, params: { max, value } });
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
    if (maxDigits !== null && digits.all > maxDigits) throw atMost(maxDigits, "max_digits", value);
    if (decimalPlaces !== null && digits.places > decimalPlaces) throw atMost(decimalPlaces, "max_decimal_places", value);
    if (maxDigits === null || decimalPlaces === null || digits.whole <= maxDigits - decimalPlaces) return;
    throw atMost(maxDigits - decimalPlaces, "max_whole_digits", value);
  };
}

function readDecimal(value: unknown): Decimal {
  if (isDecimal(value)) return value;
  try {
    return new Decimal(value as string);
  } catch (cause) {
    throw new ValidationError(gettext("Enter a number."), { code: "invalid", params: { value }, cause });
  }
}
