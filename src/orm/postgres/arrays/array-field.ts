import { gettext } from "#kernel/i18n";
import { ValidationError, type Validator } from "#validation";
import { type Converter, type DeconstructedField, Field } from "../../fields/field.ts";
import type { FieldOptions } from "../../fields/field-options.ts";
import type { FieldValue, Presence, PresenceOf } from "../../fields/field-typing.ts";
import type { Lookup, Transform } from "../../lookups/lookup.ts";
import type { Dialect } from "../../names.ts";
import { deconstructWith } from "../deconstruct-with.ts";
import { postgresType } from "../require-postgres.ts";
import { arrayMaxLengthValidator } from "../validators.ts";
import { arrayLookups, arrayTransform } from "./array-lookups.ts";
import { arrayText, parseArray } from "./array-text.ts";
import type { ArrayWhere } from "./array-typing.ts";

export interface ArrayOptions extends FieldOptions {
  /** How many items it holds at most. PostgreSQL itself keeps no such rule: forms and `fullClean()` do. */
  size?: number;
}

/** Lists of values of another field. */
export class ArrayField<V = any, P extends Presence = any> extends Field<V, P> {
  declare readonly $where: ArrayWhere<V>;
  readonly kind = "array";
  /** The field of the items. */
  readonly base: Field;

  constructor(base: Field, options: ArrayOptions = {}) {
    super(options);
    if (!(base instanceof Field)) this.refuseOption("the items have no field", "Say which: array(integer()).");
    const { size } = options;
    if (size !== undefined && !(Number.isInteger(size) && size > 0))
      this.refuseOption(`size is ${size}, and must be a positive whole number`);
    this.base = Object.assign(Object.create(Object.getPrototypeOf(base)) as Field, base);
  }

  /** A model's list, whose items have values of their own. @throws ORM_BAD_FIELD_OPTION */
  static declared(base: Field, options?: ArrayOptions): ArrayField {
    const field = new ArrayField(base, options);
    if (base.relation !== undefined || base.isComposite || base.generation !== undefined || base.autoIncrement)
      field.refuseOption(
        `its items are of the kind ${base.kind}`,
        "Items have a field with values of their own: array(integer()).",
      );
    return field;
  }

  override bind(name: string, model: Field["model"]): this {
    const copy = super.bind(name, model);
    return Object.assign(copy, { base: this.base.bind(name, model) });
  }
  override get takes(): string {
    return `a list, each item ${this.base.takes}`;
  }
  /** Lists of lists and of objects are written as JSON, others in one line. */
  override get formKind(): string {
    return /^(?:array|json|range)$/.test(this.base.formKind) ? "json" : "array";
  }
  override get emptyValue(): unknown {
    return this.null ? null : [];
  }
  override getDefault(): unknown {
    const value = super.getDefault();
    return Array.isArray(value) ? [...(value as unknown[])] : value;
  }
  /** A list of two under the name `range` would be taken for the lookup of this name, in a query's shape. */
  override get isOpen(): boolean {
    return this.name === "range" || this.base.isOpen;
  }
  override columnType(dialect: Dialect): string {
    return `${postgresType(dialect, this, this.base.columnType("postgres"))}[]`;
  }
  /** Without sizes: a cast to `varchar(3)[]` would cut texts off. */
  override comparedAs(): string {
    return `${this.base.columnType("postgres").replace(/\([\d, ]+\)/, "")}[]`;
  }
  override writer(): Converter {
    return (value) => arrayText(this.itemsWith(value, (base) => base.writer("postgres")));
  }
  /** Whole numbers are of the column's own size: PostgreSQL compares no lists of two types. */
  override comparer(): Converter {
    const converter = (base: Field) => base[base.comparedAs("postgres") === "bigint" ? "writer" : "comparer"]("postgres");
    return (value) => arrayText(this.itemsWith(value, converter));
  }
  override reader(): Converter {
    const read = this.base.reader("postgres");
    return (value: unknown[] | string) => {
      const items = typeof value === "string" ? parseArray(value) : value;
      return read === undefined ? [...items] : items.map((item) => (item === null ? null : read(item)));
    };
  }
  override get lookups(): Readonly<Record<string, Lookup>> {
    return arrayLookups;
  }
  override transform(name: string): Transform | undefined {
    return arrayTransform(this, name);
  }
  override parse(value: unknown): unknown[] {
    return itemsOf(this, value).map((item, at) => this.atItem(at, () => (item === null ? null : this.base.parse(item))));
  }
  override clean(value: unknown): unknown {
    const items = super.clean(value);
    return Array.isArray(items) ? items.map((item, at) => this.atItem(at, () => this.base.clean(item))) : items;
  }
  override toJson(value: unknown): unknown {
    return Array.isArray(value) ? value.map((item) => this.base.toJson(item)) : null;
  }
  override fromJson(value: unknown): unknown {
    return value === null ? null : itemsOf(this, value).map((item) => this.base.fromJson(item));
  }
  override deconstruct(): DeconstructedField {
    return deconstructWith(super.deconstruct(), { base: this.base.deconstruct(), size: this.options.size });
  }
  protected override ownValidators(): Validator[] {
    return this.options.size === undefined ? [] : [arrayMaxLengthValidator(this.options.size)];
  }

  /** The items as the driver takes them. */
  private itemsWith(value: unknown, converter: (base: Field) => Converter): unknown[] {
    if (!Array.isArray(value)) throw new TypeError("not a list");
    const { base } = this;
    const convert = base instanceof ArrayField ? (list: unknown) => base.itemsWith(list, converter) : converter(base);
    const items = value.map((item: unknown) => {
      if (item === undefined || (item === null && !base.null)) throw new TypeError("an item is missing");
      return item === null || convert === undefined ? item : convert(item);
    });
    if (base instanceof ArrayField) checkSides(items as unknown[][]);
    return items;
  }

  private atItem<T>(at: number, read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      throw new ValidationError(error.messages.map((problem) => itemError(at, problem)));
    }
  }
}

function itemError(at: number, problem: string): ValidationError {
  return new ValidationError(gettext("Item %(nth)s in the array did not validate: %(problem)s"), {
    code: "item_invalid",
    params: { nth: at + 1, problem },
  });
}

/** Lists in a list are of one length, and hold something: PostgreSQL keeps no others. */
function checkSides(lists: readonly (readonly unknown[])[]): void {
  if (lists.some((list) => list === null || list.length === 0 || list.length !== lists[0]!.length))
    throw new RangeError("lists in a list must have one length, and hold something");
}

/** A list, or its JSON. */
function itemsOf(field: ArrayField, value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (value instanceof Set) return [...(value as Set<unknown>)];
  try {
    const read: unknown = JSON.parse(value as string);
    if (Array.isArray(read)) return read;
  } catch {
    // Refused below.
  }
  throw field.invalid("invalid", { value }, gettext("Enter a list of values."));
}

/** A value of the field that makes the items. */
type ItemOf<F> = F extends { readonly $value: infer V } ? V : never;

/**
 * A list of values of another field (PostgreSQL).
 *
 * ```ts
 * tags: array(char({ maxLength: 20 }), { default: () => [] })
 * board: array(array(integer()), { size: 8, null: true })
 * ```
 * @throws ORM_BAD_FIELD_OPTION where the items have no values of their own
 */
export function array<const F extends Field, const O extends ArrayOptions = {}>(
  base: F,
  options?: O,
): ArrayField<FieldValue<ItemOf<F>[], O>, PresenceOf<O>> {
  return ArrayField.declared(base, options) as ArrayField<any, any>;
}
