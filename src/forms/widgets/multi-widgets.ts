import { gettextLazy, type LazyText } from "#kernel/i18n";
import { Temporal } from "#validation";
import type { FormSource } from "../form-data.ts";
import type { Attributes } from "../html.ts";
import type { Media } from "../media/media.ts";
import { parseIsoMoment } from "../moments/iso-moment.ts";
import { toLocal } from "../moments/local-time.ts";
import { dateInput, timeInput } from "./inputs.ts";
import { Subwidget, Widget, type WidgetContext, type WidgetOptions } from "./widget.ts";

/** A widget, or the function that makes one. */
type Part = Widget | (() => Widget);

export interface MultiWidgetOptions extends WidgetOptions {
  /** The widgets in order; as an object, each with the ending of its name: `{ from: dateInput(), to: dateInput() }`. */
  widgets: readonly Part[] | Readonly<Record<string, Part>>;
  /** Splits a value into one for each widget. */
  decompress?: ((value: any) => readonly unknown[]) | undefined;
  /** What each part is called, for those who hear the page: `["From", "To"]`; its number by default. */
  labels?: readonly (string | LazyText)[] | undefined;
}

/** Several widgets for one value; their names end in `_0`, `_1`, … or in names of their own. */
export class MultiWidget extends Widget {
  widgets: readonly Widget[];
  /** What each widget's name ends in. */
  readonly endings: readonly string[];
  readonly decompress: (value: any) => readonly unknown[];
  private readonly labels: readonly (string | LazyText)[];

  constructor(options: MultiWidgetOptions, templateName = "cortado/forms/widgets/multiwidget.html") {
    super(options, templateName);
    const { widgets } = options;
    const named = Array.isArray(widgets) ? (widgets as readonly Part[]).map((part, at) => [String(at), part] as const) : Object.entries(widgets as Readonly<Record<string, Part>>); // prettier-ignore
    this.endings = named.map(([name]) => (name === "" ? "" : `_${name}`));
    this.widgets = named.map(([, part]) => (typeof part === "function" ? part() : part.copy()));
    this.decompress = options.decompress ?? (() => []);
    this.labels = options.labels ?? [];
  }

  override get isHidden(): boolean {
    return this.widgets.every((widget) => widget.isHidden);
  }

  override get media(): Media {
    return this.widgets.reduce((all, widget) => all.plus(widget.media), super.media);
  }

  override get needsMultipart(): boolean {
    return this.widgets.some((widget) => widget.needsMultipart);
  }

  override get usesFieldset(): boolean {
    return true;
  }

  override context(name: string, value: unknown, attrs: Attributes): WidgetContext | Promise<WidgetContext> {
    const values = Array.isArray(value) ? (value as unknown[]) : this.decompress(value);
    const own = { ...this.attrs, ...attrs };
    const parts = this.widgets.map((widget, at) => {
      const id = own["id"] ? { id: `${own["id"]}_${at}` } : {};
      if (this.isLocalized) widget.isLocalized = true;
      widget.renderer ??= this.renderer;
      const { id: _, ...inherited } = { ...nameOfPart(this, String(this.labels[at] ?? at + 1)), ...own, ...widget.attrs };
      return new PartWidget(widget, { name: `${name}${this.endings[at]!}`, value: values[at], attrs: { ...inherited, ...id } });
    });
    return { ...this.baseContext(name, undefined, own), subwidgets: parts };
  }

  override subwidgets(name: string, value: unknown, attrs: Attributes): readonly Subwidget[] | Promise<readonly Subwidget[]> {
    const parts = (context: WidgetContext) => context["subwidgets"] as readonly Subwidget[];
    const context = this.context(name, value, attrs);
    return context instanceof Promise ? context.then(parts) : parts(context);
  }

  override valueFrom(data: FormSource, files: FormSource, name: string): unknown {
    const whole = this.isSplit(data, files, name) ? undefined : data.given?.(name);
    if (whole !== undefined) return this.splitGiven(whole);
    return this.widgets.map((widget, at) => widget.valueFrom(data, files, `${name}${this.endings[at]!}`) ?? null);
  }

