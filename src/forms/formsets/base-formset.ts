import { ValidationError } from "#validation";
import type { SafeString } from "#templates";
import { Drawn } from "../drawn.ts";
import { errorList, type ErrorList, type FormErrors } from "../error-list.ts";
import { formsErrors } from "../errors.ts";
import type { BaseForm } from "../base-form.ts";
import { type FormSource, formSource, type SubmittedData } from "../form-data.ts";
import { formRenderer } from "../form-renderer.ts";
import type { Html } from "../html.ts";
import type { Media } from "../media/media.ts";
import { claimedTotal, managementInputs, type SubmittedCounts, submittedCounts } from "./management-form.ts";
import type { FormMaker, FormsetInit, FormsetOptions } from "./formset-options.ts";
import { formsetRefusal } from "./formset-refusal.ts";
import { listSource } from "./list-source.ts";
import { addPlaceAndBox, deletion, order } from "./place-and-box.ts";

/**
 * How it works
 *
 * A formset is several forms of one class in one page, each with a prefix: `form-0`, `form-1`, … Four
 * hidden inputs (the management form) say how many were shown; the count that comes back is never
 * trusted beyond `absoluteMax`. A form beyond the initial ones may stay empty. A form whose box
 * `DELETE` is ticked is not validated. A list of objects, as JSON brings it, is read as such forms too.
 */

const defaultMax = 1000;

/** Several forms of one class in one page. */
export class BaseFormset<T extends BaseForm = BaseForm> extends Drawn implements Iterable<T> {
  protected override readonly layoutFolder = "cortado/forms/formsets";
  readonly isBound: boolean;
  readonly prefix: string;
  readonly data: FormSource;
  readonly files: FormSource;
  readonly settings: FormsetOptions;
  protected readonly init: FormsetInit;
  /** Whether a list of objects was submitted: each is a form that somebody meant. */
  protected readonly isList: boolean;
  readonly #form: FormMaker<T>;
  readonly #submitted: SubmittedCounts;
  #forms: readonly T[] | undefined;
  #validation: Promise<void> | undefined;
  #refused: ErrorList | undefined;
  /** `clean()` may read what its forms accepted. */
  #formsAreValidated = false;

  constructor(form: FormMaker<T>, settings: FormsetOptions, init: FormsetInit = {}) {
    super();
    this.#form = form;
    this.settings = settings;
    this.init = init;
    this.isBound = (init.data ?? init.files ?? null) !== null;
    this.prefix = init.prefix ?? "form";
    this.isList = Array.isArray(init.data);
    this.data = formSource(this.isList ? this.#listed(init) : ((init.data as SubmittedData | null | undefined) ?? {}));
    this.files = formSource(init.files ?? {});
    this.#submitted = submittedCounts(this.data, this.prefix, this.absoluteMax);
  }

  #listed({ data, initial, origin = data as object }: FormsetInit): FormSource {
    return { ...listSource(data as readonly Record<string, unknown>[], this.prefix, initial?.length ?? 0), origin };
  }

  /** Every form of the page. */
  get forms(): readonly T[] {
    this.#forms ??= Array.from({ length: this.totalFormCount }, (_, at) => this.#makeForm(at));
    return this.#forms;
  }

  /** How many forms may be filled in. */
  get maxNum(): number {
    return this.settings.maxNum ?? defaultMax;
  }

  get minNum(): number {
    return this.settings.minNum ?? 0;
  }

  /** How many forms are read at most, whatever was submitted. */
  get absoluteMax(): number {
    return this.settings.absoluteMax ?? this.maxNum + defaultMax;
  }

  /** How many forms show what is there already. */
  get initialFormCount(): number {
    return this.isBound ? this.#submitted.initial : (this.init.initial?.length ?? 0);
  }

  /** How many forms there are. */
  get totalFormCount(): number {
    if (this.isBound) return this.#submitted.total;
    const initial = this.initialFormCount;
    const wanted = Math.max(initial, this.minNum) + (this.settings.extra ?? 1);
    return Math.max(initial, Math.min(wanted, this.maxNum));
  }

  /** The forms that show what is there already. */
  get initialForms(): readonly T[] {
    return this.forms.slice(0, this.initialFormCount);
  }

  get extraForms(): readonly T[] {
    return this.forms.slice(this.initialFormCount);
  }

  /** A form for scripts to copy: its prefix holds `__prefix__` in place of the number. */
  get emptyForm(): T {
    const prefix = `${this.prefix}-__prefix__`;
    const options = { autoId: this.init.autoId, prefix, emptyPermitted: true, useRequiredAttribute: false };
    return this.#prepared(new this.#form({ ...options, ...this.#optionsOf(null) }), null);
  }

