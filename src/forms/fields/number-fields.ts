import { formatNumber, gettextLazy, type LazyText } from "#kernel/i18n";
import {
  Decimal,
  decimal,
  type DecimalOptions,
  decimalValidator,
  isDecimal,
  maxValueValidator,
  minValueValidator,
  stepValueValidator,
  type Validator,
} from "#validation";
import type { Attributes } from "../html.ts";
import { plainNumber } from "../localized-text.ts";
import { isInput, numberInput, textInput } from "../widgets/inputs.ts";
import type { Widget } from "../widgets/widget.ts";
import { type Cleaned, Field, type FieldOptions, isEmpty } from "./field.ts";
import { plainText } from "../plain-text.ts";

/** No number that is meant has more characters, and bringing a text into one form takes time with the square of its length. */
const longestNumber = 1_000;

const wholeNumber = gettextLazy("Enter a whole number.");
const anyNumber = gettextLazy("Enter a number.");

/** A limit of a number field. */
type Limit = number | bigint | string | Decimal;

export interface NumberFieldOptions extends FieldOptions {
  minValue?: Limit | null | undefined;
  maxValue?: Limit | null | undefined;
  /** Only steps of this size from `minValue` (or 0) are accepted. */
  stepSize?: Limit | null | undefined;
}

/** Digits of every script as ours: each script has its ten side by side, and several may follow one another. */
function asciiDigits(text: string): string {
  return text.replace(/(?![0-9])\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0)!;
    let zero = code;
    while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
    return String((code - zero) % 10);
  });
}

/** What numbers have in common: limits, and `<input type="number">`. */
abstract class NumberField<T> extends Field<T> {
  readonly minValue: Limit | null;
  readonly maxValue: Limit | null;
  readonly stepSize: Limit | null;

  constructor(options: NumberFieldOptions, invalid: LazyText) {
    super({ ...options, widget: options.widget ?? (options.localize ? textInput : numberInput) }, { invalid });
    this.minValue = options.minValue ?? null;
    this.maxValue = options.maxValue ?? null;
    this.stepSize = options.stepSize ?? null;
    this.validators = [...this.validators, ...this.limits()];
  }

  private limits(): Validator[] {
    const offset = this.minValue ?? undefined;
    return [
      ...(this.maxValue === null ? [] : [maxValueValidator(this.maxValue)]),
      ...(this.minValue === null ? [] : [minValueValidator(this.minValue)]),
      ...(this.stepSize === null ? [] : [stepValueValidator(this.stepSize, { offset })]),
    ];
  }

  /** The number that a text says; undefined when it says none. */
  protected abstract parse(text: string): T | undefined;

  /** Digits of other widths (`５０`) and scripts (`٥٠`) are digits. */
  protected override read(raw: unknown): unknown {
    if (isEmpty(raw)) return null;
    const text = plainText(raw).trim();
    const value = text.length > longestNumber ? undefined : this.parse(this.plain(raw, text));
    if (value === undefined) throw this.refusal("invalid", { value: raw });
    return value;
  }

  /** As programs write numbers: what a person typed may have the separators of the language. */
  private plain(raw: unknown, text: string): string {
    const localized = this.localize && typeof raw === "string" ? plainNumber(text) : text;
    return asciiDigits(localized.normalize("NFKC"));
  }

  /** The step that the browser checks. */
  protected get step(): string | undefined {
    return this.stepSize === null ? undefined : String(this.stepSize);
  }

  override widgetAttributes(widget: Widget): Attributes {
    if (!isInput(widget, "number")) return {};
    const text = (limit: Limit | null) => (limit === null ? undefined : String(limit));
    return { min: text(this.minValue), max: text(this.maxValue), step: this.step };
  }
}

class IntegerField<T> extends NumberField<T> {
  constructor(options: NumberFieldOptions = {}) {
    super(options, wholeNumber);
    this.constrainWidget();
  }

  /** `4.00` is a whole number too. What `number` cannot hold exactly is refused, never rounded. */
  protected override parse(text: string): T | undefined {
    const digits = text.replace(/\.0*$/, "");
    if (!/^[+-]?\d+$/.test(digits)) return undefined;
    const value = Number(digits);
    return Number.isSafeInteger(value) ? (value as T) : undefined;
  }
}

class BigIntegerField<T> extends NumberField<T> {
  constructor(options: NumberFieldOptions = {}) {
    super(options, wholeNumber);
    this.constrainWidget();
  }

  protected override parse(text: string): T | undefined {
    return /^-?\d{1,19}$/.test(text) ? (BigInt(text) as T) : undefined;
  }
}

class FloatField<T> extends NumberField<T> {
  constructor(options: NumberFieldOptions = {}) {
    super(options, anyNumber);
    this.constrainWidget();
  }

  protected override parse(text: string): T | undefined {
    if (!/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return undefined;
    const value = Number(text);
    return Number.isFinite(value) ? (value as T) : undefined;
  }

  protected override get step(): string | undefined {
    return "step" in this.widget.attrs ? undefined : (super.step ?? "any");
  }
}

export interface DecimalFieldOptions extends NumberFieldOptions, DecimalOptions {}

class DecimalField<T> extends NumberField<T> {
  readonly decimalPlaces: number | null;

  constructor(options: DecimalFieldOptions = {}) {
    super(options, anyNumber);
    this.decimalPlaces = options.decimalPlaces ?? null;
    this.validators = [...this.validators, decimalValidator({ maxDigits: options.maxDigits, decimalPlaces: this.decimalPlaces })];
    this.constrainWidget();
  }

  protected override read(raw: unknown): unknown {
    return isDecimal(raw) ? raw : super.read(raw);
  }

  protected override parse(text: string): T | undefined {
    try {
      return decimal(text) as T;
    } catch {
      return undefined;
    }
  }

  /** With all its places: `12.50`. */
  override prepare(value: unknown): unknown {
    if (!isDecimal(value) || this.decimalPlaces === null) return value;
    const text = withPlaces(value, this.decimalPlaces);
    return this.localize ? formatNumber(text) : text;
  }

  protected override get step(): string | undefined {
    if ("step" in this.widget.attrs) return undefined;
    if (super.step !== undefined) return super.step;
    return this.decimalPlaces === null ? "any" : new Decimal(10).pow(-this.decimalPlaces).toFixed();
  }
}

/** A decimal with as many places as its field has, and more where it has more. */
export function withPlaces(value: Decimal, places: number): string {
  const text = value.toFixed();
  return (text.split(".")[1]?.length ?? 0) < places ? value.toFixed(places) : text;
}

/** A whole number. */
export function integerField<const O extends NumberFieldOptions>(options?: O): Field<Cleaned<number, null, O>> {
  return new IntegerField(options);
}

/** A whole number of 64 bits, as `bigint`. */
export function bigIntegerField<const O extends NumberFieldOptions>(options?: O): Field<Cleaned<bigint, null, O>> {
  return new BigIntegerField(options);
}

/** A finite number. */
export function floatField<const O extends NumberFieldOptions>(options?: O): Field<Cleaned<number, null, O>> {
  return new FloatField(options);
}

/** An exact decimal number: `decimalField({ maxDigits: 8, decimalPlaces: 2 })`. */
export function decimalField<const O extends DecimalFieldOptions>(options?: O): Field<Cleaned<Decimal, null, O>> {
  return new DecimalField(options);
}
