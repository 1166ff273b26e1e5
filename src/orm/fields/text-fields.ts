import { gettext } from "#kernel/i18n";
import { maxLengthValidator, validateEmail, validateSlug, validateUnicodeSlug, validateUrl, type Validator } from "#validation";
import type { Dialect } from "../names.ts";
import { type Converter, Field } from "./field.ts";
import type { SlugOptions, TextOptions } from "./field-options.ts";
import type { FieldValue, Presence, PresenceOf } from "./field-typing.ts";

/** Any field whose value is a string. */
export class TextField<Value = string, P extends Presence = any> extends Field<Value, P> {
  readonly kind: string;
  private readonly ownValidator: Validator | undefined;

  constructor(kind: string, options: TextOptions, validate?: Validator) {
    super(options);
    this.kind = kind;
    this.ownValidator = validate;
    const { maxLength } = options;
    if (maxLength !== undefined && !(Number.isInteger(maxLength) && maxLength > 0)) {
      this.refuseOption(`maxLength is ${maxLength}, and must be a positive whole number`);
    }
  }

  override get emptyValue(): unknown {
    return this.null ? null : "";
  }
  override columnType(_dialect: Dialect): string {
    return this.kind === "text" || this.maxLength === undefined ? "text" : `varchar(${this.maxLength})`;
  }
  override get takes(): string {
    return this.maxLength === undefined ? "a text" : `a text of at most ${this.maxLength} characters`;
  }
  /** Refuses on SQLite too what PostgreSQL would: the same rows fit into both. */
  override writer(dialect: Dialect): Converter {
    const compare = this.comparer(dialect)!;
    const max = this.kind === "text" ? undefined : this.maxLength;
    if (max === undefined) return compare;
    return (value) => {
      const text = compare(value) as string;
      if (text.length > max && [...text].length > max) throw new RangeError(`more than ${max} characters`);
      return text;
    };
  }
  override comparer(dialect: Dialect): Converter {
    if (dialect === "sqlite") return (value) => (typeof value === "string" ? value : this.parse(value));
    return (value) => {
      const text = typeof value === "string" ? value : this.parse(value);
      if (text.includes("\0")) throw new RangeError("PostgreSQL keeps no NUL character in a text");
      return text;
    };
  }
  override parse(value: unknown): string {
    if (typeof value === "string") return value;
    if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return String(value);
    throw this.invalid("invalid", {}, gettext("Enter a text."));
  }
  protected override ownValidators(): Validator[] {
    const found: Validator[] = [];
    if (this.ownValidator) found.push(this.ownValidator);
    if (this.maxLength !== undefined) found.push(maxLengthValidator(this.maxLength));
    return found;
  }
}

/**
 * A text in one line. The type narrows to the choices, where there are any.
 *
 * ```ts
 * name: char({ maxLength: 30 })
 * country: char({ maxLength: 2, choices: { KR: "Korea", ET: "Ethiopia" } })
 * ```
 */
export function char<const O extends TextOptions = {}>(options?: O): TextField<FieldValue<string, O>, PresenceOf<O>> {
  return new TextField("char", options ?? {});
}

/** A text of any length. `body: text({ blank: true })` */
export function text<const O extends TextOptions = {}>(options?: O): TextField<FieldValue<string, O>, PresenceOf<O>> {
  return new TextField("text", options ?? {});
}

/** Letters, digits, hyphens and underscores, for addresses; indexed. `slug: slug({ unique: true })` */
export function slug<const O extends SlugOptions = {}>(options?: O): TextField<FieldValue<string, O>, PresenceOf<O>> {
  return new TextField(
    "slug",
    { maxLength: 50, dbIndex: true, ...options },
    options?.allowUnicode ? validateUnicodeSlug : validateSlug,
  );
}

/** An e-mail address. `email: email({ unique: true })` */
export function email<const O extends TextOptions = {}>(options?: O): TextField<FieldValue<string, O>, PresenceOf<O>> {
  return new TextField("email", { maxLength: 254, ...options }, validateEmail);
}

/** A web address. `homepage: url({ blank: true })` */
export function url<const O extends TextOptions = {}>(options?: O): TextField<FieldValue<string, O>, PresenceOf<O>> {
  return new TextField("url", { maxLength: 200, ...options }, validateUrl);
}
