import { quotedText, textOf } from "../runtime/text.ts";

const pattern = /^([-+ #0]*)(\d*)(?:\.(\d+))?([a-zA-Z])(.*)$/s;

interface Spec {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly kind: string;
}

/** Python's `%` formatting of one value, by what follows the sign: `03d`, `.2f`, `s`. Nothing where it does not fit. */
export function formatPrintf(format: string, value: unknown): string {
  const match = pattern.exec(format);
  if (!match) return "";
  const [, flags = "", width = "", precision, kind = "", rest = ""] = match;
  const spec: Spec = { flags, width: Number(width), precision: precision === undefined ? undefined : Number(precision), kind };
  const text = "sra".includes(kind) ? formatText(spec, value) : formatNumber(spec, value);
  return text === undefined ? "" : text + rest.replaceAll("%%", "%");
}

function formatText({ flags, width, precision, kind }: Spec, value: unknown): string {
  const text = (kind === "s" ? textOf(value) : quotedText(value)).slice(0, precision);
  return flags.includes("-") ? text.padEnd(width) : text.padStart(width);
}

function formatNumber(spec: Spec, value: unknown): string | undefined {
  const number = typeof value === "boolean" ? Number(value) : value;
  if (spec.kind === "c") return typeof number === "number" ? String.fromCodePoint(number) : undefined;
  const decimal = typeof number === "object" && number !== null && "cmp" in number ? Number(number) : number;
  if (typeof decimal !== "number" && typeof decimal !== "bigint") return undefined;
  const digits = digitsOf(spec, decimal);
  return digits === undefined ? undefined : padded(spec, digits, decimal < 0);
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
      return Number(size).toFixed(Math.min(100, precision ?? 6));
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

function exponential(value: number, precision: number, kind: string): string {
  const text = value.toExponential(Math.min(100, precision)).replace(/e([+-])(\d)$/, "e$10$2");
  return kind === "E" ? text.toUpperCase() : text;
}

function general(value: number, precision: number, kind: string): string {
  const digits = Math.max(1, precision);
  const exponent = value === 0 ? 0 : Number(value.toExponential(digits - 1).split("e")[1]);
  const text =
    exponent < -4 || exponent >= digits
      ? exponential(value, digits - 1, "e").replace(/\.?0+e/, "e")
      : value.toFixed(Math.max(0, digits - 1 - exponent)).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, ""); // prettier-ignore
  return kind === "G" ? text.toUpperCase() : text;
}

function padded({ flags, width }: Spec, digits: string, negative: boolean): string {
  const sign = negative ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
  if (flags.includes("-")) return (sign + digits).padEnd(width);
  return flags.includes("0") ? sign + digits.padStart(width - sign.length, "0") : (sign + digits).padStart(width);
}
