import type { FormSource } from "../form-data.ts";
import type { Attributes, Html } from "../html.ts";

export interface WidgetOptions {
  /** Attributes of the element: `{ class: "wide", placeholder: "Latte" }`. */
  attrs?: Attributes | undefined;
}

/**
 * Shows a field as HTML and reads what comes back. A widget knows nothing of what is valid.
 * A form copies its widgets, so that one form's changes are not another's.
 */
export abstract class Widget {
  attrs: Attributes;
  /** Set by the field. */
  isRequired = false;

  constructor(options: WidgetOptions = {}) {
    this.attrs = options.attrs ?? {};
  }

  /** The HTML of the widget for a value. */
  abstract render(name: string, value: unknown, attrs?: Attributes): Html;

  /** Whether nothing of it is shown. */
  get isHidden(): boolean {
    return false;
  }

  /** Whether the form has to be sent as `multipart/form-data`. */
  get needsMultipart(): boolean {
    return false;
  }

  /** Whether the widget is several elements, which a fieldset and its legend name together. */
  get usesFieldset(): boolean {
    return false;
  }

  /** The submitted value; undefined when there is none. */
  valueFrom(data: FormSource, _files: FormSource, name: string): unknown {
    return data.get(name) ?? undefined;
  }

  /** Whether the form was sent without the widget, so that the model's default applies. */
  isOmitted(data: FormSource, _files: FormSource, name: string): boolean {
    return !data.has(name);
  }

  /** The id that a label points to; empty when no single element is meant. */
  idForLabel(id: string): string {
    return id;
  }

  /** Whether the browser may insist on a value. */
  usesRequired(_initial: unknown): boolean {
    return !this.isHidden;
  }

  /** A copy that can be changed for one form. */
  copy(): this {
    const copy = Object.create(Object.getPrototypeOf(this)) as this;
    return Object.assign(copy, this, { attrs: { ...this.attrs } });
  }
}
