import type { BaseForm } from "../base-form.ts";
import type { FormRequest } from "../submission.ts";
import { listSubmission } from "../submission.ts";
import { BaseFormset } from "./base-formset.ts";
import type { FormMaker, FormsetInit, FormsetOptions } from "./formset-options.ts";

/** What `formset()` makes. */
export interface FormsetClass<T extends BaseForm> {
  new (init?: FormsetInit): BaseFormset<T>;
  /** The formset of a request, as `Form.from`. */
  from<S extends BaseFormset<T>>(this: new (init?: FormsetInit) => S, request: FormRequest, init?: FormsetInit): Promise<S>;
}

/**
 * Makes the class of several forms in one page.
 *
 * ```ts
 * class Guests extends formset(GuestForm, { extra: 2, canDelete: true, maxNum: 10 }) {
 *   override clean() {
 *     if (new Set(this.cleanedData.map(({ name }) => name)).size < this.cleanedData.length) throw new ValidationError("Twice the same guest.");
 *   }
 * }
 * const guests = await Guests.from(request);
 * if (await guests.isValid()) for (const { name } of guests.cleanedData) console.log(name);
 * ```
 */
export function formset<T extends BaseForm>(form: FormMaker<T>, options: FormsetOptions = {}): FormsetClass<T> {
  return class Formset extends BaseFormset<T> {
    constructor(init?: FormsetInit) {
      super(form, options, init);
    }

    static async from<S extends BaseFormset<T>>(
      this: new (init?: FormsetInit) => S,
      request: FormRequest,
      init: FormsetInit = {},
    ): Promise<S> {
      return new this(await boundTo(request, init));
    }
  };
}

/** What a formset is made with, once it was read what the request sent. */
export async function boundTo<I extends FormsetInit>(request: FormRequest, init: I): Promise<I> {
  if (request.method === "GET" || request.method === "HEAD") return init;
  return { ...init, ...(await listSubmission(request)) };
}
