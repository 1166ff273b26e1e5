import { gettext, type LazyText } from "#kernel/i18n";
import { ValidationError } from "#validation";
import { BoundField } from "./bound-field.ts";
import { Drawn } from "./drawn.ts";
import { cleanMethods } from "./clean-methods.ts";
import { errorList, ErrorList, FormErrors, formWide } from "./error-list.ts";
import { formsErrors } from "./errors.ts";
import type { Field } from "./fields/field.ts";
import { formSource, type FormSource, type SubmittedData } from "./form-data.ts";
import { type FormRenderer, formRenderer } from "./form-renderer.ts";
import { topErrors } from "./hidden-errors.ts";
import type { Html } from "./html.ts";
import { type FormRequest, submission } from "./submission.ts";
import { type Media, type MediaDefinition, mediaOf } from "./media/media.ts";

/**
 * How it works
 *
 * `Form({ … })` makes a class from fields. An instance is *bound* when something was submitted to it.
 * `isValid()` reads and cleans every field once, in order (the field, then the form's `cleanXyz`), then
 * the whole form (`clean`), and keeps the clean values and the refusals; asked again, it answers the same.
 * An instance has copies of the class's fields, so that one request's changes are not another's.
 * What is shown is the initial value, or what was submitted, beside its errors.
 */

export type { FormRequest } from "./submission.ts";

/** Fields by name. */
export type FieldMap = Readonly<Record<string, Field<any>>>;

/** The clean values of fields. */
export type CleanedData<F extends FieldMap> = { -readonly [Name in keyof F]: F[Name]["cleaned"] };

export interface FormOptions {
  /** What was submitted; without it and `files`, the form is unbound. */
  data?: SubmittedData | null | undefined;
  files?: SubmittedData | null | undefined;
  /** What the widgets show at first; a function is called when it is needed. */
  initial?: Readonly<Record<string, unknown>> | undefined;
  /** Put before every name, for several forms in one page. */
  prefix?: string | undefined;
  /** How ids are made: `id_%s`, `true` for the bare name, `false` for none. */
  autoId?: string | boolean | undefined;
  /** What follows a label; a colon by default. */
  labelSuffix?: string | LazyText | undefined;
  /** Which fields come first, and in which order; the others follow as they were declared. */
  fieldOrder?: readonly string[] | undefined;
  /** The class of the lists of errors: one of its own draws them otherwise. */
  errorClass?: (new () => ErrorList) | undefined;
  /** What draws the form; what draws every form by default. */
  renderer?: FormRenderer | undefined;
  /** The template that `{{ form }}` is drawn by. */
  templateName?: string | undefined;
  /** Whether widgets carry the attribute `required`; true by default. */
  useRequiredAttribute?: boolean | undefined;
  /** Whether a form that nobody filled in is valid. */
  emptyPermitted?: boolean | undefined;
}

/** Everything a form can do; `Form({ … })` adds the fields. */
export class BaseForm<F extends FieldMap = any> extends Drawn implements Iterable<BoundField> {
  /** The class's fields. */
  static get fields(): FieldMap {
    return {};
  }

  /** Style sheets and scripts of the form itself, beside those of its widgets. */
  static media: MediaDefinition | undefined;
  /** As the option of that name, for every form of the class. */
  static fieldOrder: readonly string[] | undefined;
  static prefix: string | undefined;
  static useRequiredAttribute: boolean | undefined;
  static renderer: FormRenderer | undefined;

  protected override readonly layoutFolder: string = "cortado/forms";
  readonly isBound: boolean;
  readonly data: FormSource;
  readonly files: FormSource;
  readonly prefix: string | undefined;
  readonly autoId: string | boolean;
  readonly labelSuffix: string | LazyText;
  readonly errorClass: new () => ErrorList;
  readonly renderer: FormRenderer | undefined;
  /** The template that `{{ form }}` is drawn by; a subclass may name its own. */
  templateName: string | undefined;
  readonly useRequiredAttribute: boolean;
  readonly emptyPermitted: boolean;
  /** This form's own copies of the fields, to change or remove before it is shown or validated. */
  readonly fields: Map<string, Field<any>>;
  /** Classes of the rows that were refused, and of those that are required. */
  errorCssClass = "";
  requiredCssClass = "";

