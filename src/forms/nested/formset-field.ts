import { gettext } from "#kernel/i18n";
import { ValidationError } from "#validation";
import { Field, type FieldOptions } from "../fields/field.ts";
import type { BaseForm } from "../base-form.ts";
import type { FormSource } from "../form-data.ts";
import type { BaseFormset, FormsetData, FormsetInit } from "../formsets/base-formset.ts";
import type { FormsetClass } from "../formsets/formset.ts";
import type { Html } from "../html.ts";
import { NestedWidget } from "./nested-widget.ts";
import { flatRefusal } from "./form-field.ts";

type AnyFormset = new (init?: FormsetInit) => BaseFormset;

/** What was submitted to a formset inside a form. */
interface SubmittedForms {
  readonly data: FormsetData;
  readonly files: FormSource;
  readonly prefix: string;
}

/** Shows several forms inside a form. */
class FormsetWidget extends NestedWidget {
  readonly formset: AnyFormset;

  constructor(formset: AnyFormset) {
    super();
    this.formset = formset;
  }

  override render(name: string, value: unknown): Html {
    if (isSubmitted(value)) {
      const forms = new this.formset(value);
      return forms.isValid().then(() => forms.asDiv);
    }
    return new this.formset({ prefix: name, initial: Array.isArray(value) ? value : undefined }).asDiv;
  }

  override get needsMultipart(): boolean {
    return new this.formset().isMultipart;
  }

  /** A list in JSON; in a page, what is under the prefix. Anything else is handed on to be refused. */
  override valueFrom(data: FormSource, files: FormSource, name: string): unknown {
    if (!data.has(name)) return { data, files, prefix: name } satisfies SubmittedForms;
    const own = data.get(name);
    return Array.isArray(own) ? ({ data: own, files, prefix: name } satisfies SubmittedForms) : own;
  }
}

function isSubmitted(value: unknown): value is SubmittedForms {
  return typeof value === "object" && value !== null && "data" in value && "prefix" in value;
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
    const submitted = Array.isArray(raw) ? { data: raw as FormsetData, prefix: "form" } : raw;
    const isList = isSubmitted(submitted) && Array.isArray(submitted.data);
    const areObjects =
      !isList || (submitted.data as readonly unknown[]).every((item) => typeof item === "object" && item !== null);
    if (!isSubmitted(submitted) || !areObjects)
      throw new ValidationError(gettext("Enter a list of values."), { code: "invalid_list" });
    return new this.formset(submitted);
  }

  override hasChanged(_initial: unknown, submitted: unknown): boolean {
    return !this.disabled && isSubmitted(submitted) && new this.formset(submitted).hasChanged();
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
