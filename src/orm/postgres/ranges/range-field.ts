import { gettext } from "#kernel/i18n";
import type { Decimal, Temporal } from "#validation";
import { bigInteger, integer } from "../../fields/number-fields.ts";
import { decimal } from "../../fields/decimal-field.ts";
import { type Converter, type DeconstructedField, Field } from "../../fields/field.ts";
import type { FieldOptions } from "../../fields/field-options.ts";
import type { FieldValue, Presence, PresenceOf } from "../../fields/field-typing.ts";
import { date, dateTime } from "../../fields/time-fields.ts";
import type { Lookup, Transform } from "../../lookups/lookup.ts";
import type { Dialect } from "../../names.ts";
import { deconstructWith } from "../deconstruct-with.ts";
import { postgresType } from "../require-postgres.ts";
import { parseRange, Range, type RangeBounds, rangeText } from "./range.ts";
import { rangeLookups, rangeTransform } from "./range-lookups.ts";
import type { RangeWhere } from "./range-typing.ts";

export interface RangeOptions extends FieldOptions {
  /** The bounds of a range that is given as a list of two; default `[)`. */
  defaultBounds?: RangeBounds;
}

/** What makes a kind of range: its type in the database, and the field of its bounds. */
interface RangeKind {
  readonly kind: string;
  readonly type: string;
  readonly base: () => Field;
}

/** Ranges of values of another field. */
export class RangeField<V = any, P extends Presence = any> extends Field<V, P> {
  declare readonly $where: RangeWhere<V>;
  readonly kind: string;
  readonly type: string;
  /** The field of the bounds. */
  readonly base: Field;

  constructor({ kind, type, base }: RangeKind, options: RangeOptions = {}) {
    super(options);
    this.kind = kind;
    this.type = type;
    this.base = base();
  }
  override bind(name: string, model: Field["model"]): this {
    const copy = super.bind(name, model);
    return Object.assign(copy, { base: this.base.bind(name, model) });
  }
  override get takes(): string {
    return `a Range, or a list of two bounds, each ${this.base.takes} or null`;
  }
  override get formKind(): string {
    return "range";
  }
  /** A list of two under the name `range` would be taken for the lookup of this name, in a query's shape. */
  override get isOpen(): boolean {
    return this.name === "range";
  }
  override columnType(dialect: Dialect): string {
    return postgresType(dialect, this, this.type);
  }
  override comparedAs(): string {
    return this.type;
  }
  override writer(): Converter {
    const write = this.base.writer("postgres");
    return (value) => {
      const range = this.parse(value);
      const text = rangeText(range, (bound) => (write === undefined ? bound : write(bound)));
      if (!isOrdered(range)) throw new RangeError("the lower bound is above the upper one");
      return text;
    };
  }
  override reader(): Converter {
    return (text: string) => parseRange(text, (bound) => this.base.parse(bound));
  }
  override get lookups(): Readonly<Record<string, Lookup>> {
    return rangeLookups;
  }
  override transform(name: string): Transform | undefined {
    return rangeTransform(this as RangeField, name);
  }
  override parse(value: unknown): Range {
    const range = this.rangeOf(value);
    if (range === undefined) throw this.invalid("invalid", { value }, gettext("Enter two values, the bounds of a range."));
    const bound = (one: unknown) => (one === null ? null : this.base.parse(one));
    return range.isEmpty ? range : new Range(bound(range.lower), bound(range.upper), range.bounds);
  }
  override clean(value: unknown): unknown {
    const range = super.clean(value);
    if (range instanceof Range && !isOrdered(range))
      throw this.invalid("bound_ordering", {}, gettext("The start of the range must not exceed the end of the range."));
    return range;
  }
  override toJson(value: unknown): unknown {
    if (!(value instanceof Range)) return null;
    if (value.isEmpty) return { empty: true };
    return { lower: this.base.toJson(value.lower), upper: this.base.toJson(value.upper), bounds: value.bounds };
  }
  override deconstruct(): DeconstructedField {
    const found = super.deconstruct();
    const plain = (value: unknown) => (value instanceof Range ? this.toDatabase(value, "postgres") : value);
    const options = Object.fromEntries(Object.entries(found.options).map(([name, value]) => [name, plain(value)]));
    return deconstructWith({ kind: found.kind, options }, { defaultBounds: this.options.defaultBounds });
  }

  private rangeOf(value: unknown): Range | undefined {
    if (value instanceof Range) return value;
    if (Array.isArray(value)) return value.length === 2 ? new Range(value[0], value[1], this.options.defaultBounds) : undefined;
    if (typeof value === "string") return parseRange(value, (bound): unknown => bound) ?? readJson(value);
    return typeof value === "object" && value !== null ? fromObject(value as Record<string, unknown>) : undefined;
  }
}

function readJson(text: string): Range | undefined {
  try {
    return fromObject(JSON.parse(text) as Record<string, unknown>);
  } catch {
    return undefined;
  }
}

/** What `toJson` gave. */
function fromObject(given: Record<string, unknown> | null): Range | undefined {
  if (given === null || typeof given !== "object") return undefined;
  if (given["empty"] === true) return Range.empty();
  if (!("lower" in given) && !("upper" in given)) return undefined;
  return new Range(given["lower"] ?? null, given["upper"] ?? null, (given["bounds"] as RangeBounds | undefined) ?? "[)");
}

/** PostgreSQL refuses a range whose lower bound is above the upper one. */
function isOrdered({ lower, upper, isEmpty }: Range): boolean {
  if (isEmpty || lower === null || upper === null) return true;
  return new Range(null, upper, "(]").contains(lower);
}

type Made<B, O> = RangeField<FieldValue<Range<B>, O>, PresenceOf<O>>;

/** Ranges of 32-bit whole numbers (PostgreSQL). `ages: integerRange({ null: true })` */
export function integerRange<const O extends RangeOptions = {}>(options?: O): Made<number, O> {
  return new RangeField({ kind: "integerRange", type: "int4range", base: integer }, options);
}
/** Ranges of 64-bit whole numbers (PostgreSQL). `serials: bigIntegerRange()` */
export function bigIntegerRange<const O extends RangeOptions = {}>(options?: O): Made<bigint, O> {
  return new RangeField({ kind: "bigIntegerRange", type: "int8range", base: bigInteger }, options);
}
/** Ranges of exact decimal numbers (PostgreSQL). `prices: decimalRange()` */
export function decimalRange<const O extends RangeOptions = {}>(options?: O): Made<Decimal, O> {
  return new RangeField({ kind: "decimalRange", type: "numrange", base: decimal }, options);
}
/** Ranges of days (PostgreSQL). `stay: dateRange()` */
export function dateRange<const O extends RangeOptions = {}>(options?: O): Made<Temporal.PlainDate, O> {
  return new RangeField({ kind: "dateRange", type: "daterange", base: date }, options);
}
/** Ranges of moments (PostgreSQL). `during: dateTimeRange({ defaultBounds: "[]" })` */
export function dateTimeRange<const O extends RangeOptions = {}>(options?: O): Made<Date, O> {
  return new RangeField({ kind: "dateTimeRange", type: "tstzrange", base: dateTime }, options);
}
