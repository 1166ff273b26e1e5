import { gettextLazy } from "#kernel/i18n";
import {
  displayValue,
  emailValidator,
  maxLengthValidator,
  minLengthValidator,
  prohibitNullCharactersValidator,
  regexValidator,
  urlValidator,
  validateSlug,
  validateUnicodeSlug,
  type Validator,
} from "#validation";
import type { Attributes } from "../html.ts";
import { emailInput, isInput, textInput, urlInput } from "../widgets/inputs.ts";
import type { Widget } from "../widgets/widget.ts";
import { type ErrorMessages, Field, type FieldOptions, isEmpty } from "./field.ts";

const invalidUrl = gettextLazy("Enter a valid URL.");
const invalidValue = gettextLazy("Enter a valid value.");

export interface CharFieldOptions extends FieldOptions<string> {
  maxLength?: number | null | undefined;
  minLength?: number | null | undefined;
  /** Whether white space around the text is dropped; true by default. */
  strip?: boolean | undefined;
  /** What an empty answer becomes; the empty text by default. */
  emptyValue?: string | null | undefined;
}

/** The clean type of a text field: null only where an empty answer becomes null. */
export type CleanText<O> = O extends { readonly required: false; readonly emptyValue: null } ? string | null : string;

/** What makes one kind of text field another than the next. */
export interface TextKind {
  widget?: () => Widget;
  validators?: readonly Validator[];
  /** What is checked after the length. */
  lastValidators?: readonly Validator[];
  messages?: ErrorMessages;
  /** Mends the text before it is checked. */
  mend?: (text: string) => string;
  /** The pattern that a browser checks, where it is one that browsers read. */
  pattern?: string | undefined;
}

/** A field for text; the other text fields are this one with more validators. */
export class TextField<T = string> extends Field<T> {
  readonly maxLength: number | null;
  readonly minLength: number | null;
  readonly strip: boolean;
  readonly emptyValue: string | null;
  private readonly pattern: string | undefined;
  private readonly mend: (text: string) => string;

  constructor(options: CharFieldOptions = {}, kind: TextKind = {}) {
    super({ ...options, widget: options.widget ?? kind.widget ?? textInput }, kind.messages);
    this.maxLength = options.maxLength ?? null;
    this.minLength = options.minLength ?? null;
    this.strip = options.strip ?? true;
    this.emptyValue = options.emptyValue === undefined ? "" : options.emptyValue;
    this.mend = kind.mend ?? ((text) => text);
    this.pattern = kind.pattern;
    this.validators = [...(kind.validators ?? []), ...this.validators, ...this.limits(), ...(kind.lastValidators ?? [])];
    this.constrainWidget();
  }

  private limits(): Validator[] {
    return [
      ...(this.minLength === null ? [] : [minLengthValidator(this.minLength)]),
      ...(this.maxLength === null ? [] : [maxLengthValidator(this.maxLength)]),
      prohibitNullCharactersValidator(),
    ];
  }

  protected override read(raw: unknown): unknown {
    if (isEmpty(raw)) return this.emptyValue;
    const given = displayValue(raw);
    const text = this.strip ? given.trim() : given;
    return text === "" ? this.emptyValue : this.mend(text);
  }

  override widgetAttributes(widget: Widget): Attributes {
    if (widget.isHidden) return {};
    return {
      maxlength: this.maxLength,
      minlength: this.minLength,
      ...(isInput(widget, "text") ? { pattern: this.pattern } : {}),
    };
  }
}

/**
 * Text.
 *
 * ```ts
 * class Contact extends Form({ name: charField({ maxLength: 80 }), message: charField({ widget: textarea }) }) {}
 * ```
 */
export function charField<const O extends CharFieldOptions>(options?: O): Field<CleanText<O>> {
  return new TextField<CleanText<O>>(options);
}

/** An e-mail address. */
export function emailField<const O extends CharFieldOptions>(options?: O): Field<CleanText<O>> {
  const kind: TextKind = { widget: emailInput, validators: [emailValidator()] };
  return new TextField<CleanText<O>>({ maxLength: 320, ...options, strip: true }, kind);
}

export interface UrlFieldOptions extends CharFieldOptions {
  /** The scheme of an address given without one; `https` by default. */
  assumeScheme?: string | undefined;
}

/** An address of the web; `example.com` becomes `https://example.com`. */
export function urlField<const O extends UrlFieldOptions>(options?: O): Field<CleanText<O>> {
  const scheme = options?.assumeScheme ?? "https";
  const kind: TextKind = {
    widget: urlInput,
    validators: [urlValidator()],
    messages: { invalid: invalidUrl },
    mend: (text) => withScheme(text, scheme),
  };
  return new TextField<CleanText<O>>({ ...options, strip: true }, kind);
}

function withScheme(text: string, scheme: string): string {
  return /^[a-z][a-z0-9+.-]*:/i.test(text) && !/^[^/]*:\d/.test(text) ? text : `${scheme}://${text.replace(/^\/\//, "")}`;
}

export interface SlugFieldOptions extends CharFieldOptions {
  allowUnicode?: boolean | undefined;
}

/** Letters, digits, underscores and hyphens, as addresses use them. */
export function slugField<const O extends SlugFieldOptions>(options?: O): Field<CleanText<O>> {
  const validator = options?.allowUnicode ? validateUnicodeSlug : validateSlug;
  return new TextField<CleanText<O>>(options, { validators: [validator] });
}

export interface RegexFieldOptions extends CharFieldOptions {
  /** The pattern that the text has to match. */
  regex: RegExp | string;
}

/** Text that matches a pattern: `regexField({ regex: /^[A-Z]{2}\d{4}$/ })`. */
export function regexField<const O extends RegexFieldOptions>(options: O): Field<CleanText<O>> {
  const kind: TextKind = {
    lastValidators: [regexValidator(options.regex)],
    messages: { invalid: invalidValue },
    pattern: patternFor(options.regex),
  };
  return new TextField<CleanText<O>>({ strip: false, ...options }, kind);
}

/** A pattern as browsers check it: over the whole text, without flags, in their newest grammar. */
function patternFor(regex: RegExp | string): string | undefined {
  if (typeof regex !== "string" && regex.flags.replace("u", "") !== "") return undefined;
  const whole = /^\^(.*[^\\])\$$/.exec(typeof regex === "string" ? regex : regex.source)?.[1];
  if (whole === undefined || whole.includes("|")) return undefined;
  try {
    new RegExp(whole, "v");
    return whole;
  } catch {
    return undefined;
  }
}
