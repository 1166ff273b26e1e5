import { defineErrors } from "#kernel";

/** The errors of values and validators, by code. */
export const validationErrors = defineErrors({
  /** A text that should be an exact decimal number is not one. */
  VALIDATION_BAD_DECIMAL: (d: { given: unknown }) => ({
    message: `${JSON.stringify(d.given) ?? String(d.given)} is not a decimal number.`,
    hint: 'Write digits with at most one point and an optional exponent: "12.50", "-3", "1e-7".',
  }),
});
