import { BaseForm } from "./base-form.ts";
import { type BoundFields, defineBoundFields } from "./bound-fields.ts";
import type { FieldMap, FormOptions } from "./form-options.ts";
import type { FormRenderer } from "./form-renderer.ts";
import type { MediaDefinition } from "./media/media.ts";

/**
 * How it works
 *
 * `Form({ … })` makes a class from fields. An instance is *bound* when something was submitted to it.
 * `isValid()` reads and cleans every field once, in order (the field, then the form's `cleanXyz`), then
 * the whole form (`clean`), and keeps the clean values and the refusals; asked again, it answers the same.
 * An instance has copies of the class's fields, so that one request's changes are not another's.
 * What is shown is the initial value, or what was submitted, beside its errors.
 */

/** What a form's class may say of all its forms: `static override prefix = "order"`. */
export interface FormStatics {
  /** Style sheets and scripts of the form itself, beside those of its widgets. */
  media: MediaDefinition | undefined;
  fieldOrder: readonly string[] | undefined;
  prefix: string | undefined;
  useRequiredAttribute: boolean | undefined;
  renderer: FormRenderer | undefined;
}

/** What `Form({ … })` makes. */
export interface FormClass<F extends FieldMap> extends FormStatics {
  new (options?: FormOptions): BaseForm<F> & BoundFields<F>;
  readonly fields: F;
  from: typeof BaseForm.from;
}

/**
 * Makes a form's class.
 *
 * ```ts
 * class Contact extends Form({ email: emailField(), message: charField({ widget: textarea }) }) {
 *   cleanMessage(message: string) {
 *     if (message.length < 5) throw new ValidationError("Say a little more.");
 *     return message;
 *   }
 * }
 * const form = new Contact({ data: { email: "ada@example.com", message: "Hello there" } });
 * if (await form.isValid()) form.cleanedData.email; // a string
 * ```
 */
export function Form<const F extends FieldMap>(fields: F): FormClass<F> {
  class OwnForm extends BaseForm<F> {
    static override get fields(): F {
      return fields;
    }
  }
  defineBoundFields(OwnForm.prototype, Object.keys(fields));
  return OwnForm as unknown as FormClass<F>;
}
