import { gettext, gettextLazy } from "#kernel/i18n";
import { type Temporal, ValidationError } from "#validation";
import type { Widget } from "../widgets/widget.ts";
import { MultiWidget, splitDateTimeWidget, splitHiddenDateTimeWidget } from "../widgets/multi-widgets.ts";
import { dateField, momentOf, timeField } from "./date-fields.ts";
import { type Cleaned, Field, type FieldOptions, isEmpty } from "./field.ts";

export interface ComboFieldOptions extends FieldOptions {
  /** Each has to accept the value that the one before it gave. */
  fields: readonly Field<any>[];
}

class ComboField<T> extends Field<T> {
  readonly fields: readonly Field<any>[];

  constructor(options: ComboFieldOptions) {
    super(options);
    this.fields = options.fields.map((field) => Object.assign(field.copy(), { required: false }));
  }

  override async clean(raw: unknown): Promise<T> {
    let value: unknown = await super.clean(raw);
    for (const field of this.fields) value = await field.clean(value);
    return value as T;
  }
}

const invalidList = gettextLazy("Enter a list of values.");
const incompleteValue = gettextLazy("Enter a complete value.");

export interface MultiValueFieldOptions extends FieldOptions {
  fields: readonly Field<any>[];
  /** Makes one value of the fields' values; called with an empty list when nothing was given. */
  compress?: ((values: any[]) => unknown) | undefined;
  /** Whether every part is needed once one is given; true by default. */
  requireAllFields?: boolean | undefined;
}

/** One value made of several fields, each with its widget. */
export class MultiValueField<T = unknown> extends Field<T> {
  readonly fields: readonly Field<any>[];
  private readonly compress: (values: any[]) => unknown;
  private readonly requireAllFields: boolean;

  constructor(options: MultiValueFieldOptions) {
    const own = () => new MultiWidget({ widgets: options.fields.map((field) => field.widget), decompress: () => [] });
    super({ ...options, widget: options.widget ?? own }, { invalid: invalidList, incomplete: incompleteValue });
    this.compress = options.compress ?? ((values) => values);
    this.requireAllFields = options.requireAllFields ?? true;
    this.fields = options.fields.map((field) => {
      const part = field.copy();
      if (this.requireAllFields) part.required = false;
      if (this.disabled) part.disabled = true;
      return part;
    });
  }

  override async clean(raw: unknown): Promise<T> {
    if (this.disabled && this.required && isEmpty(raw)) throw this.refusal("required");
    if (this.disabled && !Array.isArray(raw)) return raw as T;
    if (!isEmpty(raw) && !Array.isArray(raw)) throw this.refusal("invalid");
    const parts: readonly unknown[] = Array.isArray(raw) ? raw : [];
    if (parts.every((part) => isEmpty(part))) {
      if (this.required) throw this.refusal("required");
      return this.compress([]) as T;
    }
    const value = this.compress(await this.cleanParts(parts));
    this.runValidators(value);
    return value as T;
  }

  private async cleanParts(parts: readonly unknown[]): Promise<unknown[]> {
    const values: unknown[] = [];
    const refused: ValidationError[] = [];
    for (const [at, field] of this.fields.entries()) {
      const part = parts[at];
      if (isEmpty(part) && this.requireAllFields && this.required) throw this.refusal("required");
      if (isEmpty(part) && field.required) throw this.refusal("incomplete");
      try {
        values.push(await field.clean(part));
      } catch (error) {
        if (!(error instanceof ValidationError)) throw error;
        refused.push(...error.errors);
      }
    }
    if (refused.length > 0) throw new ValidationError(refused);
    return values;
  }

  override get requiredParts(): readonly boolean[] | undefined {
    return this.requireAllFields ? undefined : this.fields.map((field) => field.required);
  }

  override hasChanged(initial: unknown, submitted: unknown): boolean {
    if (this.disabled) return false;
    const before = Array.isArray(initial) ? initial : this.widget instanceof MultiWidget ? this.widget.decompress(initial) : [];
    const after = Array.isArray(submitted) ? submitted : [];
    return this.fields.some((field, at) => field.hasChanged(before[at], after[at]));
  }
}

/** Text that several fields accept: `comboField({ fields: [charField({ maxLength: 20 }), emailField()] })`. */
export function comboField<T = string>(options: ComboFieldOptions): Field<T> {
  return new ComboField<T>(options);
}

/** One value made of several fields: give `fields`, `compress` and, to show a value, a `MultiWidget`. */
export function multiValueField<T = unknown>(options: MultiValueFieldOptions): Field<T> {
  return new MultiValueField<T>(options);
}

class SplitDateTimeField<T> extends MultiValueField<T> {
  override hiddenWidget(): Widget {
    return splitHiddenDateTimeWidget();
  }
}

function joinDateTime([date, time]: readonly [Temporal.PlainDate?, Temporal.PlainTime?] | readonly any[]): Date | null {
  if (isEmpty(date) && isEmpty(time)) return null;
  if (isEmpty(date)) throw new ValidationError(gettext("Enter a valid date."), { code: "invalid_date" });
  if (isEmpty(time)) throw new ValidationError(gettext("Enter a valid time."), { code: "invalid_time" });
  return momentOf(date.toPlainDateTime(time));
}

/** A moment asked for as a date and a time. */
export function splitDateTimeField<const O extends FieldOptions>(options?: O): Field<Cleaned<Date, null, O>> {
  const fields = [dateField({ required: false }), timeField({ required: false })];
  return new SplitDateTimeField({ widget: splitDateTimeWidget, ...options, fields, compress: joinDateTime });
}
