import { gettext, showWithPlaces } from "#kernel/i18n";
import { Decimal, decimal as readDecimal, decimalValidator, isDecimal, type Validator } from "#validation";
import type { Dialect } from "../names.ts";
import type { ReadableWhere } from "../query/typing.ts";
import { type Converter, Field } from "./field.ts";
import type { DecimalFieldOptions } from "./field-options.ts";
import type { FieldValue, Presence, PresenceOf } from "./field-typing.ts";

/** An exact decimal number; `expressions/README.md` tells how SQLite keeps it. */
export class DecimalField<V = Decimal, P extends Presence = any> extends Field<V, P> {
  declare readonly $where: ReadableWhere<V, number | string>;
  readonly kind = "decimal";

  constructor(options: DecimalFieldOptions) {
    super(options);
    const { maxDigits, decimalPlaces } = options;
    if (maxDigits === undefined && decimalPlaces === undefined) return;
    if (
      !Number.isInteger(maxDigits) ||
      !Number.isInteger(decimalPlaces) ||
      decimalPlaces! < 0 ||
      maxDigits! < Math.max(1, decimalPlaces!)
    )
      this.refuseOption(
        `maxDigits is ${maxDigits} and decimalPlaces is ${decimalPlaces}`,
        "Both are whole numbers, maxDigits the larger; or leave both out.",
      );
  }
  override get takes(): string {
    const { maxDigits, decimalPlaces } = this;
    return maxDigits === undefined
      ? "a decimal number"
      : `a decimal number with ${maxDigits - decimalPlaces!} digits before the point and ${decimalPlaces} behind it`;
  }
  override columnType(dialect: Dialect): string {
    const size = this.maxDigits === undefined ? "" : `(${this.maxDigits}, ${this.decimalPlaces})`;
    return dialect === "postgres" ? `numeric${size}` : `decimal_text${size}`;
  }
  override writer(): Converter {
    const { maxDigits, decimalPlaces: places } = this;
    if (maxDigits === undefined) return (value) => readDecimal(value).toString();
    const wholeDigits = maxDigits - places!;
    return (value) => {
      const text = readDecimal(value).toFixed(places);
      if (text.length > wholeDigits && digitsBeforePoint(text) > wholeDigits) throw new RangeError(`${text} has too many digits`);
      return text;
    };
  }
  /** With more places where the value has more: it is compared, not stored. */
  override comparer(): Converter {
    const places = this.decimalPlaces;
    if (places === undefined) return (value) => this.parse(value).toString();
    return (value) => {
      const number = this.parse(value);
      return number.c.length - 1 - number.e > places ? number.toString() : number.toFixed(places);
    };
  }
  override reader(): Converter {
    const { decimalPlaces: places } = this;
    return places === undefined ? (value) => new Decimal(value) : (value) => showWithPlaces(new Decimal(value), places);
  }
  /** A column of texts keeps all its places, so that equal numbers are equal texts. */
  override storedSql(sql: string, dialect: Dialect): string {
    if (dialect === "postgres") return sql;
    return this.decimalPlaces === undefined ? `decimal_add(${sql}, 0)` : `decimal_fixed(${sql}, ${this.decimalPlaces})`;
  }
  override parse(value: unknown): Decimal {
    if (isDecimal(value)) return value;
    try {
      return readDecimal(value as string);
    } catch {
      throw this.invalid("invalid", { value }, gettext("“%(value)s” value must be a decimal number."));
    }
  }
  override toJson(value: unknown): unknown {
    if (value === null || value === undefined) return null;
    const number = this.parse(value);
    return this.decimalPlaces === undefined ? number.toString() : number.toFixed(this.decimalPlaces);
  }
  protected override ownValidators(): Validator[] {
    return this.maxDigits === undefined ? [] : [decimalValidator(this.maxDigits, this.decimalPlaces!)];
  }
}

function digitsBeforePoint(text: string): number {
  return /^-?0*(\d*)/.exec(text)![1]!.length;
}

/**
 * An exact decimal number, rounded to the places that the column has.
 *
 * ```ts
 * price: decimal({ maxDigits: 8, decimalPlaces: 2 })
 * ratio: decimal() // as many digits as it is given
 * ```
 */
export function decimal<const O extends DecimalFieldOptions = {}>(
  options?: O,
): DecimalField<FieldValue<Decimal, O>, PresenceOf<O>> {
  return new DecimalField(options ?? {});
}
