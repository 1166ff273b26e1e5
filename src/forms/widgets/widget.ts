import type { FormSource } from "../form-data.ts";
import { type FormRenderer, formRenderer } from "../form-renderer.ts";
import { type Attributes, attributes, type Html, presentAttributes } from "../html.ts";
import { localizedText } from "../localized-text.ts";
import { type Media, type MediaDefinition, mediaOf } from "../media/media.ts";

export interface WidgetOptions {
  /** Attributes of the element: `{ class: "wide", placeholder: "Latte" }`. */
  attrs?: Attributes | undefined;
  /** The template that draws the widget: `shop/star-rating.html`. */
  templateName?: string | undefined;
}

/** What a widget's template knows as `widget`. */
export interface WidgetContext {
  name: string;
  /** The text of the value; null for none. */
  value: unknown;
  attrs: Attributes;
  /** `attrs` as HTML. */
  attributes: unknown;
  isHidden: boolean;
  required: boolean;
  templateName: string;
  [more: string]: unknown;
}

/**
 * Shows a field as HTML and reads what comes back. A widget knows nothing of what is valid.
 * A form copies its widgets, so that one form's changes are not another's.
 */
export abstract class Widget {
  /** The style sheets and scripts that pages with this widget need. */
  static media: MediaDefinition | undefined;

  attrs: Attributes;
  templateName: string;
  /** Set by the field. */
  isRequired = false;
  /** Whether numbers are written as the language writes them; set by the field's `localize`. */
  isLocalized = false;
  /** Whether a moment keeps what is finer than a second. */
  readonly supportsMicroseconds: boolean = true;
  /** The text before the field, set by its form: it names parts that have no label of their own. */
  label: string | undefined;
  /** What draws the widget; what draws every form by default. */
  renderer: FormRenderer | undefined;

  constructor(options: WidgetOptions = {}, templateName = "cortado/forms/widgets/input.html") {
    this.attrs = options.attrs ?? {};
    this.templateName = options.templateName ?? templateName;
  }

  /** The HTML of the widget for a value. */
  render(name: string, value: unknown, attrs: Attributes = {}): Html {
    const context = this.context(name, value, attrs);
    if (context instanceof Promise) return context.then((widget) => this.draw(widget));
    return this.draw(context);
  }

  protected draw(widget: WidgetContext): Html {
    return (this.renderer ?? formRenderer()).renderHtml(widget.templateName, { widget });
  }

  /** What the template knows of the widget; a promise where choices have to be read. */
  context(name: string, value: unknown, attrs: Attributes): WidgetContext | Promise<WidgetContext> {
    return this.baseContext(name, value, attrs);
  }

  protected baseContext(name: string, value: unknown, attrs: Attributes): WidgetContext {
    const present = presentAttributes(this.attrs, attrs);
    return {
      name,
      value: this.formatValue(value) ?? null,
      attrs: present,
      attributes: attributes(present),
      isHidden: this.isHidden,
      required: this.isRequired,
      templateName: this.templateName,
    };
  }

  /** The value as the element carries it; undefined for none. */
  formatValue(value: unknown): unknown {
    if (value === null || value === undefined || value === "") return undefined;
    return localizedText(value, this.isLocalized);
  }

  /** The parts that a template may show one by one: `{% for radio in form.size %}`. */
  subwidgets(name: string, value: unknown, attrs: Attributes): readonly Subwidget[] | Promise<readonly Subwidget[]> {
    const context = this.context(name, value, attrs);
    const only = (widget: WidgetContext) => [new Subwidget(widget, (one) => this.draw(one))];
    return context instanceof Promise ? context.then(only) : only(context);
  }

  /** The style sheets and scripts that pages with this widget need: those of its class. */
  get media(): Media {
    return mediaOf(this.constructor as typeof Widget, Widget);
  }

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

/** One part of a widget, as a template shows it: a radio button with its label, an input of several. */
export class Subwidget {
  readonly widget: WidgetContext;
  readonly #draw: (widget: WidgetContext) => Html;

  constructor(widget: WidgetContext, draw: (widget: WidgetContext) => Html) {
    this.widget = widget;
    this.#draw = draw;
  }

  /** The part, a button or box inside its label. */
  toHtml(): Html {
    return this.#draw(this.widget);
  }

  /** The element alone, without its label. */
  tag(): Html {
    return this.#draw({ ...this.widget, wrapLabel: false });
  }

  get choiceLabel(): unknown {
    return this.widget["label"] ?? "";
  }

  get idForLabel(): string {
    const { id } = this.widget.attrs;
    return id === undefined || id === null ? "" : String(id);
  }

  /** What the template of the part knows. */
  get data(): WidgetContext {
    return this.widget;
  }
}
