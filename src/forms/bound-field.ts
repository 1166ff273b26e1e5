import type { ErrorList } from "./error-list.ts";
import type { Field } from "./fields/field.ts";
import { labelFor } from "./form-data.ts";
import { type Attributes, attributes, type Html, markup } from "./html.ts";
import type { BaseForm } from "./form.ts";
import type { SafeString } from "#templates";
import type { Widget } from "./widgets/widget.ts";

/** A field in a form: its value, its errors and its HTML. A template prints it as its widget. */
export class BoundField<T = any> {
  readonly form: BaseForm;
  readonly field: Field<T>;
  /** The field's name in the form. */
  readonly name: string;
  /** The name that is sent, with the form's prefix. */
  readonly htmlName: string;

  constructor(form: BaseForm, field: Field<T>, name: string) {
    this.form = form;
    this.field = field;
    this.name = name;
    this.htmlName = form.prefixed(name);
  }

  get label(): string {
    return this.field.label ?? labelFor(this.name);
  }

  get helpText(): string {
    return this.field.helpText;
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

  /** The messages that refused the answer. @throws FORMS_NOT_VALIDATED */
  get errors(): ErrorList {
    return this.form.errorsOf(this.name);
  }

  /** The id of the widget's element; empty when the form gives none. */
  get id(): string {
    const own = this.widget.attrs["id"];
    if (typeof own === "string") return own;
    const { autoId } = this.form;
    if (typeof autoId === "string" && autoId.includes("%s")) return autoId.replace("%s", this.htmlName);
    return autoId ? this.htmlName : "";
  }

  /** What a label points to. */
  get idForLabel(): string {
    return this.id === "" ? "" : this.widget.idForLabel(this.id);
  }

  get initial(): unknown {
    return this.form.initialOf(this.name);
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

  /** The widget as HTML; a promise when it offers rows. */
  asWidget(attrs: Attributes = {}, widget: Widget = this.widget): Html {
    const own = this.attributesFor(widget, attrs);
    const { value } = this;
    if (value instanceof Promise) return value.then((ready) => widget.render(this.htmlName, ready, own));
    return widget.render(this.htmlName, value, own);
  }

  /** The field as a hidden input. */
  asHidden(attrs?: Attributes): Html {
    return this.asWidget(attrs, this.field.hiddenWidget());
  }

  toHtml(): Html {
    return this.asWidget();
  }

  private attributesFor(widget: Widget, given: Attributes): Attributes {
    const invalid = this.form.isValidated && this.errors.length > 0 && !widget.isHidden;
    const required = widget.usesRequired(this.initial) && this.required && this.form.useRequiredAttribute;
    const id = this.id === "" || widget.attrs["id"] ? {} : { id: this.id };
    return {
      ...given,
      required,
      disabled: this.field.disabled,
      "aria-invalid": invalid ? "true" : undefined,
      "aria-describedby": given["aria-describedby"] ?? widget.attrs["aria-describedby"] ?? this.describedBy(widget, invalid),
      ...id,
      ...(given["id"] === undefined ? {} : { id: given["id"] }),
    };
  }

  /** The help and the errors describe the widget; in a fieldset they describe the fieldset. */
  private describedBy(widget: Widget, invalid: boolean): string | undefined {
    if (widget.usesFieldset || widget.isHidden || this.id === "") return undefined;
    const ids = [this.helpText === "" ? "" : this.helpId, invalid ? this.errorId : ""].filter((id) => id !== "");
    return ids.length === 0 ? undefined : ids.join(" ");
  }

  get helpId(): string {
    return this.id === "" ? "" : `${this.id}_helptext`;
  }

  get errorId(): string {
    return this.id === "" ? "" : `${this.id}_error`;
  }

  /** `<label for="id_name">Name:</label>`; a legend for a group of elements. */
  labelTag(attrs: Attributes = {}, tag: "label" | "legend" = "label"): SafeString {
    const suffix = this.field.labelSuffix ?? this.form.labelSuffix;
    const text = suffix !== "" && !/[:?.!]$/.test(this.label) ? `${this.label}${suffix}` : this.label;
    if (this.id === "") return markup`${text}`;
    const own = tag === "label" && this.idForLabel !== "" ? { for: this.idForLabel } : {};
    return tag === "label"
      ? markup`<label${attributes({ ...own, ...attrs })}>${text}</label>`
      : markup`<legend${attributes(attrs)}>${text}</legend>`;
  }

  /** `<legend>Size:</legend>` */
  legendTag(attrs: Attributes = {}): SafeString {
    return this.labelTag(attrs, "legend");
  }

  /** The classes of the row around the field, from the form's `errorCssClass` and `requiredCssClass`. */
  get cssClasses(): string {
    const classes = [
      this.form.isValidated && this.errors.length > 0 ? this.form.errorCssClass : "",
      this.required ? this.form.requiredCssClass : "",
    ];
    return classes.filter((name) => name !== "").join(" ");
  }
}
