import { nonFieldErrors, type ValidationError } from "#validation";
import { escapeHtml, safe } from "#templates";
import { type FormRenderer, formRenderer } from "./form-renderer.ts";
import type { Html } from "./html.ts";

/** A refusal as JSON tells it. */
export interface ErrorData {
  message: string;
  code: string;
}

const nothing = safe("");

/** The messages of one field; a template prints them as a list. */
export class ErrorList extends Array<string> {
  /** The id of the list in the page, to which the widget points. */
  id: string | undefined;
  /** Classes besides `errorlist`. */
  className: string | undefined;
  /** The refusals themselves, with codes and parameters. */
  refusals: readonly ValidationError[] = [];
  renderer: FormRenderer | undefined;
  /** The template that draws the list; a subclass names its own. */
  get templateName(): string {
    return "cortado/forms/errors/list/ul.html";
  }

  static override get [Symbol.species](): ArrayConstructor {
    return Array; // map and filter give plain arrays
  }

  get codes(): string[] {
    return this.refusals.flatMap((refusal) => refusal.codes);
  }

  /** `<ul class="errorlist">`; nothing when there is no message. */
  toHtml(): Html {
    return this.length === 0 ? nothing : this.render(this.templateName);
  }

  /** The list drawn by a template. */
  render(templateName: string): Html {
    const errorClass = this.className === undefined ? "errorlist" : `errorlist ${this.className}`;
    const fieldId = this.id?.replace(/_error$/, "") ?? "";
    return (this.renderer ?? formRenderer()).renderHtml(templateName, { errors: [...this], errorClass, fieldId });
  }

  /** The list as `<ul>`, whatever its own template is. */
  asUl(): Html {
    return this.render("cortado/forms/errors/list/ul.html");
  }

  /** `* message`, a line each. */
  asText(): string {
    return this.map((message) => `* ${message}`).join("\n");
  }

  /** The messages with their codes; `escape` makes them HTML. */
  getJsonData(escape = false): ErrorData[] {
    const { codes } = this;
    return this.map((message, at) => ({ message: escape ? String(escapeHtml(message)) : message, code: codes[at] ?? "" }));
  }

  /** `getJsonData` as text. */
  asJson(escape = false): string {
    return JSON.stringify(this.getJsonData(escape));
  }

  /** `* message`, a line each. */
  override toString(): string {
    return this.asText();
  }
}

/** How an error list is made. */
interface ErrorListOptions {
  errorClass?: (new () => ErrorList) | undefined;
  id?: string | undefined;
  renderer?: FormRenderer | undefined;
}

/** The messages of refusals. */
export function errorList(
  refusals: readonly ValidationError[] = [],
  className?: string,
  { errorClass: Kind = ErrorList, id, renderer }: ErrorListOptions = {},
): ErrorList {
  const list = new Kind();
  for (const refusal of refusals) list.push(...refusal.messages);
  return Object.assign(list, { refusals, className, id, renderer });
}

/** What a form's refusals can do together. */
interface ErrorMethods {
  /** `<ul class="errorlist">` with a list for each field. */
  toHtml(): Html;
  asUl(): Html;
  /** `* field` and its messages, a line each. */
  asText(): string;
  /** `{ price: [{ message, code }] }`; `escape` makes the messages HTML. */
  getJsonData(escape?: boolean): Record<string, ErrorData[]>;
  /** `getJsonData` as text. */
  asJson(escape?: boolean): string;
}

/** What a form refused, by field; what belongs to no field stands under `__all__`. A template prints it as a list. */
export type FormErrors = Record<string, ErrorList> & ErrorMethods;

function lists(errors: Record<string, ErrorList>): [string, ErrorList][] {
  return Object.entries(errors);
}

function renderAll(this: FormErrors): Html {
  const { renderer } = lists(this)[0]?.[1] ?? {};
  const context = { errors: lists(this), errorClass: "errorlist" };
  return (renderer ?? formRenderer()).renderHtml("cortado/forms/errors/dict/ul.html", context);
}

const methods: ErrorMethods & ThisType<FormErrors> = {
  toHtml: renderAll,
  asUl: renderAll,
  asText() {
    return lists(this)
      .map(([field, list]) => `* ${field}\n${list.map((message) => `  * ${message}`).join("\n")}`)
      .join("\n");
  },
  getJsonData(escape = false) {
    return Object.fromEntries(lists(this).map(([field, list]) => [field, list.getJsonData(escape)]));
  },
  asJson(escape = false) {
    return JSON.stringify(this.getJsonData(escape));
  },
};

const descriptors = Object.fromEntries(
  Object.entries({ ...methods, toString: methods.asText }).map(([name, value]) => [name, { value }]),
);

/** The refusals of a form, none at first. Without any, `{% if form.errors %}` is false: it is a plain object for templates. */
export const FormErrors = class {
  constructor() {
    return Object.create(null, descriptors) as object;
  }
} as unknown as new () => FormErrors;

/** Where a form keeps what belongs to no field. */
export const formWide = nonFieldErrors;
