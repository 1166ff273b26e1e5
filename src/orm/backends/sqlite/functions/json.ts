import type { DatabaseSync } from "node:sqlite";
import { Decimal } from "#validation";
import { decimalKey } from "./decimals.ts";
import { define } from "./define.ts";

/** Comparisons of JSON texts as PostgreSQL compares `jsonb`: by value, whatever the order of keys. */
export function defineJson(connection: DatabaseSync): void {
  const both = (name: string, compute: (a: unknown, b: unknown) => unknown) =>
    define(connection, name, (a: string, b: string) => compute(JSON.parse(a), JSON.parse(b)));
  both("json_equal", (a, b) => Number(isSame(a, b)));
  both("json_compare", compare);
  both("json_contains", (a, b) => Number(contains(a, b) || (Array.isArray(a) && !isContainer(b) && a.includes(b))));
  both("json_in", (a, list) => Number((list as unknown[]).some((item) => isSame(a, item))));
  define(connection, "json_has_keys", (data: string, keys: string, all: number) =>
    hasKeys(JSON.parse(data), JSON.parse(keys), all === 1),
  );
  define(connection, "json_text", (data: string) => textOf(data));
  define(connection, "json_key", (data: string) => sortKey(JSON.parse(data)));
  define(connection, "json_of", (given: unknown) => JSON.stringify(given));
  define(connection, "json_join", (list: string, delimiter: string) => join(JSON.parse(list), delimiter));
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isSame(a: unknown, b: unknown): boolean {
  if (!isContainer(a) || !isContainer(b)) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key]));
}

/** -1, 0 or 1 for values of one type; null where there is no order. */
function compare(a: unknown, b: unknown): number | null {
  if (typeof a !== typeof b || isContainer(a) || a === null) return null;
  return a === b ? 0 : (a as number) < (b as number) ? -1 : 1;
}

function contains(a: unknown, b: unknown): boolean {
  if (!isContainer(a) || !isContainer(b)) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  if (Array.isArray(b)) return b.every((item) => (a as unknown as unknown[]).some((own) => contains(own, item)));
  return Object.keys(b).every((key) => Object.hasOwn(a, key) && contains(a[key], b[key]));
}

function hasKeys(data: unknown, keys: readonly string[], all: boolean): number {
  const has = (key: string) =>
    Array.isArray(data) ? data.includes(key) : isContainer(data) ? Object.hasOwn(data, key) : data === key;
  return Number(all ? keys.every(has) : keys.some(has));
}

function textOf(data: string): string | null {
  const value: unknown = JSON.parse(data);
  return typeof value === "string" ? value : value === null ? null : data;
}

/** A text that sorts as PostgreSQL orders JSON: null, texts, numbers, booleans, lists, objects. */
function sortKey(value: unknown): string {
  if (value === null) return "0";
  if (typeof value === "string") return `1${value}`;
  if (typeof value === "number") return `2${decimalKey(new Decimal(value))}`;
  if (typeof value === "boolean") return `3${Number(value)}`;
  const size = String(Object.keys(value as object).length).padStart(6, "0");
  return `${Array.isArray(value) ? "4" : "5"}${size}${JSON.stringify(value)}`;
}

function join(list: readonly unknown[], delimiter: string): string | null {
  const texts = list.filter((item) => item !== null);
  return texts.length === 0 ? null : texts.join(delimiter);
}
