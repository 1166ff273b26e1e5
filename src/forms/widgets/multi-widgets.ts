import { Temporal } from "#validation";
import type { SafeString } from "#templates";
import { formatMoment, monthNames } from "../date-formats.ts";
import type { FormSource } from "../form-data.ts";
import { type Attributes, type Html, markup, whenReady } from "../html.ts";
import { SelectWidget } from "./choice-widgets.ts";
import { dateInput, hiddenInput, timeInput } from "./inputs.ts";
import { Widget, type WidgetOptions } from "./widget.ts";

export interface MultiWidgetOptions extends WidgetOptions {
  widgets: readonly Widget[];
  /** Splits a value into one for each widget. */
  decompress: (value: unknown) => readonly unknown[];
}

/** Several widgets for one value; their names end in `_0`, `_1`, … */
export class MultiWidget extends Widget {
  widgets: readonly Widget[];
  readonly decompress: (value: unknown) => readonly unknown[];

  constructor(options: MultiWidgetOptions) {
    super(options);
    this.widgets = options.widgets;
    this.decompress = options.decompress;
  }

  override get isHidden(): boolean {
    return this.widgets.every((widget) => widget.isHidden);
  }

  override get usesFieldset(): boolean {
    return true;
  }

  override render(name: string, value: unknown, attrs: Attributes = {}): Html {
    const values = Array.isArray(value) ? value : this.decompress(value);
    const own = { ...this.attrs, ...attrs };
    const parts = this.widgets.map((widget, at) => {
      const id = own["id"] ? { id: `${own["id"]}_${at}` } : {};
      return widget.render(`${name}_${at}`, values[at], { ...own, ...widget.attrs, ...id });
    });
    return whenReady(parts, (ready) => markup`${ready}`) as Html;
  }

  override valueFrom(data: FormSource, files: FormSource, name: string): unknown {
    return this.widgets.map((widget, at) => widget.valueFrom(data, files, `${name}_${at}`));
  }

  override isOmitted(data: FormSource, files: FormSource, name: string): boolean {
    return this.widgets.every((widget, at) => widget.isOmitted(data, files, `${name}_${at}`));
  }

  override idForLabel(): string {
    return "";
  }

  override copy(): this {
    return Object.assign(super.copy(), { widgets: this.widgets.map((widget) => widget.copy()) });
  }
}

export interface SplitDateTimeOptions extends WidgetOptions {
  dateFormat?: string | undefined;
  timeFormat?: string | undefined;
  dateAttrs?: Attributes | undefined;
  timeAttrs?: Attributes | undefined;
}

function splitMoment(value: unknown): readonly (Temporal.PlainDate | Temporal.PlainTime | undefined)[] {
  if (!(value instanceof Date)) return [undefined, undefined];
  const moment = Temporal.Instant.fromEpochMilliseconds(value.getTime()).toZonedDateTimeISO("UTC");
  return [moment.toPlainDate(), moment.toPlainTime()];
}

/** A date and a time in two inputs. */
export function splitDateTimeInput(options: SplitDateTimeOptions = {}): MultiWidget {
  const widgets = [
    dateInput({ attrs: options.dateAttrs, format: options.dateFormat }),
    timeInput({ attrs: options.timeAttrs, format: options.timeFormat }),
  ];
  return new MultiWidget({ attrs: options.attrs, widgets, decompress: splitMoment });
}

/** A date and a time in two hidden inputs. */
export function splitHiddenDateTimeInput(options: SplitDateTimeOptions = {}): MultiWidget {
  const widgets = [hiddenInput({ attrs: options.dateAttrs }), hiddenInput({ attrs: options.timeAttrs })];
  const formats = ["%Y-%m-%d", "%H:%M:%S"];
  const decompress = (value: unknown) => splitMoment(value).map((part, at) => part && formatMoment(part, formats[at]!));
  return new MultiWidget({ attrs: options.attrs, widgets, decompress });
}

export interface SelectDateOptions extends WidgetOptions {
  /** The years on offer; this one and the nine that follow by default. */
  years?: readonly (number | string)[] | undefined;
  /** The months on offer: `{ 1: "January" }`. */
  months?: Readonly<Record<number, string>> | undefined;
  /** The text of the empty choice: one for all, or for year, month and day. */
  emptyLabel?: string | readonly [string, string, string] | undefined;
}

type DatePart = "year" | "month" | "day";

/** Three selects: month, day and year. */
class SelectDateWidget extends Widget {
  private readonly options: SelectDateOptions;

  constructor(options: SelectDateOptions = {}) {
    super(options);
    this.options = options;
  }

  override render(name: string, value: unknown, attrs: Attributes = {}): Html {
    const parts = dateParts(value);
    const own = { ...this.attrs, ...attrs };
    const selects = (["month", "day", "year"] as const).map((part) => {
      const id = `${own["id"] ?? `id_${name}`}_${part}`;
      return this.selectFor(part).render(`${name}_${part}`, parts[part], { ...own, id }) as SafeString;
    });
    return markup`${selects}`;
  }

  private selectFor(part: DatePart): SelectWidget {
    const choices = this.choicesOf(part);
    return new SelectWidget({ choices: this.isRequired ? choices : [["", this.emptyLabel(part)], ...choices] });
  }

  private choicesOf(part: DatePart): (readonly [string, string])[] {
    if (part === "day") return Array.from({ length: 31 }, (_, at) => [String(at + 1), String(at + 1)]);
    if (part === "month") {
      const months = this.options.months;
      return months ? Object.entries(months) : monthNames.map((month, at) => [String(at + 1), month]);
    }
    const now = new Date().getUTCFullYear();
    const years = this.options.years ?? Array.from({ length: 10 }, (_, at) => now + at);
    return years.map((year) => [String(year), String(year)]);
  }

  private emptyLabel(part: DatePart): string {
    const label = this.options.emptyLabel ?? "---";
    return typeof label === "string" ? label : label[["year", "month", "day"].indexOf(part)]!;
  }

  override get usesFieldset(): boolean {
    return true;
  }

  override valueFrom(data: FormSource, _files: FormSource, name: string): unknown {
    const [year, month, day] = ["year", "month", "day"].map((part) => data.get(`${name}_${part}`));
    if (year === "" && month === "" && day === "") return undefined;
    if (typeof year !== "string" || typeof month !== "string" || typeof day !== "string") return data.get(name) ?? undefined;
    return `${year || 0}-${month || 0}-${day || 0}`;
  }

  override isOmitted(data: FormSource, _files: FormSource, name: string): boolean {
    return !["year", "month", "day"].some((part) => data.has(`${name}_${part}`));
  }

  override idForLabel(id: string): string {
    return id === "" ? "" : `${id}_month`;
  }
}

function dateParts(value: unknown): Partial<Record<DatePart, string>> {
  const text = value instanceof Temporal.PlainDate ? formatMoment(value, "%Y-%m-%d") : String(value ?? "");
  const match = /^(\d{1,4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  if (match === null) return {};
  const [year, month, day] = match.slice(1).map((part) => (Number(part) === 0 ? "" : String(Number(part))));
  return { year, month, day };
}

/** A date as three selects: month, day and year. */
export const selectDate = (options?: SelectDateOptions): Widget => new SelectDateWidget(options);
