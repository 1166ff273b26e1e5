import { compareValues, ValidationError, type Validator } from "#validation";
import type { Range } from "./ranges/range.ts";

/** Refuses lists of more items. `arrayMaxLengthValidator(3)` */
export function arrayMaxLengthValidator(limit: number): Validator<readonly unknown[]> {
  const message = `List contains %(show_value)d item%(plural)s, it should contain no more than %(limit_value)d.`;
  return countValidator("max_length", message, { limit, refuses: (count) => count > limit });
}

/** Refuses lists of fewer items. `arrayMinLengthValidator(1)` */
export function arrayMinLengthValidator(limit: number): Validator<readonly unknown[]> {
  const message = `List contains %(show_value)d item%(plural)s, it should contain no fewer than %(limit_value)d.`;
  return countValidator("min_length", message, { limit, refuses: (count) => count < limit });
}

function countValidator(
  code: string,
  message: string,
  { limit, refuses }: { limit: number; refuses: (count: number) => boolean },
): Validator<readonly unknown[]> {
  return (value) => {
    const count = value.length;
    if (!refuses(count)) return;
    throw new ValidationError(message, {
      code,
      params: { showValue: count, limitValue: limit, plural: count === 1 ? "" : "s", value },
    });
  };
}

/**
 * Refuses maps that lack a key, and with `strict` those that have another one.
 *
 * ```ts
 * details: hstore({ validators: [keysValidator(["colour", "size"], { strict: true })] })
 * ```
 */
export function keysValidator(
  keys: readonly string[],
  { strict = false }: { strict?: boolean } = {},
): Validator<Readonly<Record<string, unknown>>> {
  return (value) => {
    const missing = keys.filter((key) => !Object.hasOwn(value, key));
    if (missing.length > 0)
      throw new ValidationError("Some keys were missing: %(keys)s", {
        code: "missing_keys",
        params: { keys: missing.join(", ") },
      });
    const extra = strict ? Object.keys(value).filter((key) => !keys.includes(key)) : [];
    if (extra.length > 0)
      throw new ValidationError("Some unknown keys were provided: %(keys)s", {
        code: "extra_keys",
        params: { keys: extra.join(", ") },
      });
  };
}

/** Refuses ranges that reach beyond a value, or have no end. `rangeMaxValueValidator(100)` */
export function rangeMaxValueValidator(limit: unknown): Validator<Range<any>> {
  return ({ upper, isEmpty }) => {
    if (isEmpty || (upper !== null && compareValues(upper, limit) <= 0)) return;
    throw new ValidationError("Ensure that the upper bound of the range is not greater than %(limit_value)s.", {
      code: "max_value",
      params: { limitValue: limit },
    });
  };
}

/** Refuses ranges that begin before a value, or have no beginning. `rangeMinValueValidator(0)` */
export function rangeMinValueValidator(limit: unknown): Validator<Range<any>> {
  return ({ lower, isEmpty }) => {
    if (isEmpty || (lower !== null && compareValues(lower, limit) >= 0)) return;
    throw new ValidationError("Ensure that the lower bound of the range is not less than %(limit_value)s.", {
      code: "min_value",
      params: { limitValue: limit },
    });
  };
}
