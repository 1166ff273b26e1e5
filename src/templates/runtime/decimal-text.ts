/** An exact decimal: `coefficient × 10 ** exponent`. */
export interface DecimalText {
  readonly coefficient: bigint;
  readonly exponent: number;
  readonly digits: number;
}

const pattern = /^([-+]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([-+]?\d+))?$/;

/** Reads a decimal exactly; "special" for infinities and NaN, undefined for what is no number. */
export function parseDecimal(given: string): DecimalText | "special" | undefined {
  const text = given.trim();
  if (/^[-+]?(?:inf(?:inity)?|s?nan)$/i.test(text)) return "special";
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, sign, whole = "", fraction = match[4] ?? "", , power = "0"] = match;
  if (Math.abs(Number(power)) > 10_000) return { coefficient: 0n, exponent: Number(power), digits: 1 };
  const digits = (whole + fraction).replace(/^0+(?=\d)/, "");
  const coefficient = BigInt(digits) * (sign === "-" ? -1n : 1n);
  return { coefficient, exponent: Number(power) - fraction.length, digits: digits.length };
}

/** Writes a decimal with so many places, rounding half up; a negative number of places leaves whole numbers whole. */
export function formatDecimal(decimal: DecimalText, { places }: { places: number }): string {
  const whole = isWhole(decimal);
  const shown = whole && places <= 0 ? 0 : Math.abs(places);
  const scaled = rescale(decimal, shown);
  const text = String(scaled < 0n ? -scaled : scaled).padStart(shown + 1, "0");
  const fraction = shown === 0 ? "" : `.${text.slice(-shown)}`;
  return (scaled < 0n ? "-" : "") + text.slice(0, text.length - shown) + fraction;
}

/**
 * Writes a number with so many places; what lies in the middle between two goes to the even one, as Python does.
 *
 * ```ts
 * fixedText(2.5, 0); // "2"
 * ```
 */
export function fixedText(value: number, places: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  const [fraction, power] = binaryOf(Math.abs(value));
  const scaled = fraction * 10n ** BigInt(places);
  const rounded = power >= 0n ? scaled << power : halfToEven(scaled, 1n << -power);
  const text = String(rounded).padStart(places + 1, "0");
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  return sign + (places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`);
}

/** A number as `fraction × 2 ** power`, exactly. */
function binaryOf(value: number): [fraction: bigint, power: bigint] {
  const bits = new BigUint64Array(new Float64Array([value]).buffer)[0]!;
  const power = (bits >> 52n) & 0x7ffn;
  const fraction = bits & 0xf_ffff_ffff_ffffn;
  return power === 0n ? [fraction, -1074n] : [fraction | (1n << 52n), power - 1075n];
}

function halfToEven(value: bigint, divisor: bigint): bigint {
  const whole = value / divisor;
  const twice = (value % divisor) * 2n;
  return twice > divisor || (twice === divisor && whole % 2n === 1n) ? whole + 1n : whole;
}

function isWhole({ coefficient, exponent }: DecimalText): boolean {
  return exponent >= 0 || coefficient % 10n ** BigInt(-exponent) === 0n;
}

function rescale({ coefficient, exponent }: DecimalText, places: number): bigint {
  const shift = exponent + places;
  if (shift >= 0) return coefficient * 10n ** BigInt(shift);
  const divisor = 10n ** BigInt(-shift);
  const size = coefficient < 0n ? -coefficient : coefficient;
  const rounded = (size + divisor / 2n) / divisor;
  return coefficient < 0n ? -rounded : rounded;
}
