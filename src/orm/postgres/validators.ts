import { gettext, ngettext } from "#kernel/i18n";
import { compareValues, ValidationError, type Validator } from "#validation";
import type { Range } from "./ranges/range.ts";

/** Refuses lists of more items. `arrayMaxLengthValidator(3)` */
export function arrayMaxLengthValidator(limit: number): Validator<readonly unknown[]> {
  return (value) => {
    if (value.length <= limit) return;
    const message = ngettext(
      "List contains %(show_value)d item, it should contain no more than %(limit_value)d.",
      "List contains %(show_value)d items, it should contain no more than %(limit_value)d.",
      value.length,
    );
    throw countError("max_length", message, { value, limit });
  };
}

/** Refuses lists of fewer items. `arrayMinLengthValidator(1)` */
export function arrayMinLengthValidator(limit: number): Validator<readonly unknown[]> {
  return (value) => {
    if (value.length >= limit) return;
    const message = ngettext(
      "List contains %(show_value)d item, it should contain no fewer than %(limit_value)d.",
      "List contains %(show_value)d items, it should contain no fewer than %(limit_value)d.",
      value.length,
    );
    throw countError("min_length", message, { value, limit });
  };
}

function countError(code: string, message: string, of: { value: readonly unknown[]; limit: number }): ValidationError {
  return new ValidationError(message, { code, params: { showValue: of.value.length, limitValue: of.limit, value: of.value } });
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
      throw new ValidationError(gettext("Some keys were missing: %(keys)s"), {
        code: "missing_keys",
        params: { keys: missing.join(", ") },
      });
    const extra = strict ? Object.keys(value).filter((key) => !keys.includes(key)) : [];
    if (extra.length > 0)
      throw new ValidationError(gettext("Some unknown keys were provided: %(keys)s"), {
        code: "extra_keys",
        params: { keys: extra.join(", ") },
      });
  };
}

/** Refuses ranges that reach beyond a value, or have no end. `rangeMaxValueValidator(100)` */
export function rangeMaxValueValidator(limit: unknown): Validator<Range<any>> {
  return ({ upper, isEmpty }) => {
    if (isEmpty || (upper !== null && compareValues(upper, limit) <= 0)) return;
    throw new ValidationError(gettext("Ensure that the upper bound of the range is not greater than %(limit_value)s."), {
      code: "max_value",
      params: { limitValue: limit },
    });
  };
}

/** Refuses ranges that begin before a value, or have no beginning. `rangeMinValueValidator(0)` */
export function rangeMinValueValidator(limit: unknown): Validator<Range<any>> {
  return ({ lower, isEmpty }) => {
    if (isEmpty || (lower !== null && compareValues(lower, limit) >= 0)) return;
    throw new ValidationError(gettext("Ensure that the lower bound of the range is not less than %(limit_value)s."), {
      code: "min_value",
      params: { limitValue: limit },
    });
  };
}
