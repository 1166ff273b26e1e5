import { gettext } from "#kernel/i18n";
import { maxValueValidator, minValueValidator, type Validator } from "#validation";
import { type Dialect, quoteName } from "../names.ts";
import { type Converter, Field } from "./field.ts";
import type { FieldOptions } from "./field-options.ts";
import type { FieldValue, Presence, PresenceOf } from "./field-typing.ts";

interface IntegerRange {
  kind: string;
  sql: string;
  min: number;
  max: number;
  auto?: boolean;
}

const small = 32_767;
const medium = 2_147_483_647;

/** PostgreSQL refuses what is too large for the column's type; compared as 64 bits it is just not equal to anything. */
const comparedAsBigint = (dialect: Dialect) => (dialect === "postgres" ? "bigint" : undefined);

const largest = 2n ** 63n;

/** A number to compare whole numbers with, which need not be one: `{ price: { lt: 2.5 } }`. */
function comparable(value: unknown, parse: (value: unknown) => number | bigint): number | bigint {
  if (typeof value === "number") return Number.isNaN(value) ? parse(value) : value;
  if (typeof value === "bigint") return value >= -largest && value < largest ? value : Number(value);
  return parse(value);
}

/** Whole numbers that a `number` holds. */
export class IntegerField<V = number, P extends Presence = any> extends Field<V, P> {
  readonly kind: string;
  readonly range: IntegerRange;

  constructor(range: IntegerRange, options: FieldOptions) {
    super(options);
    this.kind = range.kind;
    this.range = range;
  }
  override get autoIncrement(): boolean {
    return this.range.auto === true;
  }
  override columnType(dialect: Dialect): string {
    return dialect === "sqlite" && this.autoIncrement ? "integer" : this.range.sql;
  }
  override columnCheck(): string | undefined {
    return this.kind.startsWith("positive") ? `${quoteName(this.column)} >= 0` : undefined;
  }
  override get takes(): string {
    return `a whole number from ${this.range.min} to ${this.range.max}`;
  }
  override writer(_dialect: Dialect): Converter {
    const { min, max } = this.range;
    return (value) => {
      const number = typeof value === "number" && Number.isInteger(value) ? value : this.parse(value);
      if (number < min || number > max) throw new RangeError(`${number} does not fit into the column`);
      return number;
    };
  }
  override comparer(_dialect: Dialect): Converter {
    return (value) => comparable(value, (other) => this.parse(other));
  }
  override comparedAs(dialect: Dialect): string | undefined {
    return comparedAsBigint(dialect);
  }
  override parse(value: unknown): number {
    const number = typeof value === "string" && /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : value;
    if (typeof number === "bigint") return Number(number);
    if (typeof number === "boolean") return Number(number);
    if (typeof number !== "number" || !Number.isInteger(number)) {
      throw this.invalid("invalid", { value }, gettext("“%(value)s” value must be an integer."));
    }
    return number;
  }
  protected override ownValidators(): Validator[] {
    return [minValueValidator(this.range.min), maxValueValidator(this.range.max)];
  }
}

/** A whole number of 32 bits. `price: integer({ default: 0 })` */
export function integer<const O extends FieldOptions = {}>(options?: O): IntegerField<FieldValue<number, O>, PresenceOf<O>> {
  return new IntegerField({ kind: "integer", sql: "integer", min: -medium - 1, max: medium }, options ?? {});
}
/** A whole number of 16 bits. `place: smallInteger({ default: 0 })` */
export function smallInteger<const O extends FieldOptions = {}>(options?: O): IntegerField<FieldValue<number, O>, PresenceOf<O>> {
  return new IntegerField({ kind: "smallInteger", sql: "smallint", min: -small - 1, max: small }, options ?? {});
}
/** A whole number of 32 bits, not negative. `amount: positiveInteger({ default: 1 })` */
export function positiveInteger<const O extends FieldOptions = {}>(
  options?: O,
): IntegerField<FieldValue<number, O>, PresenceOf<O>> {
  return new IntegerField({ kind: "positiveInteger", sql: "integer", min: 0, max: medium }, options ?? {});
}
/** A whole number of 16 bits, not negative. `stars: positiveSmallInteger({ default: 3 })` */
export function positiveSmallInteger<const O extends FieldOptions = {}>(
  options?: O,
): IntegerField<FieldValue<number, O>, PresenceOf<O>> {
  return new IntegerField({ kind: "positiveSmallInteger", sql: "smallint", min: 0, max: small }, options ?? {});
}
/** A primary key of 16 bits that the database counts up. `id: smallAuto()` */
export function smallAuto<const O extends FieldOptions = {}>(options?: O): IntegerField<number, "optionalKey"> {
  const range = { kind: "smallAuto", sql: "smallint", min: -small - 1, max: small, auto: true };
  return new IntegerField(range, { primaryKey: true, ...options });
}
/** A primary key that the database counts up: a 64-bit column, read as a number. `id: auto()` */
export function auto<const O extends FieldOptions = {}>(options?: O): IntegerField<number, "optionalKey"> {
  const range = { kind: "auto", sql: "bigint", min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER, auto: true };
  return new IntegerField(range, { primaryKey: true, ...options });
}

