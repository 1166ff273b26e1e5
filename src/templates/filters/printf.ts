import { fixedText } from "../runtime/decimal-text.ts";
import { isDecimal } from "../runtime/compare.ts";
import { SafeString } from "../safe-string.ts";
import { quotedText, textOf } from "../runtime/text.ts";

const directive = /%(?:\(([^)]*)\))?([-+ #0]*)(\d*)(?:\.(\d*))?[hlL]?([\s\S]?)/g;

/** A width that a client may have sent must not fill the memory. */
const widest = 100_000;

interface Spec {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly kind: string;
}

/** Python's `%` formatting of one value, by what follows the first sign: `03d`, `.2f`, `s`. Nothing where it does not fit. */
export function formatPrintf(format: string, value: unknown): string {
  let taken = isMapping(value);
  let fits = true;
  const text = `%${format}`.replace(directive, (_, key: string | undefined, ...parts: string[]) => {
    const [flags = "", width = "", precision, kind = ""] = parts;
    if (kind === "%") return "%";
    if (key === undefined && taken && !isMapping(value)) fits = false;
    taken = true;
    const places = precision === undefined ? undefined : Math.min(Number(precision), widest);
    const given = key === undefined ? value : entryOf(value, key);
    const written =
      given === undefined
        ? undefined
        : formatOne({ flags, width: Math.min(Number(width), widest), precision: places, kind }, given);
    if (written === undefined) fits = false;
    return written ?? "";
  });
  return fits && taken ? text : "";
}

/** What Python takes values by their names from; such a value need not be used. */
function isMapping(value: unknown): boolean {
  return typeof value === "object" && value !== null && !(value instanceof SafeString) && !isDecimal(value);
}

function entryOf(value: unknown, key: string): unknown {
  if (value instanceof Map) return value.get(key) as unknown;
  return isMapping(value) && Object.hasOwn(value as object, key) ? (value as Record<string, unknown>)[key] : undefined;
}

function formatOne(spec: Spec, value: unknown): string | undefined {
  return "sra".includes(spec.kind) && spec.kind !== "" ? formatText(spec, value) : formatNumber(spec, value);
}

function formatText({ flags, width, precision, kind }: Spec, value: unknown): string {
  const whole = kind === "s" ? textOf(value) : kind === "r" ? quotedText(value) : asciiText(quotedText(value));
  const text = [...whole].slice(0, precision).join("");
  return flags.includes("-") ? text.padEnd(width) : text.padStart(width);
}

/** Python's `ascii()` of what is quoted already. */
function asciiText(text: string): string {
  return text.replace(/[^\0-\x7f]/gu, (character) => { // oxlint-disable-line no-control-regex -- ASCII is what is kept
    const code = character.codePointAt(0)!;
    const [sign, digits] = code < 0x100 ? ["x", 2] : code < 0x10000 ? ["u", 4] : ["U", 8];
    return `\\${sign}${code.toString(16).padStart(digits as number, "0")}`;
  }); // prettier-ignore
}

function formatNumber(spec: Spec, value: unknown): string | undefined {
  const number = typeof value === "boolean" ? Number(value) : value;
  if (spec.kind === "c") return formatCharacter(spec, number);
  const decimal = isDecimal(number) ? Number(number) : number;
  if (typeof decimal !== "number" && typeof decimal !== "bigint") return undefined;
  if ("diuoxX".includes(spec.kind) && !fitsWhole(spec.kind, decimal, isDecimal(number))) return undefined;
  const digits = digitsOf(spec, decimal);
  const isNegative = "diu".includes(spec.kind) ? decimal <= -1 : decimal < 0 || Object.is(decimal, -0);
  return digits === undefined ? undefined : padded(spec, digits, isNegative);
}

/** Whole numbers are made of fractions for decimals only. */
function fitsWhole(kind: string, value: number | bigint, isDecimal: boolean): boolean {
  if (isDecimal && !"diu".includes(kind)) return false;
  if (typeof value === "bigint") return true;
  return "diu".includes(kind) ? Number.isFinite(value) : Number.isInteger(value);
}

function formatCharacter({ flags, width }: Spec, value: unknown): string | undefined {
  const isCode = typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 0x10ffff;
  const text = isCode ? String.fromCodePoint(value) : String(value);
  if (!isCode && !(typeof value === "string" && [...value].length === 1)) return undefined;
  return flags.includes("-") ? text.padEnd(width) : text.padStart(width);
}

/** The digits without a sign. */
function digitsOf({ kind, precision, flags }: Spec, value: number | bigint): string | undefined {
  const size = value < 0 ? -value : value;
  const whole = () => BigInt(typeof size === "bigint" ? size : Math.trunc(size));
  const prefix = (text: string) => (flags.includes("#") ? text : "");
  switch (kind) {
    case "d":
    case "i":
    case "u":
      return String(whole()).padStart(precision ?? 0, "0");
    case "x":
      return prefix("0x") + whole().toString(16);
    case "X":
      return prefix("0X") + whole().toString(16).toUpperCase();
    case "o":
      return prefix("0o") + whole().toString(8);
    case "f":
    case "F":
      return cased(fixedText(Number(size), Math.min(100, precision ?? 6)), kind);
    case "e":
    case "E":
      return exponential(Number(size), precision ?? 6, kind);
    case "g":
    case "G":
      return general(Number(size), precision ?? 6, kind);
    default:
      return undefined;
  }
}

const cased = (text: string, kind: string) => (kind === kind.toUpperCase() ? text.toUpperCase() : text);

function exponential(value: number, precision: number, kind: string): string {
  if (!Number.isFinite(value)) return cased(fixedText(value, 0), kind);
  const text = value.toExponential(Math.min(100, precision)).replace(/e([+-])(\d)$/, "e$10$2");
  return kind === "E" ? text.toUpperCase() : text;
}

function general(value: number, precision: number, kind: string): string {
  if (!Number.isFinite(value)) return cased(fixedText(value, 0), kind);
  const digits = Math.max(1, precision);
  const exponent = value === 0 ? 0 : Number(value.toExponential(Math.min(100, digits - 1)).split("e")[1]);
  const text =
    exponent < -4 || exponent >= digits
      ? exponential(value, digits - 1, "e").replace(/\.?0+e/, "e")
      : fixedText(value, Math.max(0, digits - 1 - exponent)).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, ""); // prettier-ignore
  return kind === "G" ? text.toUpperCase() : text;
}

function padded({ flags, width }: Spec, digits: string, negative: boolean): string {
  const sign = negative ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
  if (flags.includes("-")) return (sign + digits).padEnd(width);
  return flags.includes("0") ? sign + digits.padStart(width - sign.length, "0") : (sign + digits).padStart(width);
}
