import { Decimal, isDecimal } from "./decimal.ts";
import { ValidationError } from "./validation-error.ts";

/** Takes a value and returns nothing, or throws a `ValidationError`. */
export type Validator<T = any> = (value: T) => void;

/** A validator made from a limit; it carries the limit, so that a form can give it to the browser. */
export type LimitValidator<T = any> = Validator<T> & { readonly kind: string; readonly limit: unknown };

export interface LimitOptions {
  message?: string | undefined;
  code?: string | undefined;
}

/** A limit, or a function that gives it at the time of asking. */
type Limit<T> = T | (() => T);

interface LimitRule {
  code: string;
  message: (limit: unknown) => string;
  measure?: (value: unknown) => unknown;
  refuses: (measured: unknown, limit: unknown) => boolean;
}

function limitValidator<T>(rule: LimitRule, limit: Limit<T>, options: LimitOptions = {}): LimitValidator {
  const validator = (value: unknown): void => {
    const measured = rule.measure ? rule.measure(value) : value;
    const limitValue = typeof limit === "function" ? (limit as () => T)() : limit;
    if (!rule.refuses(measured, limitValue)) return;
    throw new ValidationError(options.message ?? rule.message(limitValue), {
      code: options.code ?? rule.code,
      params: { limitValue, showValue: measured, value },
    });
  };
  return Object.assign(validator, { kind: rule.code, limit });
}

/** Refuses everything but the limit itself; the plain form of the validators below. */
export function baseValidator(limit: Limit<unknown>, options?: LimitOptions): LimitValidator {
  const message = "Ensure this value is %(limit_value)s (it is %(show_value)s).";
  return limitValidator({ code: "limit_value", message: () => message, refuses: (a, b) => a !== b }, limit, options);
}

/** Refuses what is greater than `limit`. `maxValueValidator(100)` */
export function maxValueValidator(limit: Limit<unknown>, options?: LimitOptions): LimitValidator {
  const message = "Ensure this value is less than or equal to %(limit_value)s.";
  const rule: LimitRule = { code: "max_value", message: () => message, refuses: (a, b) => compareValues(a, b) > 0 };
  return limitValidator(rule, limit, options);
}

/** Refuses what is less than `limit`. `minValueValidator(0)` */
export function minValueValidator(limit: Limit<unknown>, options?: LimitOptions): LimitValidator {
  const message = "Ensure this value is greater than or equal to %(limit_value)s.";
  const rule: LimitRule = { code: "min_value", message: () => message, refuses: (a, b) => compareValues(a, b) < 0 };
  return limitValidator(rule, limit, options);
}

function lengthMessage(bound: "least" | "most") {
  return (limit: unknown) =>
    `Ensure this value has at ${bound} %(limit_value)d character${Number(limit) === 1 ? "" : "s"} (it has %(show_value)d).`;
}

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
  return limitValidator({ code: "max_length", message: lengthMessage("most"), measure: lengthOf, refuses }, limit, options);
}

/** Refuses text shorter than `limit` characters. `minLengthValidator(8)` */
export function minLengthValidator(limit: Limit<number>, options?: LimitOptions): LimitValidator {
  const refuses = (a: unknown, b: unknown) => (a as number) < (b as number);
  return limitValidator({ code: "min_length", message: lengthMessage("least"), measure: lengthOf, refuses }, limit, options);
}

type Numeric = number | bigint | string | Decimal;

/** Refuses what is not `offset` plus a multiple of `limit`; exact, so that 0.3 is a multiple of 0.1. */
export function stepValueValidator(limit: Limit<Numeric>, options: LimitOptions & { offset?: Numeric } = {}): LimitValidator {
  const offset = options.offset;
  const start = exact(offset ?? 0);
  const message = (step: unknown) => {
    const base = "Ensure this value is a multiple of step size %(limit_value)s";
    if (offset === undefined) return `${base}.`;
    const steps = [0, 1, 2].map((n) => stepText(start.plus(exact(step as Numeric).times(n)), step));
    return `${base}, starting from ${stepText(start, offset)}, e.g. ${steps.join(", ")}, and so on.`;
  };
  const refuses = (value: unknown, step: unknown) =>
    !exact(value as Numeric)
      .minus(start)
      .mod(exact(step as Numeric))
      .eq(0);
  return limitValidator({ code: "step_size", message, refuses }, limit, options);
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
