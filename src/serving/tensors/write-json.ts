import { plainArray, type Tensor } from "./tensor.ts";

declare global {
  interface JSON {
    /** A value that `JSON.stringify` writes as this text. */
    rawJSON(text: string): unknown;
  }
}

/** Integers beyond 2^53 with all their digits; infinities as `±1e999`, which every JSON reader takes for one; NaN as null. */
function jsonSafeNumber(value: number | bigint): unknown {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : JSON.rawJSON(value.toString());
  }
  if (value === Number.POSITIVE_INFINITY) return JSON.rawJSON("1e999");
  return value === Number.NEGATIVE_INFINITY ? JSON.rawJSON("-1e999") : value;
}

/** The elements of a tensor in one flat array, ready for `JSON.stringify`. */
export function jsonElements(tensor: Tensor): unknown[] {
  const { datatype } = tensor;
  const data = tensor.elements();
  if (Array.isArray(data)) return data;
  if (datatype === "BOOL") return Array.from(data as Uint8Array, Boolean);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Array.from(data, jsonSafeNumber);
  const values: unknown[] = plainArray(data as ArrayLike<number>);
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) values[i] = jsonSafeNumber(values[i] as number);
  return values;
}

/** A value of any depth with its numbers made safe for JSON. Arrays and objects without such numbers are kept as they are. */
export function jsonSafe(value: unknown): unknown {
  if (typeof value === "bigint") return jsonSafeNumber(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : jsonSafeNumber(value);
  if (Array.isArray(value)) return needsCare(value) ? value.map(jsonSafe) : value;
  if (value === null || typeof value !== "object" || typeof (value as { toJSON?: unknown }).toJSON === "function") return value;
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>, jsonSafeNumber);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, jsonSafe(part)]));
}

function needsCare(values: readonly unknown[]): boolean {
  for (const value of values) if (typeof value !== "string" && !Number.isFinite(value)) return true;
  return false;
}
