import type { Kind } from "./fuzz-models.ts";

/** SQL's third truth value is null. */
export type Truth = boolean | null;

/** A value as it is compared: decimals by their number, all else by itself. */
export function order(left: unknown, right: unknown, kind: Kind): number {
  if (kind === "decimal") return Number(left) - Number(right);
  if (kind === "text") return Buffer.compare(Buffer.from(String(left)), Buffer.from(String(right)));
  return (left as number) < (right as number) ? -1 : (left as number) > (right as number) ? 1 : 0;
}

/** Rows without a value are the least. */
export function orderNulls(left: unknown, right: unknown, kind: Kind): number {
  if (left === null || right === null) return Number(left !== null) - Number(right !== null);
  return order(left, right, kind);
}

export function all(truths: readonly Truth[]): Truth {
  return truths.includes(false) ? false : truths.includes(null) ? null : true;
}

export function any(truths: readonly Truth[]): Truth {
  return truths.includes(true) ? true : truths.includes(null) ? null : false;
}

/** How a value stands in the source of a query. */
export function source(value: unknown, kind: Kind): string {
  return kind === "moment" && value !== null ? `new Date(${JSON.stringify(value)})` : JSON.stringify(value);
}

/** What a query gives, in a form that can be compared: numbers rounded, moments and days as texts. */
export function plain(value: unknown): unknown {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "string") return /^-?\d+\.\d\d$/.test(value) ? Number(value) : value;
  if (typeof value === "number" || typeof value === "bigint") return Math.round(Number(value) * 1e6) / 1e6;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  const text = String(value);
  if (text !== "[object Object]") return /^-?[\d.]+$/.test(text) ? Math.round(Number(text) * 1e6) / 1e6 : text;
  return Object.fromEntries(Object.entries(value as object).map(([name, each]) => [name, plain(each)]));
}
