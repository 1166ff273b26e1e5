/**
 * How it works
 *
 * A `ValidationError` is a tree with two levels at most: one refusal (a message with its code and
 * parameters), a list of refusals, or a refusal for each field. `messages` and `codes` read it flat,
 * `byField` reads it by field. A message's `%(name)s` is filled from `params` when it is read, so
 * that a field may replace the text and keep the parameters.
 */

import { LazyText } from "#kernel/i18n";

/** The key under which `byField` keeps what belongs to no single field. */
export const nonFieldErrors = "__all__";

/** What a `ValidationError` can be made of. */
export type ValidationMessage =
  | OneMessage
  | readonly OneMessage[]
  | { readonly [field: string]: OneMessage | readonly OneMessage[] };

/** A text, translated already or when the error is made, or an error. */
type OneMessage = string | LazyText | ValidationError;

/** What a refusal carries beside its words. */
export interface ValidationErrorOptions {
  /** A word for the kind of refusal, such as `required` or `max_length`. */
  code?: string | undefined;
  /** What `%(name)s` in the message stands for. */
  params?: Readonly<Record<string, unknown>> | undefined;
  cause?: unknown;
}

/**
 * A value that a person gave and that cannot be accepted.
 *
 * ```ts
 * throw new ValidationError("A price is not negative.", { code: "negative" });
 * throw new ValidationError({ price: ["A price is not negative."], name: ["Give it a name."] });
 * ```
 */
export class ValidationError extends Error {
  /** The single refusal's code; `invalid` when none was given. */
  readonly code: string;
  readonly params: Readonly<Record<string, unknown>> | undefined;
  /** The refusals by field, when the error is about several fields. */
  readonly byField: Readonly<Record<string, ValidationError>> | undefined;
  readonly #parts: readonly ValidationError[] | undefined;

  constructor(given: ValidationMessage, options: ValidationErrorOptions = {}) {
    const message = given instanceof LazyText ? String(given) : given;
    const parts = partsOf(message, options);
    super(typeof message === "string" ? message : parts.flatMap((part) => part.messages).join(" "), causeOf(options));
    this.name = "ValidationError";
    this.code = options.code ?? (parts.length === 1 ? parts[0]!.code : "invalid");
    this.params = options.params ?? (parts.length === 1 ? parts[0]!.params : undefined);
    this.byField = fieldsOf(message, options);
    this.#parts = typeof message === "string" ? undefined : parts;
  }

  /** Every single refusal, in order. */
  get errors(): readonly ValidationError[] {
    return this.#parts ?? [this];
  }

  /** Every message, its parameters filled in. */
  get messages(): string[] {
    return this.errors.map((error) => fillMessage(error.message, error.params));
  }

  /** The code of every message, in the order of `messages`. */
  get codes(): string[] {
    return this.errors.map((error) => error.code);
  }

  /** `{ field: messages }`; what belongs to no field stands under `__all__`. */
  toJSON(): Record<string, string[]> {
    const fields = this.byField ?? { [nonFieldErrors]: this as ValidationError };
    return Object.fromEntries(Object.entries(fields).map(([field, error]) => [field, error.messages]));
  }
}

function causeOf(options: ValidationErrorOptions): ErrorOptions | undefined {
  return options.cause === undefined ? undefined : { cause: options.cause };
}

function partsOf(message: Exclude<ValidationMessage, LazyText>, options: ValidationErrorOptions): ValidationError[] {
  if (typeof message === "string") return [];
  if (message instanceof ValidationError) return [...message.errors];
  const items = Array.isArray(message) ? message : Object.values(message).flat();
  return items.flatMap((item) => (item instanceof ValidationError ? item.errors : new ValidationError(item, options)));
}

function fieldsOf(
  message: Exclude<ValidationMessage, LazyText>,
  options: ValidationErrorOptions,
): Record<string, ValidationError> | undefined {
  if (message instanceof ValidationError) return message.byField;
  if (typeof message === "string" || Array.isArray(message)) return undefined;
  return Object.fromEntries(
    Object.entries(message as Record<string, ValidationMessage>).map(([field, part]) => [
      field,
      part instanceof ValidationError ? part : new ValidationError(part, options),
    ]),
  );
}

/**
 * Fills `%(name)s` and `%(name)d` from `params`; `%(limit_value)s` reads `limitValue` too.
 *
 * ```ts
 * fillMessage("At most %(limit)s.", { limit: 3 }); // "At most 3."
 * ```
 */
export function fillMessage(message: string, params: Readonly<Record<string, unknown>> | undefined): string {
  if (params === undefined) return message;
  return message
    .replace(/%\((\w+)\)[sdr]/g, (whole, name: string) => {
      const key = Object.hasOwn(params, name) ? name : name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
      return Object.hasOwn(params, key) ? displayValue(params[key]) : whole;
    })
    .replaceAll("%%", "%");
}

/** A value as a message shows it. */
export function displayValue(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (value instanceof Date)
    return value
      .toISOString()
      .replace("T", " ")
      .replace(/(\.000)?Z$/, "");
  if (Array.isArray(value)) return `[${value.map(quoted).join(", ")}]`;
  if (typeof value !== "object" || hasOwnText(value)) return String(value);
  const entries = Object.entries(value).map(([name, inner]) => `${quoted(name)}: ${quoted(inner)}`);
  return `{${entries.join(", ")}}`;
}

/** Whether an object says what its text is. One that JSON brought may have a `toString` that is none. */
function hasOwnText({ toString }: object): boolean {
  return typeof toString === "function" && toString !== Object.prototype.toString;
}

/** A value inside a list: text stands in quotes. */
function quoted(value: unknown): string {
  return typeof value === "string" ? `'${value}'` : displayValue(value);
}
