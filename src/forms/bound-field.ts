import type { LazyText } from "#kernel/i18n";
import { SafeString } from "#templates";
import type { ErrorList } from "./error-list.ts";
import type { Field } from "./fields/field.ts";
import { labelFor } from "./form-data.ts";
import { formRenderer } from "./form-renderer.ts";
import { type Attributes, attributes, type Html, markup, whenReady } from "./html.ts";
import type { BaseForm } from "./base-form.ts";
import { wholeSeconds } from "./moments/local-time.ts";
import { MultiWidget } from "./widgets/multi-widgets.ts";
import type { Subwidget, Widget } from "./widgets/widget.ts";
import { textarea, textInput } from "./widgets/inputs.ts";

/** How a label is written. */
export interface LabelOptions {
  /** The text; the field's label by default. */
  contents?: string | LazyText | undefined;
  attrs?: Attributes | undefined;
  /** What follows the text; the field's or the form's by default. */
  labelSuffix?: string | LazyText | undefined;
  tag?: "label" | "legend" | undefined;
}

/** A field in a form: its value, its errors and its HTML. A template prints it as its widget, or goes through its parts. */
export class BoundField<T = any> implements Iterable<Subwidget> {
  readonly form: BaseForm;
  readonly field: Field<T>;
  /** The field's name in the form. */
  readonly name: string;
  /** The name that is sent, with the form's prefix. */
  readonly htmlName: string;
  #initial: { value: unknown } | undefined;
  #autoId: string | undefined;

  constructor(form: BaseForm, field: Field<T>, name: string) {
    this.form = form;
    this.field = field;
    this.name = name;
    this.htmlName = form.prefixed(name);
  }

  /** The text before the widget, in the language of what runs. */
  get label(): string {
    const { label } = this.field;
    return label === null || label === undefined ? labelFor(this.name) : shownText(label);
  }

  get helpText(): string {
    return shownText(this.field.helpText);
  }

  get required(): boolean {
    return this.field.required;
  }

  get widget(): Widget {
    return this.field.widget;
  }

  get isHidden(): boolean {
    return this.widget.isHidden;
  }

  /** Whether the widget is several elements, which a fieldset and its legend name together. */
  get useFieldset(): boolean {
    return this.widget.usesFieldset;
  }

  /** The kind of the field's widget, for templates: `text`, `select`, `clearable_file_input`. */
  get widgetType(): string {
    return /([^/]+?)(?:\.html)?$/.exec(this.widget.templateName)?.[1] ?? "";
  }

  /** The messages that refused the answer. @throws FORMS_NOT_VALIDATED */
  get errors(): ErrorList {
    return this.form.errorsOf(this.name);
  }

  private get isRefused(): boolean {
    return this.form.isValidated && this.errors.length > 0;
  }

  /** The id of the widget's element; empty when the form gives none. */
  get id(): string {
    const own = this.widget.attrs["id"];
    return typeof own === "string" ? own : this.autoId;
  }

