export { Temporal } from "./temporal.ts";
export {
  type DomainNameOptions,
  domainNameValidator,
  type EmailOptions,
  emailValidator,
  type UrlOptions,
  urlValidator,
  validateDomainName,
  validateEmail,
  validateIpv46Address,
  validateIpv4Address,
  validateIpv6Address,
  validateUrl,
} from "./addresses.ts";
export { Decimal, decimal, type DecimalConstructor, type DecimalSource, isDecimal, type RoundingMode } from "./decimal.ts";
export { durationMicroseconds, durationOf, formatDuration, parseDuration } from "./duration.ts";
export { validationErrors } from "./errors.ts";
export { fileExtensionValidator, imageExtensions, validateImageFileExtension } from "./files.ts";
export { shortIpv6 } from "./ipv6.ts";
export {
  baseValidator,
  compareValues,
  type LimitOptions,
  type LimitValidator,
  maxLengthValidator,
  maxValueValidator,
  minLengthValidator,
  minValueValidator,
  stepValueValidator,
  type TextOptions,
  type Validator,
} from "./limits.ts";
export { type DecimalOptions, decimalValidator } from "./numbers.ts";
export type { RowSource } from "./row-source.ts";
export { parseWith, type StandardSchema } from "./standard-schema.ts";
export {
  integerListValidator,
  type IntegerListOptions,
  prohibitNullCharactersValidator,
  type RegexOptions,
  regexValidator,
  validateCommaSeparatedIntegerList,
  validateInteger,
  validateSlug,
  validateUnicodeSlug,
} from "./text.ts";
export {
  displayValue,
  fillMessage,
  nonFieldErrors,
  ValidationError,
  type ValidationErrorOptions,
  type ValidationMessage,
} from "./validation-error.ts";