  /** What the form was made with. */
  protected readonly formOptions: FormOptions;
  /** The refusals while they are being gathered, and when they are complete. */
  #pending: FormErrors | undefined;
  #found: FormErrors | undefined;
  #values: Record<string, unknown> = {};
  #validation: Promise<void> | undefined;
  /** What fields have that were not refused; nobody writes into it. */
  get #noErrors(): ErrorList {
    return (this.#accepted ??= Object.freeze(errorList([], undefined, { errorClass: this.errorClass })) as ErrorList);
  }

  #accepted: ErrorList | undefined;
  #unasked: FormErrors | undefined;
  readonly #boundFields = new Map<string, BoundField>();

  constructor(options: FormOptions = {}) {
    super();
    const ofClass = this.constructor as typeof BaseForm;
    this.formOptions = options;
    this.isBound = (options.data ?? options.files ?? null) !== null;
    this.data = formSource(options.data ?? {});
    this.files = formSource(options.files ?? {});
    this.prefix = options.prefix ?? ofClass.prefix;
    this.autoId = options.autoId ?? "id_%s";
    this.labelSuffix = options.labelSuffix ?? gettext(":");
    this.errorClass = options.errorClass ?? ErrorList;
    this.renderer = options.renderer ?? ofClass.renderer;
    this.templateName = options.templateName;
    this.emptyPermitted = options.emptyPermitted ?? false;
    this.useRequiredAttribute = options.useRequiredAttribute ?? ofClass.useRequiredAttribute ?? true;
    this.fields = new FormFields(this, ofClass.fields);
    const order = options.fieldOrder ?? ofClass.fieldOrder;
    if (order !== undefined) this.orderFields(order);
    cleanMethods(ofClass, BaseForm); // a method that would never run is an error now, not a surprise later
  }

  /** Puts these fields first, in this order; names of fields that there are not are passed over. */
  orderFields(order: readonly string[]): void {
    const { fields } = this;
    const first = order.filter((name) => fields.has(name)).map((name) => [name, fields.get(name)!] as const);
    const all = new Map([...first, ...fields]);
    fields.clear();
    for (const [name, field] of all) fields.set(name, field);
  }

  /**
   * The form of a request: unbound for GET and HEAD, else bound to what was sent, be it a form or JSON.
   *
   * ```ts
   * const form = await CoffeeForm.from(request);
   * if (await form.isValid()) { … }
   * ```
   */
  static async from<T extends BaseForm>(
    this: new (options?: any) => T,
    request: FormRequest,
    options: FormOptions & Record<string, unknown> = {},
  ): Promise<T> {
    if (request.method === "GET" || request.method === "HEAD") return new this(options);
    return new this({ ...options, ...(await submission(request)) });
  }

  /** Whether everything submitted is accepted; false for an unbound form. Cleans once. */
  async isValid(): Promise<boolean> {
    if (!this.isBound) return false;
    await (this.#validation ??= this.#validate());
    return Object.keys(this.errors).length === 0;
  }

  /** Whether `errors` can be read. */
  get isValidated(): boolean {
    return this.#found !== undefined;
  }

  async #validate(): Promise<void> {
    const errors = new FormErrors();
    const values: Record<string, unknown> = {};
    this.#values = values;
    this.#pending = errors;
    await this.beforeClean();
    if (!(this.emptyPermitted && !this.hasChanged())) {
      for (const name of this.fields.keys()) await this.#cleanField(name);
      await this.#cleanForm();
      await this.afterClean();
    }
    this.#found = errors;
  }

