import type { SafeString } from "#templates";
import { errorList, type ErrorList, type FormErrors } from "../error-list.ts";
import { formsErrors } from "../errors.ts";
import { booleanField } from "../fields/boolean-fields.ts";
import type { BaseForm, FormOptions, FormRequest } from "../form.ts";
import { formSource, type FormSource } from "../form-data.ts";
import { attributes, type Html, markup, whenReady } from "../html.ts";

/**
 * How it works
 *
 * A formset is several forms of one class in one page, each with a prefix: `form-0`, `form-1`, … Four
 * hidden inputs (the management form) say how many were shown; the count that comes back is never
 * trusted beyond `absoluteMax`. A form beyond the initial ones may stay empty. A form whose box
 * `DELETE` is ticked is not validated.
 */

export interface FormsetOptions {
  /** Empty forms after the initial ones; 1 by default. */
  extra?: number | undefined;
  /** Whether each form has a box that deletes it. */
  canDelete?: boolean | undefined;
  /** How many forms have to be filled in, and how many may be. */
  minNum?: number | undefined;
  maxNum?: number | undefined;
  /** How many forms are read at most, whatever was submitted; `maxNum` and 1,000 more by default. */
  absoluteMax?: number | undefined;
}

/** What a formset is made with. */
export interface FormsetInit<I = Readonly<Record<string, unknown>>> extends Pick<
  FormOptions,
  "data" | "files" | "prefix" | "autoId"
> {
  /** The initial values of each form. */
  initial?: readonly I[] | undefined;
}

type FormMaker<T> = new (options?: any) => T;

const defaultMax = 1000;
const deletion = "DELETE";

/** Several forms of one class in one page. */
export class BaseFormset<T extends BaseForm = BaseForm> implements Iterable<T> {
  readonly isBound: boolean;
  readonly prefix: string;
  readonly data: FormSource;
  readonly forms: readonly T[];
  protected readonly init: FormsetInit;
  protected readonly settings: FormsetOptions;
  readonly #form: FormMaker<T>;
  readonly #initialCount: number;
  #validation: Promise<boolean> | undefined;
  #refused: ErrorList | undefined;

