import { Decimal, isDecimal } from "#validation";
import type { Cell } from "../tabular/table.ts";

/** What a value is written as: itself where JSON has it, else an object with one key that says what it is. */
type Written = string | number | boolean | null | Record<`$${string}`, unknown>;

/** A value in the form in which a dataset file keeps it, or undefined for what cannot be kept (a function, a symbol). */
export function writeValue(value: unknown): Written | undefined {
  if (value === null || value === undefined) return null;
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      if (Number.isNaN(value)) return null;
      return Number.isFinite(value) ? value : { $number: String(value) };
    case "bigint":
      return { $bigint: String(value) };
    case "object":
      return writeObject(value);
    default:
      return undefined;
  }
}

function writeObject(value: object): Written {
  if (isDecimal(value)) return { $decimal: String(value) };
  if (value instanceof Date) return { $date: value.toISOString() };
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString("base64") };
  const kind = Object.prototype.toString.call(value).slice("[object ".length, -1);
  if (kind === "Temporal.PlainDate") return { $date: String(value) };
  return kind.startsWith("Temporal.") ? String(value) : { $json: value };
}

/** The value that was written: exact numbers stay exact, dates are `Date`. */
export function readValue(written: Written): unknown {
  if (typeof written !== "object" || written === null) return written;
  const [[kind, value]] = Object.entries(written) as [[string, unknown]];
  switch (kind) {
    case "$number":
      return Number(value);
    case "$bigint":
      return BigInt(value as string);
    case "$decimal":
      return new Decimal(value as string);
    case "$date":
      return new Date(value as string);
    case "$bytes":
      return Buffer.from(value as string, "base64");
    default:
      return value;
  }
}

/** The value as a tabular trainer takes it, or undefined where it is neither number, text nor yes or no. */
export function cellOf(value: unknown): Cell | undefined {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (value instanceof Date) return value.getTime();
  return typeof value === "bigint" || isDecimal(value) ? Number(value) : undefined;
}