  async #cleanField(name: string): Promise<void> {
    const field = this.fields.get(name)!;
    const bound = this.boundField(name);
    try {
      this.#values[name] = await field.clean(field.disabled ? bound.initial : bound.data, bound.initial);
      const method = cleanMethods(this.constructor as typeof BaseForm, BaseForm).get(name);
      if (method !== undefined) this.#values[name] = await (this as unknown as CleanMethods)[method]!(this.#values[name]);
    } catch (error) {
      this.#refuse(name, error);
    }
  }

  async #cleanForm(): Promise<void> {
    try {
      const changed = await this.clean(this.#values as CleanedData<F>);
      if (changed !== undefined && changed !== null) this.#values = changed as Record<string, unknown>;
    } catch (error) {
      this.#refuse(null, error);
    }
  }

  /** What precedes the cleaning: a model form reads the rows its instance refers to. */
  protected async beforeClean(): Promise<void> {}

  /** What follows `clean()`: a model form validates its instance here. */
  protected async afterClean(): Promise<void> {}

  #refuse(name: string | null, error: unknown): void {
    if (!(error instanceof ValidationError)) throw error;
    this.addError(name, error);
  }

  /**
   * Checks what concerns several fields; throws a ValidationError or returns changed values.
   * A field that was refused has no value here.
   */
  clean(_values: Partial<CleanedData<F>>): unknown {
    return undefined;
  }

  /** Refuses a field's answer, or with `null` the whole form. An error by field goes to its fields. */
  addError(name: string | null, error: string | ValidationError): void {
    const refusal = typeof error === "string" ? new ValidationError(error) : error;
    const byField = name === null && refusal.byField ? refusal.byField : { [name ?? formWide]: refusal };
    const errors = this.#found ?? (this.#pending ??= new FormErrors());
    for (const [field, part] of Object.entries(byField)) {
      if (field !== formWide && !this.fields.has(field)) throw this.#unknownField(field);
      const before = errors[field]?.refusals ?? [];
      errors[field] = this.#errorList([...before, ...part.errors], field);
      delete this.#values[field];
    }
  }

  #errorList(refusals: readonly ValidationError[] = [], field: string = formWide): ErrorList {
    const { errorClass, renderer } = this;
    const id = field === formWide ? undefined : this.boundField(field).errorId || undefined;
    return errorList(refusals, field === formWide ? "nonfield" : undefined, { errorClass, renderer, id });
  }

  /** Whether an answer was refused, optionally with a code. */
  hasError(name: string | null, code?: string): boolean {
    const list = name === null ? this.nonFieldErrors : this.errorsOf(name);
    return code === undefined ? list.length > 0 : list.codes.includes(code);
  }

  /** What was refused, by field. @throws FORMS_NOT_VALIDATED */
  get errors(): FormErrors {
    return this.#validated("errors");
  }

  /** What refused the whole form. @throws FORMS_NOT_VALIDATED */
  get nonFieldErrors(): ErrorList {
    return this.#validated("nonFieldErrors")[formWide] ?? this.#errorList();
  }

  /** What refused one field. @throws FORMS_NOT_VALIDATED */
  errorsOf(name: string): ErrorList {
    const errors = this.#validated("errors");
    return Object.hasOwn(errors, name) ? errors[name]! : this.#noErrors;
  }

  /** The accepted values. @throws FORMS_NOT_BOUND, FORMS_NOT_VALIDATED */
  get cleanedData(): CleanedData<F> {
    if (!this.isBound) throw formsErrors.FORMS_NOT_BOUND({ form: this.constructor.name, used: "cleanedData" });
    this.#validated("cleanedData");
    return this.#values as CleanedData<F>;
  }

  #validated(used: string): FormErrors {
    if (this.#found !== undefined) return this.#found;
    if (!this.isBound) return (this.#unasked ??= new FormErrors());
    throw formsErrors.FORMS_NOT_VALIDATED({ form: this.constructor.name, used });
  }

  /** Values while the form is being cleaned, for subclasses. */
  protected get cleanValues(): Record<string, unknown> {
    return this.#values;
  }

  /** The refusals gathered so far, for subclasses. */
  protected get refusedFields(): string[] {
    return Object.keys(this.#found ?? this.#pending ?? {});
  }

  /** A field with its value, errors and HTML. @throws FORMS_UNKNOWN_FIELD */
  boundField(name: string): BoundField {
    const kept = this.#boundFields.get(name);
    if (kept !== undefined) return kept;
    const field = this.fields.get(name);
    if (field === undefined) throw this.#unknownField(name);
    if (field.widget.renderer === undefined && this.renderer !== undefined) field.widget.renderer = this.renderer;
    const bound = new (field.boundFieldClass ?? BoundField)(this, field, name);
    this.#boundFields.set(name, bound);
    return bound;
  }

  /** As `boundField`, for the form's own fields. */
  get<Name extends keyof F & string>(name: Name): BoundField<F[Name]["cleaned"]> {
    return this.boundField(name);
  }

  #unknownField(field: string): Error {
    return formsErrors.FORMS_UNKNOWN_FIELD({ form: this.constructor.name, field, fields: [...this.fields.keys()] });
  }

  *[Symbol.iterator](): IterableIterator<BoundField> {
    for (const name of this.fields.keys()) yield this.boundField(name);
  }

  get hiddenFields(): BoundField[] {
    return [...this].filter((field) => field.isHidden);
  }

  get visibleFields(): BoundField[] {
    return [...this].filter((field) => !field.isHidden);
  }

  /** The name that is sent for a field. */
  prefixed(name: string): string {
    return this.prefix ? `${this.prefix}-${name}` : name;
  }

  /** What a field shows before anything is submitted. */
  initialOf(name: string): unknown {
    const given = this.formOptions.initial;
    const initial: unknown = given !== undefined && Object.hasOwn(given, name) ? given[name] : this.fields.get(name)?.initial;
    return typeof initial === "function" ? initial() : initial;
  }

  /** The names of the fields whose submitted value differs from the initial one. */
  get changedData(): string[] {
    return [...this].filter((bound) => bound.hasChanged()).map((bound) => bound.name);
  }

  hasChanged(): boolean {
    return this.changedData.length > 0;
  }

  /** Whether the form has to be sent as `multipart/form-data`. */
  get isMultipart(): boolean {
    return [...this.fields.values()].some((field) => field.widget.needsMultipart);
  }

  /** The style sheets and scripts that a page with this form needs. */
  get media(): Media {
    const own = mediaOf(this.constructor as typeof BaseForm, BaseForm);
    return [...this.fields.values()].reduce((all, field) => all.plus(field.widget.media), own);
  }

  /**
   * The form drawn by a template, which knows `form`, `fields` (each with its errors), `hidden_fields` and `errors`.
   * What is shown of a bound form includes its errors, so it is validated first.
   */
  override render(templateName: string | undefined = this.templateName): Html {
    if (this.isBound && !this.isValidated) return this.isValid().then(() => this.render(templateName));
    const renderer = this.renderer ?? formRenderer();
    const name = templateName ?? renderer.formTemplateName ?? "cortado/forms/div.html";
    return renderer.renderHtml(name, this.templateContext());
  }

  /** What the form's template knows. */
  protected templateContext(): Record<string, unknown> {
    const fields: [BoundField, ErrorList][] = [];
    const hidden: BoundField[] = [];
    for (const bound of this) {
      if (bound.isHidden) hidden.push(bound);
      else fields.push([bound, this.errorsOf(bound.name)]);
    }
    const errors = topErrors(this.nonFieldErrors, hidden);
    return { form: this, fields, hidden_fields: hidden, errors };
  }
}

type CleanMethods = Record<string, (value: unknown) => unknown>;

/** The bound fields by name, so that a template can say `{{ form.email }}`. */
export type BoundFields<F extends FieldMap, Base = BaseForm> = {
  readonly [Name in Exclude<keyof F, keyof Base>]: BoundField<F[Name]["cleaned"]>;
};

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

/** A form's own fields: one that is added later is a property of the form too, as `{{ form.DELETE }}` wants it. */
class FormFields extends Map<string, Field<any>> {
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
