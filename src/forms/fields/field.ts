import { gettextLazy, type LazyText } from "#kernel/i18n";
import { fillMessage, ValidationError, type Validator } from "#validation";
import type { BoundField } from "../bound-field.ts";
import type { BaseForm } from "../base-form.ts";
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
  label?: string | LazyText | null | undefined;
  helpText?: string | LazyText | undefined;
  /** What the widget shows at first, or a function that gives it. */
  initial?: unknown;
  widget?: WidgetChoice | undefined;
  validators?: readonly Validator<T>[] | undefined;
  /** Other messages, by code: `{ required: "We need your name." }`. */
  errorMessages?: ErrorMessages | undefined;
  /** Shown and not changeable: what is submitted is ignored, the initial value stays. */
  disabled?: boolean | undefined;
  labelSuffix?: string | LazyText | undefined;
  /** Whether numbers and moments are read and shown as the language writes them. */
  localize?: boolean | undefined;
  /** Whether the page keeps, in a hidden input, what was shown at first, so that a change is told from what another made meanwhile. */
  showHiddenInitial?: boolean | undefined;
  /** The template of the field with its label, help and errors. */
  templateName?: string | undefined;
  /** The class of the field in a form: one of its own gives templates more to show. */
  boundFieldClass?: BoundFieldClass | undefined;
}

/** Messages by code. */
export type ErrorMessages = Readonly<Record<string, string | LazyText>>;

/** A class of fields in forms. */
export type BoundFieldClass = new (form: BaseForm, field: Field<any>, name: string) => BoundField<any>;

const requiredMessage = gettextLazy("This field is required.");

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
  label: string | LazyText | null | undefined;
  helpText: string | LazyText;
  initial: unknown;
  disabled: boolean;
  labelSuffix: string | LazyText | undefined;
  readonly localize: boolean;
  readonly showHiddenInitial: boolean;
  templateName: string | undefined;
  readonly boundFieldClass: BoundFieldClass | undefined;
  widget: Widget;
  validators: readonly Validator[];
  readonly errorMessages: ErrorMessages;

  constructor(options: FieldOptions = {}, messages: ErrorMessages = {}) {
    this.required = options.required ?? true;
    this.label = options.label;
    this.helpText = options.helpText ?? "";
    this.initial = options.initial;
    this.disabled = options.disabled ?? false;
    this.labelSuffix = options.labelSuffix;
    this.localize = options.localize ?? false;
    this.showHiddenInitial = options.showHiddenInitial ?? false;
    this.templateName = options.templateName;
    this.boundFieldClass = options.boundFieldClass;
    this.validators = options.validators ?? [];
    this.errorMessages = { required: requiredMessage, ...messages, ...options.errorMessages };
    this.widget = this.ownWidget(options.widget);
  }

  private ownWidget(given: WidgetChoice | undefined): Widget {
    const widget = (typeof given === "function" ? given() : (given ?? this.defaultWidget())).copy();
    widget.isRequired = this.required;
    if (this.localize) widget.isLocalized = true;
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

  /** Which parts are required, where a field of several says so for each of them; undefined where all or none are. */
  get requiredParts(): readonly boolean[] | undefined {
    return undefined;
  }

  /** Attributes that let the browser check what the field checks. */
  widgetAttributes(_widget: Widget): Attributes {
    return {};
  }

  /** Gives the widget its attributes; called by a constructor when the limits are set. What has no limit leaves the widget's own. */
  protected constrainWidget(): void {
    const limits = Object.entries(this.widgetAttributes(this.widget)).filter(
      ([, limit]) => limit !== undefined && limit !== null,
    );
    this.widget.attrs = { ...this.widget.attrs, ...Object.fromEntries(limits) };
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
    return message === undefined ? error : new ValidationError(String(message), { code: error.code, params: error.params });
  }

  /** The refusal with a code, in the field's words. */
  protected refusal(code: string, params?: Readonly<Record<string, unknown>>): ValidationError {
    return new ValidationError(String(this.errorMessages[code] ?? fillMessage(code, params)), { code, params });
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
  if (value instanceof Date) return String(value.getTime());
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