  #optionsOf(at: number | null): object | undefined {
    const { formOptions } = this.init;
    return typeof formOptions === "function" ? formOptions(at) : formOptions;
  }

  #makeForm(at: number): T {
    const { files, autoId, initial } = this.init;
    const form = new this.#form({
      ...(this.isBound ? { data: this.data, files } : {}),
      autoId,
      prefix: `${this.prefix}-${at}`,
      initial: initial?.[at],
      emptyPermitted: !this.isList && at >= this.initialFormCount && at >= this.minNum,
      useRequiredAttribute: false, // the browser cannot know which forms may stay empty
      ...this.#optionsOf(at),
    });
    return this.#prepared(form, at);
  }

  #prepared(form: T, at: number | null): T {
    addPlaceAndBox(form, this.settings, { at, isInitial: at !== null && at < this.initialFormCount });
    this.addFields(form, at);
    return form;
  }

  /** Adds to the fields of a form: a subclass's own. `at` is its place; null for the empty form. */
  protected addFields(_form: T, _at: number | null): void {}

  /** Whether a form's box `DELETE` is ticked. */
  isDeleted(form: T): boolean {
    return this.settings.canDelete === true && form.fields.has(deletion) && form.boundField(deletion).data === true;
  }

  /** The forms whose box is ticked. */
  get deletedForms(): readonly T[] {
    return this.forms.filter((form) => this.isDeleted(form));
  }

  /** The forms that stay and were filled in. */
  get filledForms(): readonly T[] {
    return this.forms.filter((form, at) => !this.isDeleted(form) && (at < this.initialFormCount || form.hasChanged()));
  }

  /** The forms that stay and were filled in, by the places that were asked for; those without one come last. @throws FORMS_NOT_VALIDATED */
  get orderedForms(): readonly T[] {
    const placed = this.#validated("orderedForms", () =>
      this.filledForms.map((form) => ({ form, place: (form.cleanedData as Record<string, number | null>)[order] ?? Infinity })),
    );
    return placed.toSorted((a, b) => (a.place === b.place ? 0 : a.place - b.place)).map(({ form }) => form);
  }

  /** Whether every form that stays is valid, and the whole set is. */
  async isValid(): Promise<boolean> {
    if (!this.isBound) return false;
    await (this.#validation ??= this.#validate());
    return (
      this.#refused!.length === 0 && this.forms.every((form) => this.isDeleted(form) || Object.keys(form.errors).length === 0)
    );
  }

  async #validate(): Promise<void> {
    for (const form of this.forms) await form.isValid();
    this.#formsAreValidated = true;
    const refused: ValidationError[] = [];
    try {
      this.#refuseCount();
      await this.validateForms();
      await this.clean();
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      refused.push(...error.errors);
    }
    this.#refused = errorList(refused, "nonform");
  }

  #refuseCount(): void {
    const { missing } = this.#submitted;
    const { errorMessages } = this.init;
    if (missing.length > 0) throw formsetRefusal("missing_management_form", { field_names: missing.join(", ") }, errorMessages);
    const staying = this.forms.filter((form) => !this.isDeleted(form));
    const { validateMax = false, validateMin = false } = this.settings;
    const claimed = this.isList ? 0 : claimedTotal(this.data, this.prefix);
    if ((validateMax && staying.length > this.maxNum) || claimed > this.absoluteMax)
      throw formsetRefusal("too_many_forms", { num: this.maxNum }, errorMessages);
    const empty = this.extraForms.filter((form) => !form.hasChanged() && !this.isDeleted(form));
    if (validateMin && staying.length - empty.length < this.minNum)
      throw formsetRefusal("too_few_forms", { num: this.minNum }, errorMessages);
  }

  /** What a kind of formset checks of its forms together, before `clean()`. @throws ValidationError */
  protected async validateForms(): Promise<void> {}

  /** Checks what concerns several forms; throws a ValidationError. */
  clean(): unknown {
    return undefined;
  }

  /** Whether anything was changed in any form. */
  hasChanged(): boolean {
    return this.forms.some((form) => form.hasChanged());
  }

  #validated<R>(used: string, read: () => R): R {
    if (this.isBound && !this.#formsAreValidated) throw formsErrors.FORMS_NOT_VALIDATED({ form: this.constructor.name, used });
    return read();
  }

  /** What was refused, form by form, in the order of `forms`; what a form that is deleted says does not count. @throws FORMS_NOT_VALIDATED */
  get errors(): readonly FormErrors[] {
    return this.#validated("errors", () => this.forms.map((form) => form.errors));
  }

  /** What refused the whole set: too many forms, too few. @throws FORMS_NOT_VALIDATED */
  get nonFormErrors(): ErrorList {
    return this.#validated("nonFormErrors", () => this.#refused ?? errorList([], "nonform"));
  }

  /** How many fields of the forms that stay were refused, and what refused the whole set. @throws FORMS_NOT_VALIDATED */
  get totalErrorCount(): number {
    const staying = this.forms.filter((form) => !this.isDeleted(form));
    return this.nonFormErrors.length + staying.reduce((sum, { errors }) => sum + Object.keys(errors).length, 0);
  }

  /** The clean values of the forms that stay and were filled in. @throws FORMS_NOT_VALIDATED */
  get cleanedData(): readonly T["cleanedData"][] {
    return this.#validated("cleanedData", () => this.filledForms.map((form) => form.cleanedData));
  }

  get isMultipart(): boolean {
    return (this.forms[0] ?? this.emptyForm).isMultipart;
  }

  get length(): number {
    return this.forms.length;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.forms[Symbol.iterator]();
  }

  /** The hidden inputs that count the forms; a page has to hold them. */
  get managementForm(): SafeString {
    const counts = { total: this.totalFormCount, initial: this.initialFormCount, min: this.minNum, max: this.maxNum };
    return managementInputs(this.prefix, counts, this.init.autoId);
  }

  /** The formset drawn by a template, which knows it as `formset`. */
  override render(templateName: string | undefined = this.init.templateName): Html {
    const renderer = this.init.renderer ?? formRenderer();
    return renderer.renderHtml(templateName ?? renderer.formsetTemplateName ?? "cortado/forms/formsets/div.html", {
      formset: this,
    });
  }

  /** What the forms' widgets need in the page. */
  get media(): Media {
    return (this.forms[0] ?? this.emptyForm).media;
  }
}
