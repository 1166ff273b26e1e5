import type { BaseForm } from "./base-form.ts";
import type { BoundField } from "./bound-field.ts";
import type { Field } from "./fields/field.ts";
import type { FieldMap } from "./form-options.ts";

/** The bound fields by name, so that a template can say `{{ form.email }}`. */
export type BoundFields<F extends FieldMap, Base = BaseForm> = {
  readonly [Name in Exclude<keyof F, keyof Base>]: BoundField<F[Name]["cleaned"]>;
};

/** A form's own fields: one that is added later is a property of the form too, as `{{ form.DELETE }}` wants it. */
export class FormFields extends Map<string, Field<any>> {
  readonly #form: object;

  constructor(form: object, fields: FieldMap) {
    super();
    this.#form = form;
    for (const [name, field] of Object.entries(fields)) super.set(name, field.copy());
  }

  override set(name: string, field: Field<any>): this {
    defineBoundFields(this.#form, [name]);
    return super.set(name, field);
  }
}

/** Gives a form's class a property for each field, except where the form itself has one of that name. */
export function defineBoundFields(prototype: object, names: readonly string[]): void {
  for (const name of names) {
    if (name in prototype) continue;
    const get = function (this: BaseForm): BoundField {
      return this.boundField(name);
    };
    Object.defineProperty(prototype, name, { get, configurable: true });
  }
}