  /** Whether parts were sent; programs that send JSON give the value whole. */
  private isSplit(data: FormSource, files: FormSource, name: string): boolean {
    return !this.widgets.every((widget, at) => widget.isOmitted(data, files, `${name}${this.endings[at]!}`));
  }

  /** The parts of a value that was given whole: a list has them. */
  protected splitGiven(value: unknown): unknown {
    return value;
  }

  override isOmitted(data: FormSource, files: FormSource, name: string): boolean {
    return !this.isSplit(data, files, name) && !(data.given && data.has(name));
  }

  override idForLabel(_id: string): string {
    return "";
  }

  override copy(): this {
    return Object.assign(super.copy(), { widgets: this.widgets.map((widget) => widget.copy()) });
  }
}

/** What names one part of a widget, which no label points to. */
export function nameOfPart({ label, isHidden }: Widget, part: string): Attributes {
  return label === undefined || isHidden ? {} : { "aria-label": `${label} ${part}` };
}

/** A widget among several: drawn by itself, whatever it is. */
class PartWidget extends Subwidget {
  constructor(widget: Widget, { name, value, attrs }: { name: string; value: unknown; attrs: Attributes }) {
    const about = { name, value, attrs, attributes: "", isHidden: widget.isHidden, required: widget.isRequired };
    super({ ...about, templateName: widget.templateName }, () => widget.render(name, value, attrs));
  }
}

export interface SplitDateTimeOptions extends WidgetOptions {
  dateFormat?: string | undefined;
  timeFormat?: string | undefined;
  dateAttrs?: Attributes | undefined;
  timeAttrs?: Attributes | undefined;
}

/** A moment's day and time in the time zone of what runs. */
function splitMoment(value: unknown): readonly (Temporal.PlainDate | Temporal.PlainTime | null)[] {
  if (!(value instanceof Date) && !(value instanceof Temporal.PlainDateTime)) return [null, null];
  const local = toLocal(value);
  return [local.toPlainDate(), local.toPlainTime()];
}

class SplitDateTimeWidget extends MultiWidget {
  override readonly supportsMicroseconds = false;

  constructor(options: SplitDateTimeOptions = {}) {
    const widgets = [
      dateInput({ attrs: options.dateAttrs, format: options.dateFormat }),
      timeInput({ attrs: options.timeAttrs, format: options.timeFormat }),
    ];
    const labels = [gettextLazy("Date"), gettextLazy("Time")];
    super({ ...options, widgets, decompress: splitMoment, labels }, "cortado/forms/widgets/splitdatetime.html");
  }

  protected override splitGiven(value: unknown): unknown {
    const moment = typeof value === "string" ? parseIsoMoment(value) : undefined;
    return moment === undefined ? value : splitMoment(moment);
  }
}

class SplitHiddenDateTimeWidget extends MultiWidget {
  override readonly supportsMicroseconds = false;

  constructor(options: SplitDateTimeOptions = {}) {
    const type = "hidden";
    const widgets = [
      dateInput({ attrs: { ...options.dateAttrs, type }, format: options.dateFormat }),
      timeInput({ attrs: { ...options.timeAttrs, type }, format: options.timeFormat }),
    ];
    super({ ...options, widgets, decompress: splitMoment }, "cortado/forms/widgets/splithiddendatetime.html");
  }
}

/** Several widgets for one value: `multiWidget({ widgets: [textInput, textInput], decompress: (value) => value.split("-") })`. */
export const multiWidget = (options: MultiWidgetOptions): MultiWidget => new MultiWidget(options);
/** A date and a time in two inputs. */
export const splitDateTimeWidget = (options?: SplitDateTimeOptions): MultiWidget => new SplitDateTimeWidget(options);
/** A date and a time in two hidden inputs. */
export const splitHiddenDateTimeWidget = (options?: SplitDateTimeOptions): MultiWidget => new SplitHiddenDateTimeWidget(options);
