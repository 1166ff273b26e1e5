import { gettextLazy } from "#kernel/i18n";
import { type Choice, type ChoiceGroup, choiceKey, type ChoiceList, choiceList, type ChoiceSource, isGroup } from "../choices.ts";
import type { FormSource } from "../form-data.ts";
import { type Attributes, attributes, presentAttributes } from "../html.ts";
import { Subwidget, Widget, type WidgetContext, type WidgetOptions } from "./widget.ts";
import { plainText } from "../plain-text.ts";

export interface ChoiceWidgetOptions extends WidgetOptions {
  choices?: ChoiceSource | undefined;
}

/** A choice, as a template shows it. */
interface ShownChoice extends WidgetContext {
  value: string;
  label: unknown;
  selected: boolean;
  index: string;
  type: string;
}

/** Choices under a heading, or one without. */
type ShownGroup = readonly [heading: unknown, choices: readonly ShownChoice[], index: number];

/** A widget that offers choices. Its field sets `choices`. */
export abstract class ChoiceWidget extends Widget {
  choices: ChoiceSource;
  abstract readonly multiple: boolean;
  /** How an option says that it is chosen. */
  protected abstract readonly chosen: "selected" | "checked";
  protected abstract readonly optionTemplate: string;
  protected readonly inputType: string = "select";

  constructor(options: ChoiceWidgetOptions = {}, templateName = "cortado/forms/widgets/select.html") {
    super(options, templateName);
    this.choices = options.choices ?? [];
  }

  override context(name: string, value: unknown, attrs: Attributes): WidgetContext | Promise<WidgetContext> {
    const list = choiceList(this.choices);
    if (list instanceof Promise) return list.then((ready) => this.contextOf(ready, { name, value, attrs }));
    return this.contextOf(list, { name, value, attrs });
  }

  private contextOf(
    list: ChoiceList,
    { name, value, attrs }: { name: string; value: unknown; attrs: Attributes },
  ): WidgetContext {
    const own = { ...this.attrs, ...attrs, ...this.groupAttributes() };
    const optgroups = this.shown(list, { selected: new Set(this.selectedKeys(value)), name, attrs: { ...this.attrs, ...attrs } });
    return { ...this.baseContext(name, undefined, own), value: value ?? null, optgroups };
  }

  /** Attributes of the element around the options. */
  protected groupAttributes(): Attributes {
    return {};
  }

  private shown(list: ChoiceList, given: { selected: ReadonlySet<string>; name: string; attrs: Attributes }): ShownGroup[] {
    const { selected, name, attrs } = given;
    let found = false;
    const show = ([own, label]: Choice, index: string): ShownChoice => {
      const key = choiceKey(own);
      const isSelected = selected.has(key) && (this.multiple || !found);
      found ||= isSelected;
      const optionAttrs = { ...this.optionAttributes(attrs, index), ...(isSelected ? { [this.chosen]: true } : {}) };
      return this.option({ name, key, label, index, attrs: optionAttrs, selected: isSelected });
    };
    return list.map((entry, at): ShownGroup =>
      isGroup(entry)
        ? [entry[0], entry[1].map((choice, inner) => show(choice, `${at}_${inner}`)), at]
        : [null, [show(entry, String(at))], at],
    );
  }

  private option(
    shown: Pick<ShownChoice, "name" | "label" | "index" | "attrs" | "selected"> & { readonly key: string },
  ): ShownChoice {
    const { key, attrs, ...rest } = shown;
    const html = attributes(attrs);
    const of = { isHidden: false, required: this.isRequired, type: this.inputType, templateName: this.optionTemplate };
    return { ...rest, ...of, attrs: presentAttributes(attrs), value: key, attributes: html, wrapLabel: true };
  }

  /** The attributes of one option, from those of the widget. */
  protected optionAttributes(_attrs: Attributes, _index: string): Attributes {
    return {};
  }

  override subwidgets(name: string, value: unknown, attrs: Attributes): readonly Subwidget[] | Promise<readonly Subwidget[]> {
    const options = (context: WidgetContext) =>
      (context["optgroups"] as readonly ShownGroup[]).flatMap(([, choices]) =>
        choices.map((choice) => new Subwidget(choice, (one) => this.draw(one))),
      );
    const context = this.context(name, value, attrs);
    return context instanceof Promise ? context.then(options) : options(context);
  }

  /** The keys of what is chosen. */
  protected selectedKeys(value: unknown): string[] {
    if (Array.isArray(value)) return value.map(choiceKey);
    return (value === null || value === undefined) && this.multiple ? [] : [choiceKey(value)];
  }

