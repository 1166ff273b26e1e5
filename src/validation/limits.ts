import { gettext, type LazyText, ngettext } from "#kernel/i18n";
import { Decimal, isDecimal } from "./decimal.ts";
import { ValidationError } from "./validation-error.ts";

/** Takes a value and returns nothing, or throws a `ValidationError`. */
export type Validator<T = any> = (value: T) => void;

/** A validator made from a limit; it carries the limit, so that a form can give it to the browser. */
export type LimitValidator<T = any> = Validator<T> & { readonly kind: string; readonly limit: unknown };

/** A refusal in other words, or under another code. */
export interface TextOptions {
  message?: string | LazyText | undefined;
  code?: string | undefined;
}

/** As `TextOptions`; a function makes the words of the limit: `(limit) => ngettext("…", "…", limit)`. */
export interface LimitOptions extends Omit<TextOptions, "message"> {
  message?: string | LazyText | ((limit: any) => string) | undefined;
}

/** A limit, or a function that gives it at the time of asking. */
type Limit<T> = T | (() => T);

interface LimitRule {
  code: string;
  message: (limit: unknown) => string;
  /** What the message names beside the limit and the value. */
  params?: (limit: unknown) => Record<string, unknown>;
  measure?: (value: unknown) => unknown;
  refuses: (measured: unknown, limit: unknown) => boolean;
}

function limitValidator<T>(rule: LimitRule, limit: Limit<T>, options: LimitOptions = {}): LimitValidator {
  const validator = (value: unknown): void => {
    const measured = rule.measure ? rule.measure(value) : value;
    const limitValue = typeof limit === "function" ? (limit as () => T)() : limit;
    if (!rule.refuses(measured, limitValue)) return;
    const message = typeof options.message === "function" ? options.message(limitValue) : options.message;
    throw new ValidationError(message ?? rule.message(limitValue), {
      code: options.code ?? rule.code,
      params: { limitValue, showValue: measured, value, ...rule.params?.(limitValue) },
    });
  };
  return Object.assign(validator, { kind: rule.code, limit });
}

/** Refuses everything but the limit itself; the plain form of the validators below. */
export function baseValidator(limit: Limit<unknown>, options?: LimitOptions): LimitValidator {
  const message = () => gettext("Ensure this value is %(limit_value)s (it is %(show_value)s).");
  return limitValidator({ code: "limit_value", message, refuses: (a, b) => a !== b }, limit, options);
}

/** Refuses what is greater than `limit`. `maxValueValidator(100)` */
export function maxValueValidator(limit: Limit<unknown>, options?: LimitOptions): LimitValidator {
  const message = () => gettext("Ensure this value is less than or equal to %(limit_value)s.");
  const rule: LimitRule = { code: "max_value", message, refuses: (a, b) => compareValues(a, b) > 0 };
  return limitValidator(rule, limit, options);
}

/** Refuses what is less than `limit`. `minValueValidator(0)` */
export function minValueValidator(limit: Limit<unknown>, options?: LimitOptions): LimitValidator {
  const message = () => gettext("Ensure this value is greater than or equal to %(limit_value)s.");
  const rule: LimitRule = { code: "min_value", message, refuses: (a, b) => compareValues(a, b) < 0 };
  return limitValidator(rule, limit, options);
}

const tooLong = (limit: unknown) =>
  ngettext(
    "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
    "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
    Number(limit),
  );

const tooShort = (limit: unknown) =>
  ngettext(
    "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
    "Ensure this value has at least %(limit_value)d characters (it has %(show_value)d).",
    Number(limit),
  );

/** Characters as people count them: a pair of surrogates is one. */
function lengthOf(value: unknown): number {
  if (typeof value === "string") {
    let length = 0;
    for (const _ of value) length++;
    return length;
  }
  return (value as { length: number }).length;
}

/** Refuses text longer than `limit` characters. `maxLengthValidator(30)` */
export function maxLengthValidator(limit: Limit<number>, options?: LimitOptions): LimitValidator {
  const refuses = (a: unknown, b: unknown) => (a as number) > (b as number);
  return limitValidator({ code: "max_length", message: tooLong, measure: lengthOf, refuses }, limit, options);
}

/** Refuses text shorter than `limit` characters. `minLengthValidator(8)` */
export function minLengthValidator(limit: Limit<number>, options?: LimitOptions): LimitValidator {
  const refuses = (a: unknown, b: unknown) => (a as number) < (b as number);
  return limitValidator({ code: "min_length", message: tooShort, measure: lengthOf, refuses }, limit, options);
}

type Numeric = number | bigint | string | Decimal;

/** Refuses what is not `offset` plus a multiple of `limit`; exact, so that 0.3 is a multiple of 0.1. */
export function stepValueValidator(limit: Limit<Numeric>, options: LimitOptions & { offset?: Numeric } = {}): LimitValidator {
  const offset = options.offset;
  const start = exact(offset ?? 0);
  const message = () =>
    offset === undefined
      ? gettext("Ensure this value is a multiple of step size %(limit_value)s.")
      : gettext(
          "Ensure this value is a multiple of step size %(limit_value)s, starting from %(offset)s, e.g. %(offset)s, " +
            "%(valid_value1)s, %(valid_value2)s, and so on.",
        );
  const params = (step: unknown) => {
    const [first, validValue1, validValue2] = [0, 1, 2].map((n) => stepText(start.plus(exact(step as Numeric).times(n)), step));
    return { offset: offset === undefined ? first : stepText(start, offset), validValue1, validValue2 };
  };
  const refuses = (value: unknown, step: unknown) =>
    !exact(value as Numeric)
      .minus(start)
      .mod(exact(step as Numeric))
      .eq(0);
  return limitValidator({ code: "step_size", message, params, refuses }, limit, options);
}

function exact(value: Numeric): Decimal {
  return isDecimal(value) ? value : new Decimal(String(value));
}

/** Steps of a fraction keep a decimal place: `2.2, 1.0, -0.2`. */
function stepText(value: Decimal, like: unknown): string {
  const fraction = !Number.isInteger(Number(like));
  return fraction && value.mod(1).eq(0) ? value.toFixed(1) : value.toString();
}

/**
 * Orders two values of the same kind: numbers, big integers, decimals, text, dates and Temporal's types.
 * @returns less than, equal to or greater than zero; NaN when they cannot be compared.
 */
export function compareValues(a: unknown, b: unknown): number {
  if (isDecimal(a) || isDecimal(b)) return exact(a as Numeric).cmp(exact(b as Numeric));
  const compare = (a as { constructor?: { compare?: (a: unknown, b: unknown) => number } } | null)?.constructor?.compare;
  if (compare !== undefined && typeof a === "object" && !(a instanceof Uint8Array)) return compare(a, b);
  const [x, y] = [a as number, b as number];
  if (x < y) return -1;
  if (x > y) return 1;
  return x >= y ? 0 : NaN;
}
