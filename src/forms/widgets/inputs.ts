import type { FormSource } from "../form-data.ts";
import type { Attributes } from "../html.ts";
import { type MomentKind, inputFormatsOf } from "../moments/input-formats.ts";
import { isMoment } from "../moments/local-time.ts";
import { formatMoment } from "../moments/strptime.ts";
import { Subwidget, Widget, type WidgetContext, type WidgetOptions } from "./widget.ts";

const template = (name: string) => `cortado/forms/widgets/${name}.html`;

/** `<input>` of some type. */
export class InputWidget extends Widget {
  readonly type: string;

  constructor(type: string, options: WidgetOptions = {}, templateName = "text") {
    const { type: givenType, ...attrs } = options.attrs ?? {};
    super({ ...options, attrs }, template(templateName));
    this.type = typeof givenType === "string" ? givenType : type;
  }

  override get isHidden(): boolean {
    return this.type === "hidden";
  }

  override context(name: string, value: unknown, attrs: Attributes): WidgetContext | Promise<WidgetContext> {
    return Object.assign(this.baseContext(name, value, attrs), { type: this.type });
  }
}

/** Whether a widget is an `<input>` of a type, so that attributes for it make sense. */
export function isInput(widget: Widget, type: string): boolean {
  return widget instanceof InputWidget && widget.type === type;
}

/** Options of the widget for passwords. */
export interface PasswordWidgetOptions extends WidgetOptions {
  /** Whether a form that is shown again holds the password that was sent; false by default. */
  renderValue?: boolean | undefined;
}

class PasswordWidget extends InputWidget {
  readonly renderValue: boolean;

  constructor(options: PasswordWidgetOptions = {}) {
    super("password", options, "password");
    this.renderValue = options.renderValue ?? false;
  }

  override formatValue(value: unknown): unknown {
    return this.renderValue ? super.formatValue(value) : undefined;
  }
}

/** Options of the widgets for dates and times. */
export interface MomentWidgetOptions extends WidgetOptions {
  /** How a value is written: `%d.%m.%Y`. By default as the language writes it. */
  format?: string | undefined;
}

/** What a browser's own pickers read and send, in every language. */
const pickerFormats: Readonly<Record<string, string>> = {
  date: "%Y-%m-%d",
  time: "%H:%M:%S",
  "datetime-local": "%Y-%m-%dT%H:%M:%S",
  month: "%Y-%m",
};

class MomentWidget extends InputWidget {
  readonly kind: MomentKind;
  readonly pattern: string | undefined;
  override readonly supportsMicroseconds = false;

  constructor(kind: MomentKind, options: MomentWidgetOptions = {}) {
    super("text", options, kind.toLowerCase());
    this.kind = kind;
    this.pattern = options.format ?? pickerFormats[this.type];
  }

  /** An answer that was left empty is shown as that, as Django does. */
  override formatValue(value: unknown): unknown {
    if (value === "") return value;
    return isMoment(value) ? formatMoment(value, this.pattern ?? inputFormatsOf(this.kind)[0]!) : super.formatValue(value);
  }
}

class TextareaWidget extends Widget {
  constructor(options: WidgetOptions = {}) {
    super({ ...options, attrs: { cols: 40, rows: 10, ...options.attrs } }, template("textarea"));
  }

  override formatValue(value: unknown): unknown {
    return super.formatValue(value) ?? "";
  }
}

class CheckboxWidget extends InputWidget {
  constructor(options: WidgetOptions = {}) {
    super("checkbox", options, "checkbox");
  }

  override context(name: string, value: unknown, attrs: Attributes): WidgetContext | Promise<WidgetContext> {
    const checked = value !== false && value !== null && value !== undefined && value !== "";
    return super.context(name, value, { ...attrs, ...(checked ? { checked: true } : {}) });
  }

  /** What a box that is ticked sends; `on` where it says nothing else. */
  override formatValue(value: unknown): unknown {
    return typeof value === "boolean" ? undefined : super.formatValue(value);
  }

  override valueFrom(data: FormSource, _files: FormSource, name: string): boolean {
    const value = data.get(name);
    if (typeof value === "string") return value !== "" && value.toLowerCase() !== "false";
    return Boolean(value);
  }

  /** A box that is not ticked is not sent at all. */
  override isOmitted(): boolean {
    return false;
  }
}

class MultipleHiddenWidget extends InputWidget {
  constructor(options: WidgetOptions = {}) {
    super("hidden", options, "multiple_hidden");
  }

  override context(name: string, value: unknown, attrs: Attributes): WidgetContext {
    const own = { ...this.attrs, ...attrs };
    return { ...this.baseContext(name, undefined, own), type: this.type, subwidgets: this.inputs(name, value, own) };
  }

  private inputs(name: string, value: unknown, attrs: Attributes): Subwidget[] {
    return (Array.isArray(value) ? (value as unknown[]) : []).map((one, at) => {
      const id = attrs["id"] ? `${attrs["id"]}_${at}` : undefined;
      const input = hiddenInput();
      const own = { ...this.baseContext(name, one, { ...attrs, id }), type: this.type, templateName: input.templateName };
      return new Subwidget(own, (widget) => this.draw(widget));
    });
  }

  override valueFrom(data: FormSource, _files: FormSource, name: string): unknown {
    return data.has(name) ? (data.given?.(name) ?? data.getAll(name)) : undefined;
  }

  override idForLabel(): string {
    return "";
  }
}

/** `<input type="text">`; every widget takes `{ attrs }`. */
export const textInput = (options?: WidgetOptions): InputWidget => new InputWidget("text", options);
/** `<input type="number">` */
export const numberInput = (options?: WidgetOptions): InputWidget => new InputWidget("number", options, "number");
/** `<input type="email">` */
export const emailInput = (options?: WidgetOptions): InputWidget => new InputWidget("email", options, "email");
/** `<input type="url">` */
export const urlInput = (options?: WidgetOptions): InputWidget => new InputWidget("url", options, "url");
/** `<input type="tel">` */
export const telInput = (options?: WidgetOptions): InputWidget => new InputWidget("tel", options, "tel");
/** `<input type="search">` */
export const searchInput = (options?: WidgetOptions): InputWidget => new InputWidget("search", options, "search");
/** `<input type="color">` */
export const colorInput = (options?: WidgetOptions): InputWidget => new InputWidget("color", options, "color");
/** `<input type="hidden">` */
export const hiddenInput = (options?: WidgetOptions): InputWidget => new InputWidget("hidden", options, "hidden");
/** One hidden input for each of several values. */
export const multipleHiddenInput = (options?: WidgetOptions): InputWidget => new MultipleHiddenWidget(options);
/** `<input type="password">`, empty when the form is shown again unless `renderValue` is set. */
export const passwordInput = (options?: PasswordWidgetOptions): InputWidget => new PasswordWidget(options);
/** A text input for a date; `attrs: { type: "date" }` asks the browser for its calendar. */
export const dateInput = (options?: MomentWidgetOptions): InputWidget => new MomentWidget("date", options);
/** A text input for a moment, in the time zone of the request. */
export const dateTimeInput = (options?: MomentWidgetOptions): InputWidget => new MomentWidget("dateTime", options);
/** A text input for a time of day. */
export const timeInput = (options?: MomentWidgetOptions): InputWidget => new MomentWidget("time", options);
/** `<textarea>`, 40 columns by 10 rows unless `attrs` say otherwise. */
export const textarea = (options?: WidgetOptions): Widget => new TextareaWidget(options);
/** `<input type="checkbox">` */
export const checkboxInput = (options?: WidgetOptions): Widget => new CheckboxWidget(options);
