import { gettext } from "#kernel/i18n";
import { ValidationError } from "#validation";
import { type Cleaned, Field, type FieldOptions } from "../fields/field.ts";
import type { BaseForm } from "../base-form.ts";
import type { FormOptions } from "../form-options.ts";
import type { FormSource } from "../form-data.ts";
import type { Html } from "../html.ts";
import { NestedWidget } from "./nested-widget.ts";
import { NestedData } from "./nested-data.ts";

type FormMaker<T extends BaseForm = BaseForm> = new (options?: FormOptions) => T;

/** Shows a form inside a form, its names under the field's. */
class FormWidget extends NestedWidget {
  readonly form: FormMaker;

  constructor(form: FormMaker) {
    super();
    this.form = form;
  }

  override render(name: string, value: unknown): Html {
    if (value instanceof NestedData) return bound(this.form, value).asDiv;
    return new this.form({ prefix: name, initial: (value ?? undefined) as FormOptions["initial"] }).asDiv;
  }

  override get needsMultipart(): boolean {
    return new this.form().isMultipart;
  }

  override valueFrom(data: FormSource, files: FormSource, name: string): unknown {
    return data.has(name) && data.get(name) === null ? null : new NestedData(data, files, name);
  }
}

function bound<T extends BaseForm>(form: FormMaker<T>, { data, files, prefix }: NestedData, more: FormOptions = {}): T {
  return new form({ data, files, prefix, ...more });
}

/** A form as the field of another. */
class FormField<T> extends Field<T> {
  readonly form: FormMaker;

  constructor(form: FormMaker, options: Omit<FieldOptions, "widget">) {
    super({ ...options, widget: new FormWidget(form) });
    this.form = form;
  }

  override async clean(raw: unknown, initial?: unknown): Promise<T> {
    if (raw === null || raw === undefined) {
      this.validate(null);
      return null as T;
    }
    const nested =
      raw instanceof NestedData
        ? raw
        : new NestedData({ has: () => true, get: () => raw, getAll: () => [raw] }, noFiles, "value");
    if (nested.wrong !== undefined || Array.isArray(nested.data.get(nested.prefix)))
      throw new ValidationError(gettext("Enter a group of values."), { code: "invalid" });
    const form = this.filled(nested, initial);
    if (!(await form.isValid())) throw flatRefusal(form);
    if (!this.required && !form.hasChanged()) return null as T;
    this.runValidators(form.cleanedData);
    return form.cleanedData as T;
  }

  private filled(nested: NestedData, initial: unknown): BaseForm {
    return bound(this.form, nested, {
      emptyPermitted: !this.required,
      initial: (initial ?? undefined) as FormOptions["initial"],
    });
  }

  override hasChanged(initial: unknown, submitted: unknown): boolean {
    if (this.disabled || !(submitted instanceof NestedData)) return !this.disabled && submitted !== initial;
    return this.filled(submitted, initial).hasChanged();
  }
}

export const noFiles: FormSource = { has: () => false, get: () => undefined, getAll: () => [] };

/** The refusals of a form inside, each beginning with its field's label; `params.field` names the field. */
export function flatRefusal(form: BaseForm, place: readonly (string | number)[] = []): ValidationError {
  const all = Object.entries(form.errors).flatMap(([name, list]) => {
    const label = form.fields.has(name) ? `${form.boundField(name).label}: ` : "";
    return list.refusals.map(
      (refusal) =>
        new ValidationError("%(problem)s", {
          code: refusal.code,
          params: { problem: `${label}${refusal.messages.join(" ")}`, field: [...place, name].join(".") },
        }),
    );
  });
  return new ValidationError(all);
}

/**
 * A form inside a form: in a page its names begin with the field's (`address-street`), in JSON it is an object. The clean value is
 * the inner form's `cleanedData`; null where it is not required and nothing was filled in.
 *
 * ```ts
 * class Order extends Form({ name: charField(), address: formField(AddressForm) }) {}
 * new Order({ data: { name: "Ada", address: { street: "Main St 1", city: "Seoul" } } });
 * ```
 */
export function formField<T extends BaseForm, const O extends Omit<FieldOptions, "widget"> = {}>(
  form: FormMaker<T>,
  options?: O,
): Field<Cleaned<T["cleanedData"], null, O>> {
  return new FormField(form, options ?? {});
}