  /** The id that the form makes of the field's name. */
  get autoId(): string {
    return (this.#autoId ??= idFor(this.form.autoId, this.htmlName));
  }

  /** What a label points to. */
  get idForLabel(): string {
    return this.id === "" ? "" : this.widget.idForLabel(this.id);
  }

  /** What the form showed before anything was submitted; a function that gives it is asked once. */
  get initial(): unknown {
    if (this.#initial !== undefined) return this.#initial.value;
    const value = this.form.initialOf(this.name);
    if (value instanceof Promise) return value; // rows that are still read
    const shown = this.widget.supportsMicroseconds ? value : wholeSeconds(value);
    this.#initial = { value: shown };
    return shown;
  }

  /** What was submitted, as the widget reads it. */
  get data(): unknown {
    return this.widget.valueFrom(this.form.data, this.form.files, this.htmlName);
  }

  /** What the widget shows; a promise where rows have to be read first. */
  get value(): unknown {
    const shown = this.form.isBound ? this.field.boundValue(this.data, this.initial) : this.initial;
    return shown instanceof Promise ? shown.then((value) => this.field.prepare(value)) : this.field.prepare(shown);
  }

  /** Whether what was submitted differs from what was shown. */
  hasChanged(): boolean {
    const { field } = this;
    if (!field.showHiddenInitial) return field.hasChanged(this.initial, this.data);
    const sent = field.hiddenWidget().valueFrom(this.form.data, this.form.files, this.htmlInitialName);
    return field.hasChanged(sent, this.data);
  }

  /** The name of the hidden input that keeps what was shown at first. */
  get htmlInitialName(): string {
    return `initial-${this.htmlName}`;
  }

  get htmlInitialId(): string {
    return this.autoId === "" ? "" : `initial-${this.autoId}`;
  }

  /** The widget as HTML; a promise when it offers rows. */
  asWidget(attrs: Attributes = {}, widget: Widget = this.widget): Html {
    this.prepareWidget(widget);
    const own = this.attributesFor(widget, attrs);
    return this.withValue((value) => widget.render(this.htmlName, value, own));
  }

  /** The field as a hidden input. */
  asHidden(attrs?: Attributes): Html {
    return this.asWidget(attrs, this.field.hiddenWidget());
  }

  /** The field as a text input. */
  asText(attrs?: Attributes): Html {
    return this.asWidget(attrs, textInput());
  }

  /** The field as a text area. */
  asTextarea(attrs?: Attributes): Html {
    return this.asWidget(attrs, textarea());
  }

  /** The hidden input that keeps what was shown at first. */
  private asHiddenInitial(): Html {
    const widget = this.field.hiddenWidget();
    const sent = this.form.isBound ? widget.valueFrom(this.form.data, this.form.files, this.htmlInitialName) : undefined;
    const id = this.htmlInitialId === "" ? {} : { id: this.htmlInitialId };
    widget.renderer ??= this.form.renderer;
    const draw = (value: unknown) => widget.render(this.htmlInitialName, value, id);
    return sent === undefined || sent === null ? this.withValue(draw) : draw(sent);
  }

  /** The field with its label, help and errors, as its template arranges them. */
  asFieldGroup(): Html {
    return this.render();
  }

  /** The field drawn by a template; by its own when none is named. */
  render(templateName: string | undefined = this.field.templateName): Html {
    const renderer = this.form.renderer ?? formRenderer();
    const name = templateName ?? renderer.fieldTemplateName ?? "cortado/forms/field.html";
    return renderer.renderHtml(name, { field: this });
  }

  toHtml(): Html {
    if (!this.field.showHiddenInitial) return this.asWidget();
    return whenReady([this.asWidget(), this.asHiddenInitial()], ([shown, hidden]) => markup`${shown}${hidden}`) as Html;
  }

  /** The parts of the widget: radio buttons, boxes, options; a promise where choices have to be read. */
  get subwidgets(): readonly Subwidget[] | Promise<readonly Subwidget[]> {
    const own = this.attributesFor(this.widget, {});
    const of = (value: unknown) => this.widget.subwidgets(this.htmlName, value, own);
    this.prepareWidget(this.widget);
    const { value } = this;
    return value instanceof Promise ? value.then(of) : of(value);
  }

  /** A template that goes through a field waits for its parts. */
  toList(): readonly Subwidget[] | Promise<readonly Subwidget[]> {
    return this.subwidgets;
  }

  /** The parts of a widget whose choices are there; `subwidgets` waits for those that have to be read. */
  [Symbol.iterator](): Iterator<Subwidget> {
    const parts = this.subwidgets;
    return (parts instanceof Promise ? [] : parts)[Symbol.iterator]();
  }

  /** Widgets are the form's own copies; those of several parts name them after the field. */
  private prepareWidget(widget: Widget): void {
    widget.renderer ??= this.form.renderer;
    if (widget.usesFieldset) widget.label = String(this.label);
  }

  private withValue(draw: (value: unknown) => Html): Html {
    const { value } = this;
    return value instanceof Promise ? value.then(draw) : draw(value);
  }

  private attributesFor(widget: Widget, given: Attributes): Attributes {
    const own: Record<string, Attributes[string]> = { ...given };
    if (this.requires(widget)) own["required"] = true;
    if (this.field.disabled) own["disabled"] = true;
    if (this.isRefused && !widget.isHidden) own["aria-invalid"] = "true";
    const described = given["aria-describedby"] ?? widget.attrs["aria-describedby"] ?? this.descriptionOf(widget);
    if (described !== undefined) own["aria-describedby"] = described;
    if (given["id"] === undefined && this.id !== "" && !widget.attrs["id"]) own["id"] = this.id;
    return own;
  }

  /** Whether the browser insists on a value. Where only some parts are required, each says so itself. */
  private requires(widget: Widget): boolean {
    if (!this.required || !this.form.useRequiredAttribute || !widget.usesRequired(this.initial)) return false;
    const parts = this.field.requiredParts;
    if (parts === undefined || !(widget instanceof MultiWidget)) return true;
    for (const [at, part] of widget.widgets.entries())
      part.attrs = { ...part.attrs, required: parts[at] === true && part.usesRequired(this.initial) };
    return false;
  }

  private descriptionOf(widget: Widget): string | undefined {
    return widget.usesFieldset || widget.isHidden ? undefined : this.ariaDescribedby;
  }

  /** The ids of what describes the widget, or the fieldset around it: its help, its errors. */
  get ariaDescribedby(): string | undefined {
    if (this.id === "") return undefined;
    const ids = [String(this.helpText) === "" ? "" : this.helpId, this.isRefused ? this.errorId : ""].filter((id) => id !== "");
    return ids.length === 0 ? undefined : ids.join(" ");
  }

  get helpId(): string {
    return this.id === "" ? "" : `${this.id}_helptext`;
  }

  get errorId(): string {
    return this.id === "" ? "" : `${this.id}_error`;
  }

  /** `<label for="id_name">Name:</label>` */
  labelTag({ contents = this.label, attrs = {}, labelSuffix, tag = "label" }: LabelOptions = {}): Html {
    const suffix = String(labelSuffix ?? this.field.labelSuffix ?? this.form.labelSuffix);
    const text = shownText(contents);
    const label = suffix !== "" && !/[:?.!]$/.test(String(text)) ? markup`${text}${suffix}` : text;
    const own: Record<string, Attributes[string]> = {};
    if (tag === "label" && this.idForLabel !== "") own["for"] = this.idForLabel;
    if (this.required && this.form.requiredCssClass !== "") own["class"] = this.form.requiredCssClass;
    const html = attributes(Object.assign(own, attrs));
    const context = { field: this, label, attributes: html, useTag: this.id !== "", tag };
    return (this.form.renderer ?? formRenderer()).renderHtml("cortado/forms/label.html", context);
  }

  /** `<legend>Size:</legend>` */
  legendTag(options: Omit<LabelOptions, "tag"> = {}): Html {
    return this.labelTag({ ...options, tag: "legend" });
  }

  /** The classes of the row around the field, from the form's `errorCssClass` and `requiredCssClass`. */
  cssClasses(extra = ""): string {
    const { errorCssClass, requiredCssClass } = this.form;
    if (extra === "" && errorCssClass === "" && requiredCssClass === "") return "";
    const classes = [
      ...extra.split(/\s+/),
      this.isRefused ? this.form.errorCssClass : "",
      this.required ? this.form.requiredCssClass : "",
    ];
    return [...new Set(classes.filter((name) => name !== ""))].join(" ");
  }
}

function idFor(autoId: string | boolean, name: string): string {
  if (typeof autoId === "string" && autoId.includes("%s")) return autoId.replace("%s", () => name);
  return autoId ? name : "";
}

/** A text as it is shown now: one that is HTML stays so. */
function shownText(text: string | LazyText): string {
  return (text as unknown) instanceof SafeString ? (text as string) : String(text);
}
