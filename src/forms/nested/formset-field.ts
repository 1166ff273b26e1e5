import { gettext } from "#kernel/i18n";
import { ValidationError } from "#validation";
import { Field, type FieldOptions } from "../fields/field.ts";
import type { BaseForm } from "../base-form.ts";
import type { FormSource } from "../form-data.ts";
import type { BaseFormset } from "../formsets/base-formset.ts";
import type { FormsetData, FormsetInit } from "../formsets/formset-options.ts";
import type { FormsetClass } from "../formsets/formset.ts";
import type { Html } from "../html.ts";
import { NestedWidget } from "./nested-widget.ts";
import { flatRefusal, noFiles } from "./form-field.ts";
import { brokenLimit, refuseTooMany } from "./forms-read.ts";

type AnyFormset = new (init?: FormsetInit) => BaseFormset;

/** What was submitted to a formset inside a form. A class, so that no object in JSON passes for it. */
class SubmittedForms {
  readonly data: FormsetData;
  /** All that was submitted at once. */
  readonly origin: object;
  readonly files: FormSource;
  readonly prefix: string;

  constructor(data: FormsetData, { origin, files, prefix }: Pick<SubmittedForms, "origin" | "files" | "prefix">) {
    this.data = data;
    this.origin = origin;
    this.files = files;
    this.prefix = prefix;
  }
}

/** Shows several forms inside a form. */
class FormsetWidget extends NestedWidget {
  readonly formset: AnyFormset;

  constructor(formset: AnyFormset) {
    super();
    this.formset = formset;
  }

  override render(name: string, value: unknown): Html {
    if (value instanceof SubmittedForms) {
      const forms = new this.formset(value);
      if (brokenLimit(value.origin, forms) === undefined) return forms.isValid().then(() => forms.asDiv);
    }
    return new this.formset({ prefix: name, initial: Array.isArray(value) ? value : undefined }).asDiv;
  }

  override get needsMultipart(): boolean {
    return new this.formset().isMultipart;
  }

  /** A list in JSON; in a page, what is under the prefix. Anything else is handed on to be refused. */
  override valueFrom(data: FormSource, files: FormSource, name: string): unknown {
    const about = { origin: data.origin ?? data, files, prefix: name };
    if (!data.has(name)) return new SubmittedForms(data, about);
    const own = data.get(name);
    return Array.isArray(own) ? new SubmittedForms(own as FormsetData, about) : own;
  }
}

/** Several forms as the field of another. */
class FormsetField<T> extends Field<T> {
  readonly formset: AnyFormset;

  constructor(formset: AnyFormset, options: Omit<FieldOptions, "widget">) {
    super({ ...options, widget: new FormsetWidget(formset) });
    this.formset = formset;
  }

  override async clean(raw: unknown): Promise<T> {
    if (raw === null || raw === undefined) {
      this.validate(raw);
      return [] as T;
    }
    const forms = this.formsOf(raw);
    if (!(await forms.isValid())) throw refusalOf(forms);
    this.validate(forms.cleanedData);
    this.runValidators(forms.cleanedData);
    return forms.cleanedData as T;
  }

  /** A list of objects, or the forms of a page. */
  private formsOf(raw: unknown): BaseFormset {
    const whole = { origin: raw as object, files: noFiles, prefix: "form" };
    const submitted = Array.isArray(raw) ? new SubmittedForms(raw as FormsetData, whole) : raw;
    const isList = submitted instanceof SubmittedForms && Array.isArray(submitted.data);
    const areObjects =
      !isList || (submitted.data as readonly unknown[]).every((item) => typeof item === "object" && item !== null);
    if (!(submitted instanceof SubmittedForms) || !areObjects)
      throw new ValidationError(gettext("Enter a list of values."), { code: "invalid_list" });
    const forms = new this.formset(submitted);
    refuseTooMany(submitted.origin, forms);
    return forms;
  }

  override hasChanged(_initial: unknown, submitted: unknown): boolean {
    if (this.disabled || !(submitted instanceof SubmittedForms)) return false;
    const forms = new this.formset(submitted);
    // Too many are not gone through: they are refused.
    return brokenLimit(submitted.origin, forms) !== undefined || forms.hasChanged();
  }
}

function refusalOf(forms: BaseFormset): ValidationError {
  const each = forms.forms.flatMap((form, at) => (forms.isDeleted(form) ? [] : flatRefusal(form, [at]).errors));
  return new ValidationError([...forms.nonFormErrors.refusals, ...each]);
}

/**
 * Several forms inside a form: in a page a formset under the field's name (`lines-0-name`), in JSON a list of objects. The clean
 * value is a list of the inner forms' `cleanedData`.
 *
 * ```ts
 * class Order extends Form({ name: charField(), lines: formsetField(formset(LineForm, { minNum: 1, validateMin: true })) }) {}
 * new Order({ data: { name: "Ada", lines: [{ coffee: 3, count: 2 }] } });
 * ```
 */
export function formsetField<T extends BaseForm>(
  formset: FormsetClass<T>,
  options: Omit<FieldOptions, "widget"> = {},
): Field<readonly T["cleanedData"][]> {
  return new FormsetField(formset as unknown as AnyFormset, options);
}