  override valueFrom(data: FormSource, _files: FormSource, name: string): unknown {
    if (!this.multiple) return data.get(name) ?? undefined;
    return data.has(name) ? (data.given?.(name) ?? data.getAll(name)) : undefined;
  }
}

/** `<select>` */
export class SelectWidget extends ChoiceWidget {
  readonly multiple: boolean = false;
  /** Whether the first choice is an empty one, where the choices are rows that are not read yet. */
  startsEmpty = false;
  protected override readonly chosen = "selected";
  protected override readonly optionTemplate = "cortado/forms/widgets/select_option.html";

  protected override groupAttributes(): Attributes {
    return this.multiple ? { multiple: true } : {};
  }

  /** A select insists on a value only where its first choice is an empty one; else the browser could not tell. */
  override usesRequired(initial: unknown): boolean {
    if (!super.usesRequired(initial) || this.multiple) return super.usesRequired(initial);
    return this.firstIsEmpty();
  }

  protected firstIsEmpty(): boolean {
    const list = choiceList(this.choices);
    if (list instanceof Promise) return this.startsEmpty;
    const first: Choice | ChoiceGroup | undefined = list[0];
    return first !== undefined && !isGroup(first) && choiceKey(first[0]) === "";
  }
}

class SelectMultipleWidget extends SelectWidget {
  override readonly multiple: boolean = true;

  /** Nothing chosen sends nothing. */
  override isOmitted(): boolean {
    return false;
  }
}

const nullBooleanChoices: ChoiceList = [
  ["unknown", gettextLazy("Unknown")],
  ["true", gettextLazy("Yes")],
  ["false", gettextLazy("No")],
];

class NullBooleanSelectWidget extends SelectWidget {
  constructor(options: WidgetOptions = {}) {
    super({ ...options, choices: nullBooleanChoices });
  }

  protected override selectedKeys(value: unknown): string[] {
    return [readNullBoolean(value) === null ? "unknown" : String(readNullBoolean(value))];
  }

  override valueFrom(data: FormSource, _files: FormSource, name: string): boolean | null {
    return readNullBoolean(data.get(name));
  }
}

/** Reads yes, no or unknown; `2` and `3` are what older forms send for yes and no. */
function readNullBoolean(value: unknown): boolean | null {
  if (value === true || value === false) return value;
  const text = plainText(value ?? "").toLowerCase();
  if (["true", "2"].includes(text)) return true;
  return ["false", "3"].includes(text) ? false : null;
}

/** Radio buttons or check boxes, each in its label. */
class BoxesWidget extends ChoiceWidget {
  readonly multiple: boolean;
  protected override readonly chosen = "checked";
  protected override readonly optionTemplate: string;
  protected override readonly inputType: "radio" | "checkbox";

  constructor(type: "radio" | "checkbox", options: ChoiceWidgetOptions = {}) {
    super(options, `cortado/forms/widgets/${type === "radio" ? "radio" : "checkbox_select"}.html`);
    this.inputType = type;
    this.multiple = type === "checkbox";
    this.optionTemplate = `cortado/forms/widgets/${type}_option.html`;
  }

  override get usesFieldset(): boolean {
    return true;
  }

  /** Every box has the widget's attributes, and an id of its own. */
  protected override optionAttributes(attrs: Attributes, index: string): Attributes {
    const { id } = attrs;
    return id === undefined || id === null || id === "" ? { ...attrs, id: undefined } : { ...attrs, id: `${id}_${index}` };
  }

  /** A browser would insist on every box, not on one of them. */
  override usesRequired(initial: unknown): boolean {
    return this.inputType === "radio" && super.usesRequired(initial);
  }

  override isOmitted(data: FormSource, files: FormSource, name: string): boolean {
    return this.inputType === "radio" && super.isOmitted(data, files, name);
  }

  /** The group has no single element; its legend names it. */
  override idForLabel(): string {
    return "";
  }
}

/** `<select>`; its field gives the choices. */
export const select = (options?: ChoiceWidgetOptions): SelectWidget => new SelectWidget(options);
/** `<select multiple>` */
export const selectMultiple = (options?: ChoiceWidgetOptions): SelectWidget => new SelectMultipleWidget(options);
/** Unknown, yes, no. */
export const nullBooleanSelect = (options?: WidgetOptions): SelectWidget => new NullBooleanSelectWidget(options);
/** One radio button for each choice. */
export const radioSelect = (options?: ChoiceWidgetOptions): ChoiceWidget => new BoxesWidget("radio", options);
/** One check box for each choice. */
export const checkboxSelectMultiple = (options?: ChoiceWidgetOptions): ChoiceWidget => new BoxesWidget("checkbox", options);