  constructor(form: FormMaker<T>, settings: FormsetOptions, init: FormsetInit = {}) {
    this.#form = form;
    this.settings = settings;
    this.init = init;
    this.isBound = (init.data ?? init.files ?? null) !== null;
    this.prefix = init.prefix ?? "form";
    this.data = formSource(init.data ?? {});
    this.#initialCount = this.isBound ? this.#submittedCount("INITIAL_FORMS") : (init.initial?.length ?? 0);
    this.forms = Array.from({ length: this.#totalCount() }, (_, at) => this.#makeForm(at));
  }

  /** How many forms may be filled in. */
  get maxNum(): number {
    return this.settings.maxNum ?? defaultMax;
  }

  /** The forms that show what is there already. */
  get initialForms(): readonly T[] {
    return this.forms.slice(0, this.#initialCount);
  }

  get extraForms(): readonly T[] {
    return this.forms.slice(this.#initialCount);
  }

  /** A form for scripts to copy: its prefix holds `__prefix__` in place of the number. */
  get emptyForm(): T {
    return this.#prepared(
      new this.#form({ autoId: this.init.autoId, prefix: `${this.prefix}-__prefix__`, emptyPermitted: true }),
    );
  }

  #submittedCount(name: string): number {
    const count = Number(this.data.get(`${this.prefix}-${name}`));
    return Number.isSafeInteger(count) && count > 0 ? Math.min(count, this.#absoluteMax) : 0;
  }

  get #absoluteMax(): number {
    return this.settings.absoluteMax ?? this.maxNum + defaultMax;
  }

  /** Whether the management form came back as it was sent. */
  get #isManaged(): boolean {
    return ["TOTAL_FORMS", "INITIAL_FORMS"].every((name) =>
      /^\d{1,9}$/.test(String(this.data.get(`${this.prefix}-${name}`) ?? "")),
    );
  }

  #totalCount(): number {
    if (this.isBound) return this.#submittedCount("TOTAL_FORMS");
    const wanted = Math.max(this.#initialCount, this.settings.minNum ?? 0) + (this.settings.extra ?? 1);
    return Math.max(this.#initialCount, Math.min(wanted, this.maxNum));
  }

  #makeForm(at: number): T {
    const { data, files, autoId, initial } = this.init;
    const form = new this.#form({
      ...(this.isBound ? { data, files } : {}),
      autoId,
      prefix: `${this.prefix}-${at}`,
      initial: initial?.[at],
      emptyPermitted: at >= this.#initialCount && at >= (this.settings.minNum ?? 0),
      useRequiredAttribute: false, // the browser cannot know which forms may stay empty
    });
    return this.#prepared(form);
  }

  #prepared(form: T): T {
    if (this.settings.canDelete) form.fields.set(deletion, booleanField({ label: "Delete", required: false }));
    return form;
  }

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
    return this.forms.filter((form, at) => !this.isDeleted(form) && (at < this.#initialCount || form.hasChanged()));
  }

  /** Whether every form that stays is valid, and their number is. */
  isValid(): Promise<boolean> {
    this.#validation ??= this.isBound ? this.#validate() : Promise.resolve(false);
    return this.#validation;
  }

  async #validate(): Promise<boolean> {
    const answers: boolean[] = [];
    for (const form of this.forms) answers.push((await form.isValid()) || this.isDeleted(form));
    const messages = this.#countMessages();
    this.#refused = errorList([], "nonform");
    this.#refused.push(...messages);
    return messages.length === 0 && answers.every(Boolean);
  }

  #countMessages(): string[] {
    if (!this.#isManaged) return ["ManagementForm data is missing or has been tampered with."];
    const filled = this.filledForms.length;
    const { minNum = 0 } = this.settings;
    const forms = (count: number) => `${count} form${count === 1 ? "" : "s"}`;
    if (filled > this.maxNum) return [`Please submit at most ${forms(this.maxNum)}.`];
    return filled < minNum ? [`Please submit at least ${forms(minNum)}.`] : [];
  }

  #validated<R>(used: string, read: () => R): R {
    if (this.isBound && this.#refused === undefined) throw formsErrors.FORMS_NOT_VALIDATED({ form: this.constructor.name, used });
    return read();
  }

  /** What was refused, form by form; empty for a form that is deleted. @throws FORMS_NOT_VALIDATED */
  get errors(): readonly FormErrors[] {
    return this.#validated("errors", () => this.forms.filter((form) => !this.isDeleted(form)).map((form) => form.errors));
  }

  /** What refused the whole set: too many forms, too few. @throws FORMS_NOT_VALIDATED */
  get nonFormErrors(): ErrorList {
    return this.#validated("nonFormErrors", () => this.#refused ?? errorList([], "nonform"));
  }

  /** The clean values of the forms that stay and were filled in. @throws FORMS_NOT_VALIDATED */
  get cleanedData(): readonly T["cleanedData"][] {
    return this.#validated("cleanedData", () => this.filledForms.map((form) => form.cleanedData));
  }

  get isMultipart(): boolean {
    return this.emptyForm.isMultipart;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.forms[Symbol.iterator]();
  }

  /** The hidden inputs that count the forms; a page has to hold them. */
  get managementForm(): SafeString {
    const counts = {
      TOTAL_FORMS: this.forms.length,
      INITIAL_FORMS: this.#initialCount,
      MIN_NUM_FORMS: this.settings.minNum ?? 0,
      MAX_NUM_FORMS: this.maxNum,
    };
    const inputs = Object.entries(counts).map(([name, value]) => {
      const full = `${this.prefix}-${name}`;
      return markup`<input${attributes({ type: "hidden", name: full, value, id: this.init.autoId === false ? undefined : `id_${full}` })}>`;
    });
    return markup`${inputs}`;
  }

  get asP(): Html {
    return this.#layOut((form) => form.asP);
  }

  get asDiv(): Html {
    return this.#layOut((form) => form.asDiv);
  }

  get asTable(): Html {
    return this.#layOut((form) => form.asTable);
  }

  get asUl(): Html {
    return this.#layOut((form) => form.asUl);
  }

  toHtml(): Html {
    return this.asDiv;
  }

  #layOut(layOut: (form: T) => Html): Html {
    return whenReady(this.forms.map(layOut), (ready) => markup`${this.managementForm}${ready}`) as Html;
  }
}

/** What `formset()` makes. */
export interface FormsetClass<T extends BaseForm> {
  new (init?: FormsetInit): BaseFormset<T>;
  /** The formset of a request, as `Form.from`. */
  from(request: FormRequest, init?: FormsetInit): Promise<BaseFormset<T>>;
}

/**
 * Makes the class of several forms in one page.
 *
 * ```ts
 * const Guests = formset(GuestForm, { extra: 2, canDelete: true, maxNum: 10 });
 * const guests = await Guests.from(request);
 * if (await guests.isValid()) for (const { name } of guests.cleanedData) console.log(name);
 * ```
 */
export function formset<T extends BaseForm>(form: FormMaker<T>, options: FormsetOptions = {}): FormsetClass<T> {
  return class Formset extends BaseFormset<T> {
    constructor(init?: FormsetInit) {
      super(form, options, init);
    }

    static async from(request: FormRequest, init: FormsetInit = {}): Promise<BaseFormset<T>> {
      if (request.method === "GET" || request.method === "HEAD") return new Formset(init);
      const { data, files } = await request.form();
      return new Formset({ ...init, data, files });
    }
  };
}