const least = -(2n ** 63n);
const greatest = 2n ** 63n - 1n;

/** Whole numbers of 64 bits, as `bigint`. */
export class BigIntegerField<V = bigint, P extends Presence = any> extends Field<V, P> {
  readonly kind: string;
  constructor(kind: string, options: FieldOptions) {
    super(options);
    this.kind = kind;
  }
  override get autoIncrement(): boolean {
    return this.kind === "bigAuto";
  }
  private get min(): bigint {
    return this.kind === "positiveBigInteger" ? 0n : least;
  }
  override columnType(dialect: Dialect): string {
    return dialect === "sqlite" && this.autoIncrement ? "integer" : "bigint";
  }
  override columnCheck(): string | undefined {
    return this.kind.startsWith("positive") ? `${quoteName(this.column)} >= 0` : undefined;
  }
  // SQLite's driver reads integers as numbers and refuses those that are too large for one.
  override selectSql(column: string, dialect: Dialect): string {
    return dialect === "sqlite" ? `CAST(${column} AS TEXT)` : column;
  }
  override reader(): Converter {
    return BigInt;
  }
  override get takes(): string {
    return `a whole number from ${this.min} to ${greatest}`;
  }
  override writer(): Converter {
    const { min } = this;
    return (value) => {
      const number = typeof value === "bigint" ? value : this.parse(value);
      if (number < min || number > greatest) throw new RangeError(`${number} does not fit into the column`);
      return number;
    };
  }
  override comparer(): Converter {
    return (value) => comparable(value, (other) => this.parse(other));
  }
  override comparedAs(dialect: Dialect): string | undefined {
    return comparedAsBigint(dialect);
  }
  override parse(value: unknown): bigint {
    try {
      if (typeof value === "bigint" || typeof value === "number" || (typeof value === "string" && value.trim() !== ""))
        return BigInt(value);
    } catch {
      // Falls through to the message below.
    }
    throw this.invalid("invalid", { value }, gettext("“%(value)s” value must be an integer."));
  }
  override toJson(value: unknown): unknown {
    return value === null || value === undefined ? null : String(value);
  }
  protected override ownValidators(): Validator[] {
    return [minValueValidator(this.min), maxValueValidator(greatest)];
  }
}

/** A whole number of 64 bits, a `bigint`. */
export function bigInteger<const O extends FieldOptions = {}>(
  options?: O,
): BigIntegerField<FieldValue<bigint, O>, PresenceOf<O>> {
  return new BigIntegerField("bigInteger", options ?? {});
}
/** A whole number of 64 bits that is not negative, a `bigint`. */
export function positiveBigInteger<const O extends FieldOptions = {}>(
  options?: O,
): BigIntegerField<FieldValue<bigint, O>, PresenceOf<O>> {
  return new BigIntegerField("positiveBigInteger", options ?? {});
}
/** A primary key that the database counts up, a `bigint`. */
export function bigAuto<const O extends FieldOptions = {}>(options?: O): BigIntegerField<bigint, "optionalKey"> {
  return new BigIntegerField("bigAuto", { primaryKey: true, ...options });
}

/** Floating-point numbers; `float()` makes it. */
export class FloatField<V, P extends Presence> extends Field<V, P> {
  readonly kind = "float";
  override columnType(dialect: Dialect): string {
    return dialect === "postgres" ? "double precision" : "real";
  }
  override writer(): Converter {
    return (value) => (typeof value === "number" && !Number.isNaN(value) ? value : this.parse(value));
  }
  override parse(value: unknown): number {
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    if (typeof number !== "number" || Number.isNaN(number)) {
      throw this.invalid("invalid", { value }, gettext("“%(value)s” value must be a float."));
    }
    return number;
  }
}

/** A floating-point number. `score: float({ default: 0 })` */
export function float<const O extends FieldOptions = {}>(options?: O): FloatField<FieldValue<number, O>, PresenceOf<O>> {
  return new FloatField(options);
}
