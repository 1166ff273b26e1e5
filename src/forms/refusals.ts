import type { ValidationError } from "#validation";
import type { BaseForm } from "./base-form.ts";
import { errorList, type ErrorList, FormErrors, formWide } from "./error-list.ts";
import { formsErrors } from "./errors.ts";

/** What a form refused: gathered while it is validated, to be read when that is done. */
export class Refusals {
  readonly #form: BaseForm;
  #gathered: FormErrors | undefined;
  /** What a form has that was not asked, and a field that was not refused: nobody writes into them. */
  #unasked: FormErrors | undefined;
  #accepted: ErrorList | undefined;
  /** Whether they can be read. */
  areComplete = false;

  constructor(form: BaseForm) {
    this.#form = form;
  }

  begin(): void {
    this.#gathered = new FormErrors();
  }

  /** The names of the fields refused so far. */
  get names(): string[] {
    return Object.keys(this.#gathered ?? {});
  }

  /** Adds a refusal of a field, or with null of the whole form: one by field goes to its fields, whose names are returned. */
  add(name: string | null, refusal: ValidationError): string[] {
    const byField = name === null && refusal.byField ? refusal.byField : { [name ?? formWide]: refusal };
    const errors = (this.#gathered ??= new FormErrors());
    for (const [field, part] of Object.entries(byField)) {
      const before = errors[field]?.refusals ?? [];
      errors[field] = this.#list([...before, ...part.errors], field);
    }
    return Object.keys(byField);
  }

  #list(refusals: readonly ValidationError[], field: string): ErrorList {
    const { errorClass, renderer } = this.#form;
    if (field === formWide) return errorList(refusals, "nonfield", { errorClass, renderer });
    return errorList(refusals, undefined, { errorClass, renderer, id: this.#form.boundField(field).errorId || undefined });
  }

  /** All of them, by field; `used` is what the program asked for. @throws FORMS_NOT_VALIDATED */
  read(used: string): FormErrors {
    if (this.areComplete) return this.#gathered!;
    if (!this.#form.isBound) return (this.#unasked ??= new FormErrors());
    throw formsErrors.FORMS_NOT_VALIDATED({ form: this.#form.constructor.name, used });
  }

  /** Those of one field. @throws FORMS_NOT_VALIDATED */
  of(name: string): ErrorList {
    const errors = this.read("errors");
    if (Object.hasOwn(errors, name)) return errors[name]!;
    return (this.#accepted ??= Object.freeze(errorList([], undefined, { errorClass: this.#form.errorClass })) as ErrorList);
  }

  /** Those of the whole form. @throws FORMS_NOT_VALIDATED */
  ofForm(): ErrorList {
    return this.read("nonFieldErrors")[formWide] ?? this.#list([], formWide);
  }
}
