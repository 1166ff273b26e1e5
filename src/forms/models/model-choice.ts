import { gettextLazy, type LazyText } from "#kernel/i18n";
import { ValidationError } from "#validation";
import { choiceKey, type ChoiceList } from "../choices.ts";
import { ChoiceField, type ChoiceFieldOptions } from "../fields/choice-fields.ts";
import { type Cleaned, type Field, isEmpty } from "../fields/field.ts";
import { type ChoiceWidget, select, selectMultiple, SelectWidget } from "../widgets/choice-widgets.ts";
import { multipleHiddenInput } from "../widgets/inputs.ts";
import type { Widget } from "../widgets/widget.ts";

const invalidChoice = gettextLazy("Select a valid choice. That choice is not one of the available choices.");

/** Rows to choose from: a QuerySet, or a manager. */
export interface RowQuery<T = any> {
  all(): RowQuery<T>;
  filter(where: any): any;
  readonly model: any;
}

export interface ModelChoiceOptions<T = any> extends Omit<ChoiceFieldOptions, "choices"> {
  /** The rows on offer, or a function that gives them for each form. */
  queryset: RowQuery<T> | (() => RowQuery<T>);
  /** The text of the empty choice; null for none. */
  emptyLabel?: string | null | undefined;
  /** The field whose value is sent; the primary key by default. */
  toFieldName?: string | undefined;
  /** The text of a row; `String(row)` by default. */
  labelFor?: ((row: T) => string) | undefined;
}

/** A row, as far as a choice needs it. */
interface Row {
  readonly pk: unknown;
}

const isRow = (value: unknown): value is Row => typeof value === "object" && value !== null && "pk" in value;

/** One row of a query. */
export class ModelChoiceField<T = any> extends ChoiceField<T> {
  readonly queryset: ModelChoiceOptions["queryset"];
  readonly emptyLabel: string | null;
  protected readonly keyField: string;
  private readonly rowLabel: (row: any) => string;

  constructor(options: ModelChoiceOptions, messages: Readonly<Record<string, LazyText>> = {}) {
    const { queryset, emptyLabel, toFieldName, labelFor, ...rest } = options;
    super(rest, { invalid_choice: invalidChoice, ...messages });
    this.queryset = queryset;
    this.emptyLabel = emptyLabel === undefined ? "---------" : emptyLabel;
    this.keyField = toFieldName ?? "pk";
    this.rowLabel = labelFor ?? String;
    this.offer();
  }

  /** A fresh query each time: rows change between two requests. */
  protected rows(): any {
    return (typeof this.queryset === "function" ? this.queryset() : this.queryset).all();
  }

  protected override offer(): void {
    if (this.queryset === undefined) return; // while the parent class constructs
    this.choices = () => this.rowChoices();
    super.offer();
    if (this.widget instanceof SelectWidget) this.widget.startsEmpty = !this.widget.multiple && this.emptyLabel !== null;
  }

  private async rowChoices(): Promise<ChoiceList> {
    const rows = (await this.rows()) as Row[];
    const choices = rows.map((row) => [this.keyOf(row), this.rowLabel(row)] as const);
    const multiple = (this.widget as unknown as Partial<ChoiceWidget>).multiple === true;
    return multiple || this.emptyLabel === null ? choices : [["", this.emptyLabel], ...choices];
  }

  protected keyOf(value: unknown): unknown {
    return isRow(value) ? (value as unknown as Record<string, unknown>)[this.keyField] : value;
  }

  override prepare(value: unknown): unknown {
    return this.keyOf(value);
  }

  override async clean(raw: unknown): Promise<T> {
    if (isEmpty(raw)) {
      this.validate(raw);
      return null as T;
    }
    const [row] = await this.find([this.keyOf(raw)]);
    if (row === undefined) throw this.refusal("invalid_choice", { value: raw });
    this.runValidators(row);
    return row as T;
  }

  /** The rows on offer that have these keys. */
  protected async find(keys: readonly unknown[]): Promise<Row[]> {
    const query = this.rows();
    const { meta } = query.model;
    const field = this.keyField === "pk" ? meta.primaryKey : meta.field(this.keyField);
    const parsed = keys.map((key) => {
      try {
        return field.parse(key) as unknown;
      } catch (error) {
        if (error instanceof ValidationError) throw this.refusal(this.badKeyCode, { value: key, pk: key });
        throw error;
      }
    });
    return query.filter({ [this.keyField]: { in: parsed } });
  }

  /** The refusal of a key that no row could have. */
  protected get badKeyCode(): string {
    return "invalid_choice";
  }

  override hasChanged(initial: unknown, submitted: unknown): boolean {
    return !this.disabled && choiceKey(this.keyOf(initial)) !== choiceKey(this.keyOf(submitted));
  }
}

/** Several rows of a query. */
class ModelMultipleChoiceField<T> extends ModelChoiceField<T> {
  constructor(options: ModelChoiceOptions) {
    super(
      { ...options, widget: options.widget ?? selectMultiple, emptyLabel: null },
      {
        invalid_list: gettextLazy("Enter a list of values."),
        invalid_choice: gettextLazy("Select a valid choice. %(value)s is not one of the available choices."),
        invalid_pk_value: gettextLazy("“%(pk)s” is not a valid value."),
      },
    );
  }

  override hiddenWidget(): Widget {
    return multipleHiddenInput();
  }

  override prepare(value: unknown): unknown {
    return Array.isArray(value) ? value.map((one) => this.keyOf(one)) : value;
  }

  override async clean(raw: unknown): Promise<T> {
    this.validate(raw);
    if (isEmpty(raw)) return [] as T;
    if (!Array.isArray(raw)) throw this.refusal("invalid_list");
    const keys = raw.map((one) => this.keyOf(one));
    const rows = await this.find(keys);
    const found = new Set(rows.map((row) => choiceKey(this.keyOf(row))));
    const missing = keys.find((key) => !found.has(choiceKey(key)));
    if (missing !== undefined) throw this.refusal("invalid_choice", { value: missing });
    this.runValidators(rows);
    return rows as T;
  }

  protected override get badKeyCode(): string {
    return "invalid_pk_value";
  }

  override hasChanged(initial: unknown, submitted: unknown): boolean {
    if (this.disabled) return false;
    const keys = (value: unknown) => new Set((Array.isArray(value) ? value : []).map((one) => choiceKey(this.keyOf(one))));
    return keys(initial).symmetricDifference(keys(submitted)).size > 0;
  }
}

/**
 * One row of a query.
 *
 * ```ts
 * modelChoiceField({ queryset: Roaster.objects.filter({ country: "KR" }) }); // cleans to a Roaster
 * ```
 */
export function modelChoiceField<T = any, const O extends ModelChoiceOptions<T> = ModelChoiceOptions<T>>(
  options: O & { queryset: RowQuery<T> | (() => RowQuery<T>) },
): Field<Cleaned<T, null, O>> {
  return new ModelChoiceField({ widget: select, ...options });
}

/** Several rows of a query. */
export function modelMultipleChoiceField<T = any>(options: ModelChoiceOptions<T>): Field<T[]> {
  return new ModelMultipleChoiceField<T[]>(options);
}
