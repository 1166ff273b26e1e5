import { fillMessage, ValidationError, type Validator } from "#validation";
import type { Attributes } from "../html.ts";
import { hiddenInput, textInput } from "../widgets/inputs.ts";
import type { Widget } from "../widgets/widget.ts";

/** A widget, or the function that makes one: `widget: textarea` and `widget: textarea({ … })` are both fine. */
export type WidgetChoice = Widget | (() => Widget);

/** What every field takes. */
export interface FieldOptions<T = any> {
  /** Whether an empty answer is refused; true by default. */
  required?: boolean | undefined;
  /** The text before the widget; made of the field's name by default. */
  label?: string | null | undefined;
  helpText?: string | undefined;
  /** What the widget shows at first, or a function that gives it. */
  initial?: unknown;
  widget?: WidgetChoice | undefined;
  validators?: readonly Validator<T>[] | undefined;
  /** Other messages, by code: `{ required: "We need your name." }`. */
  errorMessages?: Readonly<Record<string, string>> | undefined;
  /** Shown and not changeable: what is submitted is ignored, the initial value stays. */
  disabled?: boolean | undefined;
  labelSuffix?: string | undefined;
}

/** The type of a field's clean value: `Empty` joins it when the options say `required: false`. */
export type Cleaned<T, Empty, O> = O extends { readonly required: false } ? T | Empty : T;

/**
 * Turns what was submitted into a value of type `T`, or refuses it.
 * A subclass says how to read (`read`) and which widget it has; fields hold no state of a form.
 */
export class Field<T = unknown> {
  /** The type of the clean value; there is no such property at run time. */
  declare readonly cleaned: T;

  required: boolean;
  label: string | null | undefined;
  helpText: string;
  initial: unknown;
  disabled: boolean;
  labelSuffix: string | undefined;
  widget: Widget;
  validators: readonly Validator[];
  readonly errorMessages: Readonly<Record<string, string>>;

  constructor(options: FieldOptions = {}, messages: Readonly<Record<string, string>> = {}) {
    this.required = options.required ?? true;
    this.label = options.label;
    this.helpText = options.helpText ?? "";
    this.initial = options.initial;
    this.disabled = options.disabled ?? false;
    this.labelSuffix = options.labelSuffix;
    this.validators = options.validators ?? [];
    this.errorMessages = { required: "This field is required.", ...messages, ...options.errorMessages };
    this.widget = this.ownWidget(options.widget);
  }

  private ownWidget(given: WidgetChoice | undefined): Widget {
    const widget = (typeof given === "function" ? given() : (given ?? this.defaultWidget())).copy();
    widget.isRequired = this.required;
    return widget;
  }

  /** The widget used when the options name none. */
  protected defaultWidget(): Widget {
    return textInput();
  }

  /** The widget used where the field is asked for but not shown. */
  hiddenWidget(): Widget {
    return hiddenInput();
  }

  /** Attributes that let the browser check what the field checks. */
  widgetAttributes(_widget: Widget): Attributes {
    return {};
  }

  /** Gives the widget its attributes; called by a constructor when the limits are set. */
  protected constrainWidget(): void {
    this.widget.attrs = { ...this.widget.attrs, ...this.widgetAttributes(this.widget) };
  }

  /** Reads a submitted value. @throws ValidationError */
  protected read(raw: unknown): unknown {
    return raw;
  }

  /** Refuses an empty value where one is required, and whatever else the kind of field refuses. */
  protected validate(value: unknown): void {
    if (this.required && isEmpty(value)) throw this.refusal("required");
  }

  /**
   * The clean value.
   *
   * ```ts
   * await integerField({ maxValue: 5 }).clean("3"); // 3
   * ```
   * @param initial the value before, for fields of files.
   * @throws ValidationError
   */
  async clean(raw: unknown, _initial?: unknown): Promise<T> {
    const value = this.read(raw);
    this.validate(value);
    this.runValidators(value);
    return value as T;
  }

  /** Runs the validators on a value that is not empty, and throws all their refusals together. */
  protected runValidators(value: unknown): void {
    if (isEmpty(value)) return;
    const refused: ValidationError[] = [];
    for (const validator of this.validators) {
      try {
        validator(value);
      } catch (error) {
        if (!(error instanceof ValidationError)) throw error;
        refused.push(this.inOwnWords(error));
      }
    }
    if (refused.length > 0) throw new ValidationError(refused);
  }

  private inOwnWords(error: ValidationError): ValidationError {
    const message = this.errorMessages[error.code];
    return message === undefined ? error : new ValidationError(message, { code: error.code, params: error.params });
  }

  /** The refusal with a code, in the field's words. */
  protected refusal(code: string, params?: Readonly<Record<string, unknown>>): ValidationError {
    return new ValidationError(this.errorMessages[code] ?? fillMessage(code, params), { code, params });
  }

  /** The value as its widget shows it. */
  prepare(value: unknown): unknown {
    return value;
  }

  /** What a bound form shows: what was submitted, unless the field is disabled. */
  boundValue(submitted: unknown, initial: unknown): unknown {
    return this.disabled ? initial : submitted;
  }

  /** Whether what was submitted differs from what was shown. */
  hasChanged(initial: unknown, submitted: unknown): boolean {
    if (this.disabled) return false;
    try {
      return !sameValue(this.read(initial), this.read(submitted));
    } catch (error) {
      if (error instanceof ValidationError) return true;
      throw error;
    }
  }

  /** A copy that can be changed for one form: `form.fields.get("roaster")`. */
  copy(): this {
    const copy = Object.assign(Object.create(Object.getPrototypeOf(this)) as this, this);
    copy.widget = this.widget.copy();
    return copy;
  }
}

/** Whether a value counts as no answer. */
export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype && Object.keys(value).length === 0;
}

/** Whether two values are the same to a person: nothing and the empty text are, and `Date`s of one moment. */
export function sameValue(a: unknown, b: unknown): boolean {
  return comparable(a) === comparable(b);
}

function comparable(value: unknown): string {
  if (isEmpty(value)) return "";
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
