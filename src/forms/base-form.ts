import { gettext, type LazyText } from "#kernel/i18n";
import { ValidationError } from "#validation";
import { BoundField } from "./bound-field.ts";
import { FormFields } from "./bound-fields.ts";
import { cleanMethods } from "./clean-methods.ts";
import { Drawn } from "./drawn.ts";
import { ErrorList, type FormErrors } from "./error-list.ts";
import { formsErrors } from "./errors.ts";
import type { Field } from "./fields/field.ts";
import { formSource, type FormSource } from "./form-data.ts";
import type { CleanedData, FieldMap, FormOptions } from "./form-options.ts";
import { type FormRenderer, formRenderer } from "./form-renderer.ts";
import { topErrors } from "./hidden-errors.ts";
import type { Html } from "./html.ts";
import { type Media, type MediaDefinition, mediaOf } from "./media/media.ts";
import { Refusals } from "./refusals.ts";
import { type FormRequest, submission } from "./submission.ts";

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
  #values: Record<string, unknown> = {};
  readonly #refusals = new Refusals(this);
  #validation: Promise<void> | undefined;
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
    return this.#refusals.areComplete;
  }

  async #validate(): Promise<void> {
    this.#values = {};
    this.#refusals.begin();
    await this.beforeClean();
    if (!(this.emptyPermitted && !this.hasChanged())) {
      for (const name of this.fields.keys()) await this.#cleanField(name);
      await this.#cleanForm();
      await this.afterClean();
    }
    this.#refusals.areComplete = true;
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
    const refused = this.#refusals.add(name, typeof error === "string" ? new ValidationError(error) : error);
    for (const field of refused) delete this.#values[field];
  }

  /** Whether an answer was refused, optionally with a code. */
  hasError(name: string | null, code?: string): boolean {
    const list = name === null ? this.nonFieldErrors : this.errorsOf(name);
    return code === undefined ? list.length > 0 : list.codes.includes(code);
  }

  /** What was refused, by field. @throws FORMS_NOT_VALIDATED */
  get errors(): FormErrors {
    return this.#refusals.read("errors");
  }

  /** What refused the whole form. @throws FORMS_NOT_VALIDATED */
  get nonFieldErrors(): ErrorList {
    return this.#refusals.ofForm();
  }

  /** What refused one field. @throws FORMS_NOT_VALIDATED */
  errorsOf(name: string): ErrorList {
    return this.#refusals.of(name);
  }

  /** The accepted values. @throws FORMS_NOT_BOUND, FORMS_NOT_VALIDATED */
  get cleanedData(): CleanedData<F> {
    if (!this.isBound) throw formsErrors.FORMS_NOT_BOUND({ form: this.constructor.name, used: "cleanedData" });
    this.#refusals.read("cleanedData");
    return this.#values as CleanedData<F>;
  }

  /** Values while the form is being cleaned, for subclasses. */
  protected get cleanValues(): Record<string, unknown> {
    return this.#values;
  }

  /** The refusals gathered so far, for subclasses. */
  protected get refusedFields(): string[] {
    return this.#refusals.names;
  }

  /** A field with its value, errors and HTML. @throws FORMS_UNKNOWN_FIELD */
  boundField(name: string): BoundField {
    const kept = this.#boundFields.get(name);
    if (kept !== undefined) return kept;
    const field = this.fields.get(name);
    if (field === undefined)
      throw formsErrors.FORMS_UNKNOWN_FIELD({ form: this.constructor.name, field: name, fields: [...this.fields.keys()] });
    if (field.widget.renderer === undefined && this.renderer !== undefined) field.widget.renderer = this.renderer;
    const bound = new (field.boundFieldClass ?? BoundField)(this, field, name);
    this.#boundFields.set(name, bound);
    return bound;
  }

  /** As `boundField`, for the form's own fields. */
  get<Name extends keyof F & string>(name: Name): BoundField<F[Name]["cleaned"]> {
    return this.boundField(name);
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
