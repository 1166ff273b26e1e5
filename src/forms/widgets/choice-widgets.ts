import type { SafeString } from "#templates";
import { type Choice, type ChoiceGroup, choiceKey, type ChoiceList, choiceList, type ChoiceSource, isGroup } from "../choices.ts";
import type { FormSource } from "../form-data.ts";
import { type Attributes, attributes, type Html, markup, whenReady } from "../html.ts";
import { Widget, type WidgetOptions } from "./widget.ts";

export interface ChoiceWidgetOptions extends WidgetOptions {
  choices?: ChoiceSource | undefined;
}

/** What one choice needs to be drawn. */
interface ShownChoice {
  key: string;
  label: unknown;
  selected: boolean;
  index: string;
}

/** A widget that offers choices. Its field sets `choices`. */
export abstract class ChoiceWidget extends Widget {
  choices: ChoiceSource;
  abstract readonly multiple: boolean;

  constructor(options: ChoiceWidgetOptions = {}) {
    super(options);
    this.choices = options.choices ?? [];
  }

  protected abstract layOut(name: string, groups: readonly ShownGroup[], attrs: Attributes): SafeString;

  override render(name: string, value: unknown, attrs: Attributes = {}): Html {
    const own = { ...this.attrs, ...attrs };
    return whenReady([choiceList(this.choices)], ([list]) => this.layOut(name, this.shown(list!, value), own)) as Html;
  }

  private shown(list: ChoiceList, value: unknown): ShownGroup[] {
    const selected = new Set(this.selectedKeys(value));
    let found = false;
    const show = ([own, label]: Choice, index: string): ShownChoice => {
      const key = choiceKey(own);
      const isSelected = selected.has(key) && (this.multiple || !found);
      found ||= isSelected;
      return { key, label, selected: isSelected, index };
    };
    return list.map((entry, at) => ({
      heading: isGroup(entry) ? entry[0] : undefined,
      choices: isGroup(entry) ? entry[1].map((choice, inner) => show(choice, `${at}_${inner}`)) : [show(entry, String(at))],
    }));
  }

  /** The keys of what is chosen. */
  protected selectedKeys(value: unknown): string[] {
    if (Array.isArray(value)) return value.map(choiceKey);
    return (value === null || value === undefined) && this.multiple ? [] : [choiceKey(value)];
  }

  override valueFrom(data: FormSource, _files: FormSource, name: string): unknown {
    if (!this.multiple) return data.get(name) ?? undefined;
    return data.has(name) ? data.getAll(name) : undefined;
  }
}

interface ShownGroup {
  heading: string | undefined;
  choices: readonly ShownChoice[];
}

/** `<select>` */
export class SelectWidget extends ChoiceWidget {
  readonly multiple: boolean = false;
  /** Whether the first choice is an empty one, where the choices are rows that are not read yet. */
  startsEmpty = false;

  protected override layOut(name: string, groups: readonly ShownGroup[], attrs: Attributes): SafeString {
    return markup`<select${attributes({ name, ...attrs, multiple: this.multiple })}>${groups.map(optionGroup)}\n</select>`;
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

function optionGroup(group: ShownGroup): SafeString {
  const options = group.choices.map(
    (choice) => markup`\n  <option${attributes({ value: choice.key, selected: choice.selected })}>${choice.label}</option>`,
  );
  if (group.heading === undefined) return markup`${options}`;
  return markup`\n  <optgroup label="${group.heading}">${options}</optgroup>`;
}

class SelectMultipleWidget extends SelectWidget {
  override readonly multiple: boolean = true;

  /** Nothing chosen sends nothing. */
  override isOmitted(): boolean {
    return false;
  }
}

const nullBooleanChoices: ChoiceList = [
  ["unknown", "Unknown"],
  ["true", "Yes"],
  ["false", "No"],
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
  const text = String(value ?? "").toLowerCase();
  if (["true", "2"].includes(text)) return true;
  return ["false", "3"].includes(text) ? false : null;
}

/** Radio buttons or check boxes, each in its label. */
class BoxesWidget extends ChoiceWidget {
  readonly type: "radio" | "checkbox";
  readonly multiple: boolean;

  constructor(type: "radio" | "checkbox", options: ChoiceWidgetOptions = {}) {
    super(options);
    this.type = type;
    this.multiple = type === "checkbox";
  }

  override get usesFieldset(): boolean {
    return true;
  }

  protected override layOut(name: string, groups: readonly ShownGroup[], attrs: Attributes): SafeString {
    const { id, class: className } = attrs;
    const box = (choice: ShownChoice) => this.box(name, choice, attrs);
    const shown = groups.map((group) => {
      if (group.heading === undefined) return group.choices.map(box);
      return markup`<div><label>${group.heading}</label>${group.choices.map(box)}</div>`;
    });
    return markup`<div${attributes({ id, class: className })}>${shown}\n</div>`;
  }

  private box(name: string, choice: ShownChoice, attrs: Attributes): SafeString {
    const id = attrs["id"] ? `${attrs["id"]}_${choice.index}` : undefined;
    const own = { type: this.type, name, value: choice.key, ...attrs, id, checked: choice.selected };
    return markup`<div>\n    <label${attributes({ for: id })}><input${attributes(own)}>\n ${choice.label}</label>\n</div>`;
  }

  /** A browser would insist on every box, not on one of them. */
  override usesRequired(initial: unknown): boolean {
    return this.type === "radio" && super.usesRequired(initial);
  }

  override isOmitted(data: FormSource, files: FormSource, name: string): boolean {
    return this.type === "radio" && super.isOmitted(data, files, name);
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
