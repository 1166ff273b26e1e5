import { nonFieldErrors, type ValidationError } from "#validation";
import type { SafeString } from "#templates";
import { attributes, markup } from "./html.ts";

/** The messages of one field; a template prints them as a list. */
export class ErrorList extends Array<string> {
  /** The id of the list in the page, to which the widget points. */
  id: string | undefined;
  /** Classes besides `errorlist`. */
  className: string | undefined;
  /** The refusals themselves, with codes and parameters. */
  refusals: readonly ValidationError[] = [];

  static override get [Symbol.species](): ArrayConstructor {
    return Array; // map and filter give plain arrays
  }

  get codes(): string[] {
    return this.refusals.flatMap((refusal) => refusal.codes);
  }

  /** `<ul class="errorlist">`; nothing when there is no message. */
  toHtml(): SafeString {
    if (this.length === 0) return markup``;
    const classes = this.className === undefined ? "errorlist" : `errorlist ${this.className}`;
    return markup`<ul${attributes({ class: classes, id: this.id })}>${this.map((message) => markup`<li>${message}</li>`)}</ul>`;
  }

  /** `* message`, a line each. */
  override toString(): string {
    return this.map((message) => `* ${message}`).join("\n");
  }
}

/** The messages of refusals. */
export function errorList(refusals: readonly ValidationError[] = [], className?: string): ErrorList {
  const list = new ErrorList();
  for (const refusal of refusals) list.push(...refusal.messages);
  return Object.assign(list, { refusals, className });
}

/** What a form refused, by field; what belongs to no field stands under `__all__`. A template prints it as a list. */
export class FormErrors {
  [field: string]: ErrorList;

  static {
    Object.defineProperty(this.prototype, "toHtml", {
      value(this: FormErrors): SafeString {
        const lists = Object.entries(this).map(([field, list]) => markup`<li>${field}${list.toHtml()}</li>`);
        return lists.length === 0 ? markup`` : markup`<ul class="errorlist">${lists}</ul>`;
      },
    });
  }
}

/** Where a form keeps what belongs to no field. */
export const formWide = nonFieldErrors;
