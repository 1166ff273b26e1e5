/*
 * How it works: numbers are read from the bytes of JSON text straight into typed arrays, without a JavaScript array between.
 * A number of up to sixteen digits is its digits times or by a power of ten, which both are exact, so that the one rounding
 * gives what JSON.parse gives. Longer ones are rounded twice; for FP32 that is enough where both ends of the doubt round to
 * the same number, and else the text is handed to `Number`. Whatever is not as expected is *irregular*: the body is then
 * read by JSON.parse, whose errors say what is wrong with it.
 */

/** Thrown where the text is not what the scanner reads: it says nothing, and is caught by whoever began. */
export const irregular = new Error("The text is not as the scanner expects it.");

const [TAB, LINE_FEED, RETURN, SPACE, PLUS, COMMA, MINUS, POINT] = [9, 10, 13, 32, 43, 44, 45, 46];
const CLOSE = 93;
const LOWER_N = 110;
const [ZERO, NINE, UPPER_E, LOWER_E] = [48, 57, 69, 101];
/** Beyond this, digits are no longer counted exactly. */
const EXACT = 2 ** 53;
/** The powers of ten that a double holds exactly. */
const powers = Float64Array.from({ length: 23 }, (_, i) => 10 ** i);
/** More than what rounding twice, and once more for each digit beyond the sixteenth, can be off. */
const DOUBT = 2 ** -48;
/** The most digits of a number that is not handed to `Number`. */
const MOST_DIGITS = 24;

/** Walks over the bytes of a JSON text. */
export class NumberScanner {
  readonly bytes: Buffer;
  at: number;
  /** The last number was given by digits alone, without a point or an exponent. */
  plain = true;

  constructor(bytes: Buffer, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  /** The next byte that is no space, which is not stepped over. */
  peek(): number | undefined {
    const { bytes } = this;
    let at = this.at;
    let byte = bytes[at];
    while (byte === SPACE || byte === LINE_FEED || byte === RETURN || byte === TAB) byte = bytes[++at];
    this.at = at;
    return byte;
  }

  /** Steps over a byte that must be there. */
  expect(wanted: number): void {
    if (this.peek() !== wanted) throw irregular;
    this.at++;
  }

  /** Steps over the comma between two elements. */
  comma(): void {
    if (this.bytes[this.at] === COMMA) this.at++;
    else this.expect(COMMA);
  }

  /** Steps over a literal, which begins here. */
  literal(text: string): void {
    if (this.bytes.toString("latin1", this.at, this.at + text.length) !== text) throw irregular;
    this.at += text.length;
  }

  /** The number that begins here; `single` where it will be rounded to FP32. */
  number(single: boolean): number {
    const { bytes } = this;
    const start = this.at;
    let at = start;
    let byte = bytes[at]!;
    const negative = byte === MINUS;
    if (negative) byte = bytes[++at]!;
    const first = at;
    let digits = 0;
    while (byte >= ZERO && byte <= NINE) {
      digits = digits * 10 + (byte - ZERO);
      byte = bytes[++at]!;
    }
    const count = at - first;
    if (count === 0 || (count > 1 && bytes[first] === ZERO)) throw irregular;
    let exponent = 0;
    if (byte === POINT) {
      const point = at;
      byte = bytes[++at]!;
      while (byte >= ZERO && byte <= NINE) {
        digits = digits * 10 + (byte - ZERO);
        byte = bytes[++at]!;
      }
      exponent = point + 1 - at;
      if (exponent === 0) throw irregular;
    }
    this.plain = exponent === 0;
    this.at = at;
    if (byte === LOWER_E || byte === UPPER_E) exponent += this.#exponent();
    const value = exact(digits, exponent);
    if (value === undefined) return this.#long(start, single);
    return negative ? -value : value;
  }

  /** Reads so many numbers with commas between into an array. One loop, because these are most of a body's bytes. */
  floats(into: Float32Array | Float64Array, from: number, count: number): void {
    const { bytes } = this;
    const single = into instanceof Float32Array;
    const end = from + count;
    for (let i = from, { at } = this; i < end; i++) {
      let byte = bytes[at]!;
      if (byte <= SPACE) byte = this.#space(at)!;
      else this.at = at;
      at = this.at;
      const negative = byte === MINUS;
      if (negative) byte = bytes[++at]!;
      const first = at;
      const leading = byte;
      let digits = byte - ZERO;
      while ((byte = bytes[++at]!) >= ZERO && byte <= NINE) digits = digits * 10 + (byte - ZERO);
      const wholes = at - first;
      let decimals = 0;
      if (byte === POINT) {
        while ((byte = bytes[++at]!) >= ZERO && byte <= NINE) digits = digits * 10 + (byte - ZERO);
        decimals = at - first - wholes - 1;
        // Nothing after the point: left to what refuses it.
        if (decimals === 0) byte = 0;
      }
      const ends = byte === COMMA || byte === CLOSE;
      let value = Number.NaN;
      if (ends && leading >= ZERO && leading <= NINE && (leading !== ZERO || wholes === 1) && decimals <= 22) {
        if (digits <= EXACT) value = digits / powers[decimals]!;
        else if (single && wholes + decimals <= MOST_DIGITS) value = nearly(digits / powers[decimals]!);
      }
      // Not a number means that the quick way did not do.
      if (value === value) into[i] = negative ? -value : value;
      else {
        into[i] = this.#float(single);
        byte = this.peek()!;
        ({ at } = this);
      }
      if (i < end - 1 && byte !== COMMA) throw irregular;
      this.at = at++;
    }
  }

  #space(at: number): number | undefined {
    this.at = at;
    return this.peek();
  }

  #float(single: boolean): number {
    if (this.bytes[this.at] !== LOWER_N) return this.number(single);
    this.literal("null");
    return Number.NaN;
  }

  /** A number of too many digits. A body full of such doubles is read quicker by JSON.parse. */
  #long(start: number, single: boolean): number {
    if (!single && !this.plain) throw irregular;
    return Number(this.text(start));
  }

  /** The text of the number that began there. */
  text(start: number): string {
    return this.bytes.toString("latin1", start, this.at);
  }

  #exponent(): number {
    const { bytes } = this;
    this.plain = false;
    let byte = bytes[++this.at]!;
    const negative = byte === MINUS;
    if (negative || byte === PLUS) byte = bytes[++this.at]!;
    const first = this.at;
    let value = 0;
    while (byte >= ZERO && byte <= NINE) {
      value = Math.min(value * 10 + (byte - ZERO), 100_000);
      byte = bytes[++this.at]!;
    }
    if (this.at === first) throw irregular;
    return negative ? -value : value;
  }
}

/** Digits and a power of ten that are both exact, rounded once; undefined where they are not. */
function exact(digits: number, exponent: number): number | undefined {
  if (digits > EXACT) return undefined;
  if (exponent === 0) return digits;
  if (exponent < 0) return exponent >= -22 ? digits / powers[-exponent]! : undefined;
  return exponent <= 22 ? digits * powers[exponent]! : undefined;
}

/** A number that is off by less than `DOUBT`, where FP32 cannot tell; not a number where it could. */
function nearly(value: number): number {
  return Math.fround(value * (1 - DOUBT)) === Math.fround(value * (1 + DOUBT)) ? value : Number.NaN;
}
