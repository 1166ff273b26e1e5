import { gettext, ngettext } from "#kernel/i18n";
import { maxLengthValidator, minLengthValidator, ValidationError } from "#validation";
import { MultiWidget } from "../widgets/multi-widgets.ts";
import { Field, type FieldOptions, isEmpty, sameValue } from "./field.ts";
import { plainText } from "../plain-text.ts";

export interface ListFieldOptions extends FieldOptions {
  /** Reads and refuses each item. */
  base: Field<any>;
  /** What stands between two items; a comma by default. */
  delimiter?: string | undefined;
  minLength?: number | undefined;
  maxLength?: number | undefined;
}

/** Cleans each item, and tells which was refused. */
async function cleanItems(base: Field<any>, items: readonly unknown[]): Promise<unknown[]> {
  const values: unknown[] = [];
  const refused: ValidationError[] = [];
  for (const [at, item] of items.entries()) {
    try {
      values.push(await base.clean(item));
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      refused.push(...error.messages.map((problem) => itemRefusal(at, problem)));
    }
  }
  if (refused.length > 0) throw new ValidationError(refused);
  return values;
}

function itemRefusal(at: number, problem: string): ValidationError {
  return new ValidationError(gettext("Item %(nth)s in the array did not validate: %(problem)s"), {
    code: "item_invalid",
    params: { nth: at + 1, problem },
  });
}

const atLeast = (limit: unknown) =>
  ngettext(
    "Ensure this list has at least %(limit_value)d item.",
    "Ensure this list has at least %(limit_value)d items.",
    Number(limit),
  );
const atMost = (limit: unknown) =>
  ngettext(
    "Ensure this list has at most %(limit_value)d item.",
    "Ensure this list has at most %(limit_value)d items.",
    Number(limit),
  );

class ListField<T> extends Field<T> {
  private readonly base: Field<any>;
  private readonly delimiter: string;

  constructor({ base, delimiter = ",", minLength, maxLength, ...options }: ListFieldOptions) {
    super({
      ...options,
      validators: [
        ...(minLength === undefined ? [] : [minLengthValidator(minLength, { message: atLeast })]),
        ...(maxLength === undefined ? [] : [maxLengthValidator(maxLength, { message: atMost })]),
        ...(options.validators ?? []),
      ],
    });
    this.base = base;
    this.delimiter = delimiter;
  }

  protected override read(raw: unknown): unknown[] {
    if (isEmpty(raw)) return [];
    if (Array.isArray(raw)) return raw.map((item) => this.textOf(item));
    return plainText(raw)
      .split(this.delimiter)
      .map((item) => item.trim());
  }

  override async clean(raw: unknown): Promise<T> {
    const items = this.read(raw);
    this.validate(items);
    const values = await cleanItems(this.base, items);
    this.runValidators(values);
    return values as T;
  }

  override prepare(value: unknown): unknown {
    return Array.isArray(value) ? value.map((item) => this.textOf(item)).join(this.delimiter) : value;
  }

  private textOf(item: unknown): string {
    const shown = this.base.prepare(item);
    if (shown === null || shown === undefined) return "";
    return shown instanceof Date ? shown.toISOString() : plainText(shown);
  }
}

/** A list in one line: `"hot, sweet"`. `simpleArrayField({ base: integerField(), maxLength: 5 })` */
export function simpleArrayField<T = unknown>(options: Omit<ListFieldOptions, "base"> & { base: Field<T> }): Field<T[]> {
  return new ListField<T[]>(options);
}

export interface SplitArrayOptions extends FieldOptions {
  base: Field<any>;
  /** How many inputs there are. */
  size: number;
  /** Empty inputs at the end are no items. */
  removeTrailingNulls?: boolean | undefined;
}

class SplitArrayField<T> extends Field<T> {
  private readonly base: Field<any>;
  private readonly size: number;
  private readonly removeTrailingNulls: boolean;

  constructor({ base, size, removeTrailingNulls = false, ...options }: SplitArrayOptions) {
    const inputs = () =>
      new MultiWidget({
        widgets: Array.from({ length: size }, () => base.widget),
        decompress: (value) => (Array.isArray(value) ? (value as unknown[]) : []),
      });
    super({ ...options, widget: options.widget ?? inputs });
    this.base = base;
    this.size = size;
    this.removeTrailingNulls = removeTrailingNulls;
  }

  protected override read(raw: unknown): unknown[] {
    const given = Array.isArray(raw) ? (raw as unknown[]) : [];
    const items = Array.from({ length: this.size }, (_, at) => given[at]);
    const last = items.findLastIndex((item) => !isEmpty(item));
    return this.removeTrailingNulls ? items.slice(0, last + 1) : items;
  }

  override async clean(raw: unknown): Promise<T> {
    const items = this.read(raw);
    if (this.required && items.every((item) => isEmpty(item))) throw this.refusal("required");
    const values = await cleanItems(this.base, items);
    this.runValidators(values);
    return values as T;
  }

  override hasChanged(initial: unknown, submitted: unknown): boolean {
    if (this.disabled) return false;
    const [before, after] = [this.read(initial), this.read(submitted)];
    return before.length !== after.length || before.some((item, at) => !sameValue(this.base.prepare(item), after[at]));
  }
}

/** A list of a fixed size, each item in an input of its own. `splitArrayField({ base: integerField(), size: 3 })` */
export function splitArrayField<T = unknown>(options: Omit<SplitArrayOptions, "base"> & { base: Field<T> }): Field<T[]> {
  return new SplitArrayField<T[]>(options);
}
