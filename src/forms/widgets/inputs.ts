import { Temporal } from "#validation";
import { SafeString } from "#templates";
import { type Attributes, attributes, markup } from "../html.ts";
import { formatMoment } from "../date-formats.ts";
import type { FormSource } from "../form-data.ts";
import { Widget, type WidgetOptions } from "./widget.ts";

/** `<input>` of some type. */
export class InputWidget extends Widget {
  readonly type: string;

  constructor(type: string, options: WidgetOptions = {}) {
    const { type: givenType, ...attrs } = options.attrs ?? {};
    super({ attrs });
    this.type = typeof givenType === "string" ? givenType : type;
  }

  override get isHidden(): boolean {
    return this.type === "hidden";
  }

  /** The value as the element carries it; undefined leaves the attribute out. */
  format(value: unknown): string | SafeString | undefined {
    if (value === null || value === undefined || value === "") return undefined;
    return value instanceof SafeString ? value : String(value);
  }

  override render(name: string, value: unknown, attrs: Attributes = {}): SafeString {
    const own = { type: this.type, name, value: this.format(value) as string | undefined };
    return markup`<input${attributes({ ...own, ...this.attrs, ...attrs })}>`;
  }
}

/** Whether a widget is an `<input>` of a type, so that attributes for it make sense. */
export function isInput(widget: Widget, type: string): boolean {
  return widget instanceof InputWidget && widget.type === type;
}

class PasswordWidget extends InputWidget {
  readonly renderValue: boolean;

  constructor(options: WidgetOptions & { renderValue?: boolean | undefined } = {}) {
    super("password", options);
    this.renderValue = options.renderValue ?? false;
  }

  override format(value: unknown): string | SafeString | undefined {
    return this.renderValue ? super.format(value) : undefined;
  }
}

/** Options of the widgets for dates and times. */
export interface MomentWidgetOptions extends WidgetOptions {
  /** How a value is written: `%d.%m.%Y`. */
  format?: string | undefined;
}

class MomentWidget extends InputWidget {
  readonly pattern: string;

  constructor(defaultPattern: string, options: MomentWidgetOptions = {}) {
    super("text", options);
    this.pattern = options.format ?? defaultPattern;
  }

  override format(value: unknown): string | SafeString | undefined {
    return isMoment(value) ? formatMoment(value, this.pattern) : super.format(value);
  }
}

function isMoment(value: unknown): value is Date | Temporal.PlainDate | Temporal.PlainTime | Temporal.PlainDateTime {
  return (
    value instanceof Date ||
    value instanceof Temporal.PlainDate ||
    value instanceof Temporal.PlainTime ||
    value instanceof Temporal.PlainDateTime
  );
}

class TextareaWidget extends Widget {
  constructor(options: WidgetOptions = {}) {
    super({ attrs: { cols: 40, rows: 10, ...options.attrs } });
  }

  override render(name: string, value: unknown, attrs: Attributes = {}): SafeString {
    // A browser drops a line break right after the tag; ours comes first, so that none of the value's is lost.
    return markup`<textarea${attributes({ name, ...this.attrs, ...attrs })}>\n${value}</textarea>`;
  }
}

class CheckboxWidget extends Widget {
  override render(name: string, value: unknown, attrs: Attributes = {}): SafeString {
    const checked = value !== false && value !== null && value !== undefined && value !== "";
    const sent = checked && value !== true ? String(value) : undefined;
    return markup`<input${attributes({ type: "checkbox", name, value: sent, ...this.attrs, ...attrs, checked })}>`;
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
  override render(name: string, value: unknown, attrs: Attributes = {}): SafeString {
    const values = Array.isArray(value) ? value : [];
    const own = { ...this.attrs, ...attrs };
    const inputs = values.map((one, at) => {
      const id = own["id"] ? `${own["id"]}_${at}` : undefined;
      return markup`<input${attributes({ type: "hidden", name, value: String(one), ...own, id })}>`;
    });
    return markup`${inputs}`;
  }

  override valueFrom(data: FormSource, _files: FormSource, name: string): unknown {
    return data.has(name) ? data.getAll(name) : undefined;
  }

  override idForLabel(): string {
    return "";
  }
}

/** `<input type="text">`; every widget takes `{ attrs }`. */
export const textInput = (options?: WidgetOptions): InputWidget => new InputWidget("text", options);
/** `<input type="number">` */
export const numberInput = (options?: WidgetOptions): InputWidget => new InputWidget("number", options);
/** `<input type="email">` */
export const emailInput = (options?: WidgetOptions): InputWidget => new InputWidget("email", options);
/** `<input type="url">` */
export const urlInput = (options?: WidgetOptions): InputWidget => new InputWidget("url", options);
/** `<input type="tel">` */
export const telInput = (options?: WidgetOptions): InputWidget => new InputWidget("tel", options);
/** `<input type="search">` */
export const searchInput = (options?: WidgetOptions): InputWidget => new InputWidget("search", options);
/** `<input type="color">` */
export const colorInput = (options?: WidgetOptions): InputWidget => new InputWidget("color", options);
/** `<input type="hidden">` */
export const hiddenInput = (options?: WidgetOptions): InputWidget => new InputWidget("hidden", options);
/** One hidden input for each of several values. */
export const multipleHiddenInput = (options?: WidgetOptions): InputWidget => new MultipleHiddenWidget("hidden", options);
/** `<input type="password">`, empty when the form is shown again unless `renderValue` is set. */
export const passwordInput = (options?: WidgetOptions & { renderValue?: boolean }): InputWidget => new PasswordWidget(options);
/** A text input for a date; `attrs: { type: "date" }` asks the browser for its calendar. */
export const dateInput = (options?: MomentWidgetOptions): InputWidget => new MomentWidget("%Y-%m-%d", options);
/** A text input for a moment, in UTC. */
export const dateTimeInput = (options?: MomentWidgetOptions): InputWidget => new MomentWidget("%Y-%m-%d %H:%M:%S", options);
/** A text input for a time of day. */
export const timeInput = (options?: MomentWidgetOptions): InputWidget => new MomentWidget("%H:%M:%S", options);
/** `<textarea>`, 40 columns by 10 rows unless `attrs` say otherwise. */
export const textarea = (options?: WidgetOptions): Widget => new TextareaWidget(options);
/** `<input type="checkbox">` */
export const checkboxInput = (options?: WidgetOptions): Widget => new CheckboxWidget(options);
