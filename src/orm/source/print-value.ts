import { Decimal, Temporal } from "#validation";
import type { ImportList } from "./import-list.ts";
import { lineWidth } from "./line-width.ts";

/** An expression that prints as a call: `char({ maxLength: 30 })`, `foreignKey("shop.Roaster", { onDelete: "protect" })`. */
export class PrintedCall {
  readonly callee: { readonly door: string; readonly name: string };
  readonly values: readonly unknown[];

  constructor(callee: PrintedCall["callee"], values: readonly unknown[]) {
    this.callee = callee;
    this.values = values;
  }
}

/** An object that is printed with one entry a line even where it would fit in one. */
export class PrintedBlock {
  readonly entries: Record<string, unknown>;

  constructor(entries: Record<string, unknown>) {
    this.entries = entries;
  }
}

/** Where a value is printed. */
export interface Printing {
  indent: number;
  /** What stands on the line before the value: `name: `. */
  before: number;
  /** How many characters follow it: `),`. */
  after: number;
  /** Gets what the file must import for what is printed. */
  imports?: ImportList | undefined;
}

/** A value as TypeScript source, broken into lines as the formatter would break it. */
export function printValue(value: unknown, at: Partial<Printing> = {}): string {
  return print(value, { indent: 0, before: 0, after: 0, ...at });
}

function print(value: unknown, at: Printing): string {
  if (value instanceof PrintedCall) return printCall(value, at);
  if (value instanceof PrintedBlock) return printObject(value.entries, at, true);
  if (Array.isArray(value)) return printArray(value, at);
  if (value !== null && typeof value === "object") return printObjectLike(value, at);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "string") return printString(value);
  if (typeof value === "function") return printFunction(value);
  return Object.is(value, -0) ? "-0" : String(value);
}

/** A function as it was written; one written as a method becomes a function that can stand alone. */
function printFunction(value: object): string {
  const source = Function.prototype.toString.call(value);
  if (/^(?:async\s*)?(?:function\b|\(|[\w$]+\s*=>)|^class\b/.test(source)) return source;
  const isAsync = /^async\s/.test(source);
  return `${isAsync ? "async " : ""}function ${source.replace(/^async\s+/, "")}`;
}

/** Double quotes, unless the text holds more of them than of single ones. */
function printString(text: string): string {
  const quoted = JSON.stringify(text);
  const doubles = text.split('"').length - 1;
  if (doubles <= text.split("'").length - 1) return quoted;
  return `'${quoted.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** What does not fit on the line is broken inside the last value, as in `char({`. */
function printCall({ callee, values }: PrintedCall, at: Printing): string {
  at.imports?.add(callee.door, callee.name);
  const first = values.slice(0, -1).map((value) => `${print(value, at)}, `);
  const head = `${callee.name}(${first.join("")}`;
  return `${head}${values.length === 0 ? "" : print(values.at(-1), { ...at, before: at.before + head.length, after: at.after + 1 })})`;
}

function printObjectLike(value: object, at: Printing): string {
  if (value instanceof Date) return `new Date(${JSON.stringify(value.toISOString())})`;
  if (value instanceof RegExp) return String(value);
  if (value instanceof Uint8Array) return `Uint8Array.from([${[...value].join(", ")}])`;
  if (value instanceof Decimal) {
    at.imports?.add("cortado/validation", "Decimal");
    return `new Decimal(${JSON.stringify(value.toString())})`;
  }
  for (const name of ["PlainDate", "PlainTime", "PlainDateTime", "Instant", "Duration"] as const) {
    if (!(value instanceof Temporal[name])) continue;
    at.imports?.add("cortado/validation", "Temporal");
    return `Temporal.${name}.from(${JSON.stringify(value.toString())})`;
  }
  return printObject(value as Record<string, unknown>, at, false);
}

function printObject(value: Record<string, unknown>, at: Printing, forced: boolean): string {
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  if (entries.length === 0) return "{}";
  const flat = `{ ${entries.map(([key, entry]) => printEntry(key, entry, flatPlace)).join(", ")} }`;
  if (!forced && fits(flat, at)) return `{ ${entries.map(([key, entry]) => printEntry(key, entry, at)).join(", ")} }`;
  const inner = at.indent + 2;
  const lines = entries.map(
    ([key, entry]) => `${pad(inner)}${printEntry(key, entry, { ...at, indent: inner, before: inner, after: 1 })},`,
  );
  return `{\n${lines.join("\n")}\n${pad(at.indent)}}`;
}

function printEntry(key: string, value: unknown, at: Printing): string {
  const name = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? key : printString(key);
  return `${name}: ${print(value, { ...at, before: at.before + name.length + 2 })}`;
}

function printArray(value: readonly unknown[], at: Printing): string {
  if (value.length === 0) return "[]";
  const flat = `[${value.map((entry) => print(entry, flatPlace)).join(", ")}]`;
  if (!isTable(value) && fits(flat, at)) return `[${value.map((entry) => print(entry, at)).join(", ")}]`;
  const inner = at.indent + 2;
  const lines = value.map((entry) => `${pad(inner)}${print(entry, { ...at, indent: inner, before: inner, after: 1 })},`);
  return `[\n${lines.join("\n")}\n${pad(at.indent)}]`;
}

/** Several rows of several cells are written one a line. */
function isTable(value: readonly unknown[]): boolean {
  return value.length > 1 && value.every((row) => Array.isArray(row) && row.length > 1);
}

const flatPlace: Printing = { indent: 0, before: 0, after: 0 };

function fits(flat: string, at: Printing): boolean {
  return !flat.includes("\n") && at.before + flat.length + at.after <= lineWidth;
}

function pad(width: number): string {
  return " ".repeat(width);
}
