import { gettext, gettextLazy } from "#kernel/i18n";
import type { TextOptions, Validator } from "./limits.ts";
import { ValidationError } from "./validation-error.ts";

/** How `regexValidator` judges. */
export interface RegexOptions extends TextOptions {
  /** Refuse what matches instead. */
  inverseMatch?: boolean | undefined;
}

/**
 * Refuses text in which the pattern is not found.
 *
 * ```ts
 * regexValidator(/^[A-Z]{2}\d{4}$/, { message: "Two letters and four digits." });
 * ```
 */
export function regexValidator(pattern: RegExp | string = "", options: RegexOptions = {}): Validator {
  const regex = typeof pattern === "string" ? new RegExp(pattern, "u") : new RegExp(pattern, pattern.flags.replace(/[gy]/g, ""));
  return (value) => {
    const found = regex.test(value === null || value === undefined ? "" : String(value));
    if (found === (options.inverseMatch ?? false)) throw refusal(value, options);
  };
}

function refusal(value: unknown, options: TextOptions): ValidationError {
  return new ValidationError(options.message ?? gettext("Enter a valid value."), {
    code: options.code ?? "invalid",
    params: { value },
  });
}

/** Whole numbers as text: `-42`, in the digits of any script. */
export const validateInteger: Validator = regexValidator(/^-?\p{Nd}+$/u, { message: gettextLazy("Enter a valid integer.") });

/** Letters, digits, underscores and hyphens. */
export const validateSlug: Validator = regexValidator(/^[-a-zA-Z0-9_]+$/, {
  message: gettextLazy("Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."),
});

/** Letters and digits of any script, underscores and hyphens. */
export const validateUnicodeSlug: Validator = regexValidator(/^[-\p{L}\p{N}\p{M}_]+$/u, {
  message: gettextLazy("Enter a valid “slug” consisting of Unicode letters, numbers, underscores, or hyphens."),
});

/** How `integerListValidator` judges. */
export interface IntegerListOptions extends TextOptions {
  separator?: string | undefined;
  allowNegative?: boolean | undefined;
}

/** Refuses what is not a list of whole numbers: `1,2,3`. */
export function integerListValidator(options: IntegerListOptions = {}): Validator {
  const { separator = ",", allowNegative = false, ...rest } = options;
  const number = allowNegative ? "-?\\d+" : "\\d+";
  const pattern = new RegExp(`^${number}(?:${separator.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}${number})*$`);
  return regexValidator(pattern, { message: gettextLazy("Enter only digits separated by commas."), ...rest });
}

/** Digits separated by commas. */
export const validateCommaSeparatedIntegerList: Validator = integerListValidator();

/** Refuses text that holds a null character, which databases cannot keep. */
export function prohibitNullCharactersValidator(options: TextOptions = {}): Validator {
  const message = options.message ?? gettextLazy("Null characters are not allowed.");
  return (value) => {
    if (!String(value).includes("\0")) return;
    throw new ValidationError(message, { code: options.code ?? "null_characters_not_allowed", params: { value } });
  };
}
