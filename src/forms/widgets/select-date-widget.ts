import { formatsOf, gettextLazy, type LazyText, monthName } from "#kernel/i18n";
import { Temporal } from "#validation";
import { formsErrors } from "../errors.ts";
import type { FormSource } from "../form-data.ts";
import type { Attributes } from "../html.ts";
import { inputFormatsOf } from "../moments/input-formats.ts";
import { isMoment, toLocal } from "../moments/local-time.ts";
import { formatMoment, parseMoment } from "../moments/strptime.ts";
import { select } from "./choice-widgets.ts";
import { nameOfPart } from "./multi-widgets.ts";
import { Subwidget, Widget, type WidgetContext, type WidgetOptions } from "./widget.ts";
import { plainText } from "../plain-text.ts";

/** A text that may be translated when it is shown. */
type Text = string | LazyText;

export interface SelectDateOptions extends WidgetOptions {
  /** The years on offer; this one and the nine that follow by default. */
  years?: readonly (number | string)[] | undefined;
  /** The months on offer: `{ 1: "January" }`. */
  months?: Readonly<Record<number, Text>> | undefined;
  /** The text of the empty choice: one for all, or for year, month and day. */
  emptyLabel?: Text | readonly [Text, Text, Text] | undefined;
}

type DatePart = "year" | "month" | "day";

const parts = ["year", "month", "day"] as const;
const partNames: Readonly<Record<DatePart, LazyText>> = {
  year: gettextLazy("Year"),
  month: gettextLazy("Month"),
  day: gettextLazy("Day"),
};
/** The characters of a date's format that stand for each part. */
const partOf: Readonly<Record<string, DatePart>> = Object.fromEntries(
  Object.entries({ day: "dj", month: "bEFMmNn", year: "yYo" }).flatMap(([part, characters]) =>
    [...characters].map((character) => [character, part as DatePart]),
  ),
);

/** Three selects for day, month and year, in the order in which the language writes them. */
class SelectDateWidget extends Widget {
  private readonly options: SelectDateOptions;
  override readonly supportsMicroseconds = false;

  constructor(options: SelectDateOptions = {}) {
    super(options, "cortado/forms/widgets/select_date.html");
    this.options = options;
    if (Array.isArray(options.emptyLabel) && options.emptyLabel.length !== 3) throw formsErrors.FORMS_EMPTY_LABEL({ given: options.emptyLabel.length }); // prettier-ignore
  }

  override context(name: string, value: unknown, attrs: Attributes): WidgetContext {
    const shown = dateParts(value);
    const own = { ...this.attrs, ...attrs };
    const subwidgets = orderOfParts().map((part) => {
      const widget = this.selectFor(part);
      const all = {
        ...nameOfPart(this, String(partNames[part])),
        ...own,
        id: own["id"] ? `${own["id"]}_${part}` : `id_${name}_${part}`,
      };
      const about = { name: `${name}_${part}`, value: shown[part] ?? null, attrs: all, attributes: "" };
      return new Subwidget({ ...about, isHidden: false, required: this.isRequired, templateName: widget.templateName }, () =>
        widget.render(about.name, shown[part], all),
      );
    });
    return { ...this.baseContext(name, undefined, own), subwidgets };
  }

  override subwidgets(name: string, value: unknown, attrs: Attributes): readonly Subwidget[] {
    return this.context(name, value, attrs)["subwidgets"] as readonly Subwidget[];
  }

  private selectFor(part: DatePart): Widget {
    const choices = this.choicesOf(part);
    const widget = select({ choices: this.isRequired ? choices : [["", this.emptyLabel(part)], ...choices] });
    widget.renderer = this.renderer;
    return widget;
  }

  private choicesOf(part: DatePart): (readonly [string, Text])[] {
    if (part === "day") return Array.from({ length: 31 }, (_, at) => [String(at + 1), String(at + 1)]);
    if (part === "month") {
      const { months } = this.options;
      return months ? Object.entries(months) : Array.from({ length: 12 }, (_, at) => [String(at + 1), monthName(at + 1)]);
    }
    const now = toLocal(new Date()).year;
    const years = this.options.years ?? Array.from({ length: 10 }, (_, at) => now + at);
    return years.map((year) => [String(year), String(year)]);
  }

  private emptyLabel(part: DatePart): Text {
    const { emptyLabel } = this.options;
    if (emptyLabel === undefined) return "---";
    return Array.isArray(emptyLabel) ? (emptyLabel as readonly Text[])[parts.indexOf(part)]! : (emptyLabel as Text);
  }

  override get usesFieldset(): boolean {
    return true;
  }

  /** The date as the language writes it; as it was chosen where there is no such day. */
  override valueFrom(data: FormSource, _files: FormSource, name: string): unknown {
    const [year, month, day] = parts.map((part) => (data.get(`${name}_${part}`) ?? undefined) as string | undefined);
    if (year === "" && month === "" && day === "") return undefined;
    if (year === undefined || month === undefined || day === undefined) return data.get(name) ?? undefined;
    const texts = [year, month, day].map((part) => String(part || 0)) as [string, string, string];
    if (texts.some((text) => /^\d{10,}$/.test(text))) return "0-0-0"; // no calendar goes so far
    const date = dateOf(texts);
    return date === undefined ? texts.join("-") : formatMoment(date, inputFormatsOf("date")[0]!);
  }

  override isOmitted(data: FormSource, _files: FormSource, name: string): boolean {
    return !parts.some((part) => data.has(`${name}_${part}`));
  }

  override idForLabel(id: string): string {
    return id === "" ? "" : `${id}_${orderOfParts()[0]!}`;
  }
}

function dateOf(texts: readonly [string, string, string]): Temporal.PlainDate | undefined {
  if (!texts.every((text) => /^\s*\d{1,4}\s*$/.test(text)) || Number(texts[0]) === 0) return undefined;
  const [year, month, day] = texts.map(Number) as [number, number, number];
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: "reject" });
  } catch {
    return undefined;
  }
}

/** Day, month and year as the language orders them. */
function orderOfParts(): DatePart[] {
  const written = formatsOf().dateFormat.replace(/\\./g, "");
  const found = new Set([...written].flatMap((character) => partOf[character] ?? []));
  return [...new Set([...found, ...parts])];
}

function dateParts(value: unknown): Partial<Record<DatePart, string>> {
  if (isMoment(value)) return partsOfDate(toLocal(value));
  const text = plainText(value ?? "");
  const match = /^(\d{4}|0)-(\d\d?)-(\d\d?)$/.exec(text);
  if (match !== null) {
    const [year, month, day] = match.slice(1).map((part) => (Number(part) === 0 ? "" : String(Number(part))));
    return { year, month, day };
  }
  const moment = parseMoment(text, inputFormatsOf("date").slice(0, 1));
  return moment === undefined ? {} : partsOfDate(moment);
}

function partsOfDate({ year, month, day }: Temporal.PlainDateTime): Record<DatePart, string> {
  return { year: String(year), month: String(month), day: String(day) };
}

/** A date as three selects: month, day and year, in the order of the language. */
export const selectDateWidget = (options?: SelectDateOptions): Widget => new SelectDateWidget(options);
