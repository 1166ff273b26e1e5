import { gettextLazy } from "#kernel/i18n";
import { choiceKey, choiceList, type ChoiceSource, flatChoices } from "../choices.ts";
import { ChoiceWidget, select, selectMultiple } from "../widgets/choice-widgets.ts";
import { multipleHiddenInput } from "../widgets/inputs.ts";
import type { Widget } from "../widgets/widget.ts";
import { type ErrorMessages, Field, type FieldOptions, isEmpty } from "./field.ts";
import { plainText } from "../plain-text.ts";

export interface ChoiceFieldOptions<V = unknown> extends FieldOptions {
  /** `{ KR: "Korea" }`, `[["KR", "Korea"]]`, groups, or a function that gives them. */
  choices?: ChoiceSource<V> | undefined;
}

const invalidChoice = gettextLazy("Select a valid choice. %(value)s is not one of the available choices.");
const invalidList = gettextLazy("Enter a list of values.");

/** One of several choices. */
export class ChoiceField<T = string> extends Field<T> {
  choices: ChoiceSource;

  constructor(options: ChoiceFieldOptions = {}, messages: ErrorMessages = {}) {
    super({ ...options, widget: options.widget ?? select }, { invalid_choice: invalidChoice, ...messages });
    this.choices = options.choices ?? [];
    this.offer();
  }

  /** Gives the choices to the widget. */
  protected offer(): void {
    if (this.widget instanceof ChoiceWidget) this.widget.choices = () => this.choices;
  }

  protected override read(raw: unknown): unknown {
    return isEmpty(raw) ? "" : plainText(raw);
  }

  override async clean(raw: unknown): Promise<T> {
    const value = this.read(raw);
    this.validate(value);
    await this.checkChosen(value);
    this.runValidators(value);
    return value as T;
  }

  /** Refuses what is not on offer. */
  protected async checkChosen(value: unknown): Promise<void> {
    if (isEmpty(value)) return;
    const keys = new Set(flatChoices(await choiceList(this.choices)).map(([own]) => choiceKey(own)));
    const wrong = (Array.isArray(value) ? value : [value]).find((one) => !keys.has(choiceKey(one)));
    if (wrong !== undefined) throw this.refusal("invalid_choice", { value: wrong });
  }

  override copy(): this {
    const copy = super.copy();
    copy.offer();
    return copy;
  }
}

export interface TypedChoiceFieldOptions<V> extends ChoiceFieldOptions {
  /** Turns the chosen text into a value. */
  coerce?: ((text: any) => V) | undefined;
  /** What no choice becomes; the empty text by default. */
  emptyValue?: unknown;
}

class TypedChoiceField<T> extends ChoiceField<T> {
  private readonly typed: TypedChoiceFieldOptions<unknown>;

  constructor(options: TypedChoiceFieldOptions<unknown> = {}) {
    super(options);
    this.typed = options;
  }

  override async clean(raw: unknown): Promise<T> {
    const value = await super.clean(raw);
    if (isEmpty(value)) return (this.typed.emptyValue === undefined ? "" : this.typed.emptyValue) as T;
    return coerceOne(this.typed, value, (params) => this.refusal("invalid_choice", params)) as T;
  }
}

function coerceOne(
  typed: TypedChoiceFieldOptions<unknown>,
  value: unknown,
  refusal: (params: { value: unknown }) => Error,
): unknown {
  if (typed.coerce === undefined) return value;
  try {
    const coerced = typed.coerce(value);
    if (!Number.isNaN(coerced)) return coerced; // what Number() makes of no number
  } catch {
    // what it throws is no more than a refusal
  }
  throw refusal({ value });
}

/** Several of several choices. */
export class MultipleChoiceField<T = string[]> extends ChoiceField<T> {
  constructor(options: ChoiceFieldOptions = {}) {
    super({ ...options, widget: options.widget ?? selectMultiple }, { invalid_list: invalidList });
  }

  override hiddenWidget(): Widget {
    return multipleHiddenInput();
  }

  protected override read(raw: unknown): unknown {
    if (isEmpty(raw)) return [];
    if (!Array.isArray(raw)) throw this.refusal("invalid_list");
    return raw.map(plainText);
  }

  override hasChanged(initial: unknown, submitted: unknown): boolean {
    if (this.disabled) return false;
    const keys = (value: unknown) => new Set((Array.isArray(value) ? value : []).map(choiceKey));
    return keys(initial).symmetricDifference(keys(submitted)).size > 0;
  }
}

class TypedMultipleChoiceField<T> extends MultipleChoiceField<T> {
  private readonly typed: TypedChoiceFieldOptions<unknown>;

  constructor(options: TypedChoiceFieldOptions<unknown> = {}) {
    super(options);
    this.typed = options;
  }

  override async clean(raw: unknown): Promise<T> {
    const values = (await super.clean(raw)) as unknown[];
    if (values.length === 0) return (this.typed.emptyValue === undefined ? [] : this.typed.emptyValue) as T;
    return values.map((value) => coerceOne(this.typed, value, (params) => this.refusal("invalid_choice", params))) as T;
  }
}

/** The values that a source offers, so that the clean value has their type; the empty text when nothing need be chosen. */
type Chosen<O> = O extends { readonly choices: Readonly<Record<infer K extends string, string>> }
  ? O extends { readonly choices: readonly unknown[] | ((...given: never) => unknown) }
    ? string
    : K | (O extends { readonly required: false } ? "" : never)
  : string;

/**
 * One of several choices.
 *
 * ```ts
 * choiceField({ choices: { KR: "Korea", ET: "Ethiopia" } }); // cleans to "KR" | "ET"
 * ```
 */
export function choiceField<const O extends ChoiceFieldOptions>(options?: O): Field<Chosen<O>> {
  return new ChoiceField<Chosen<O>>(options);
}

/** One of several choices, turned into a value: `typedChoiceField({ choices, coerce: Number })`. */
export function typedChoiceField<V = string>(options?: TypedChoiceFieldOptions<V>): Field<V | ""> {
  return new TypedChoiceField<V | "">(options);
}

/** Several of several choices. */
export function multipleChoiceField(options?: ChoiceFieldOptions): Field<string[]> {
  return new MultipleChoiceField(options);
}

/** Several of several choices, each turned into a value. */
export function typedMultipleChoiceField<V = string>(options?: TypedChoiceFieldOptions<V>): Field<V[]> {
  return new TypedMultipleChoiceField<V[]>(options);
}
