import { LazyText } from "#kernel/i18n";
import type { Comparison } from "../condition.ts";
import { SafeString } from "../safe-string.ts";

/** Whether Python would take a value for true: what is empty or zero is false. */
export function truthy(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return Boolean(value) || Number.isNaN(value);
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof SafeString || value instanceof LazyText) return value.toString() !== "";
  if (value instanceof Map || value instanceof Set) return value.size > 0;
  if (isPlain(value)) return Object.keys(value).length > 0;
  return !isZero(value);
}

/** Whether an object is a plain one, as a literal makes. */
export function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as unknown;
  return prototype === Object.prototype || prototype === null;
}

/** Exact decimals that are zero: they convert to the number 0, and compare themselves. */
function isZero(value: object): boolean {
  return typeof (value as { cmp?: unknown }).cmp === "function" && Number(value) === 0;
}

/** A comparison of `{% if %}`; values that cannot be compared are not. */
export function compare(operator: Comparison, left: unknown, right: unknown): boolean {
  switch (operator) {
    case "==":
      return equal(left, right);
    case "!=":
      return !equal(left, right);
    case "is":
      return identical(left, right);
    case "is not":
      return !identical(left, right);
    case "in":
      return contains(right, left) === true;
    case "not in":
      return contains(right, left) === false;
    default:
      return ordered(operator, order(left, right));
  }
}

function ordered(operator: "<" | "<=" | ">" | ">=", sign: number | undefined): boolean {
  if (sign === undefined || Number.isNaN(sign)) return false;
  if (operator === "<") return sign < 0;
  if (operator === "<=") return sign <= 0;
  return operator === ">" ? sign > 0 : sign >= 0;
}

function plain(value: unknown): unknown {
  if (value instanceof SafeString || value instanceof LazyText) return value.toString();
  if (value === undefined) return null;
  return typeof value === "boolean" ? Number(value) : value;
}

function identical(left: unknown, right: unknown): boolean {
  return (
    (left ?? null) === (right ?? null) ||
    (left instanceof SafeString && right instanceof SafeString && left.value === right.value)
  );
}

/** Equality by value, deep in lists and dictionaries, as Python's. */
export function equal(left: unknown, right: unknown): boolean {
  const a = plain(left);
  const b = plain(right);
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return equalNumbers(a, b);
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => equal(item, b[i]));
  if (isDictionary(a) && isDictionary(b)) return equalEntries(entriesOf(a), entriesOf(b));
  const equals = (a as { equals?: unknown; eq?: unknown }).equals ?? (a as { eq?: unknown }).eq;
  return typeof equals === "function" && Object.getPrototypeOf(a) === Object.getPrototypeOf(b) && Boolean(equals.call(a, b));
}

function equalNumbers(a: unknown, b: unknown): boolean {
  const numeric = (value: unknown) => typeof value === "number" || typeof value === "bigint" || isDecimal(value);
  // oxlint-disable-next-line eqeqeq -- a bigint and a number of one value are equal only so
  return numeric(a) && numeric(b) && (typeof a === "object" || typeof b === "object" ? Number(a) === Number(b) : a == b);
}

/** Whether a value is an exact decimal. */
export function isDecimal(value: unknown): boolean {
  return typeof value === "object" && value !== null && typeof (value as { cmp?: unknown }).cmp === "function";
}

function isDictionary(value: object): boolean {
  return value instanceof Map || isPlain(value);
}

function entriesOf(value: object): Map<unknown, unknown> {
  return value instanceof Map ? value : new Map(Object.entries(value));
}

function equalEntries(a: Map<unknown, unknown>, b: Map<unknown, unknown>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.has(key) && equal(value, b.get(key)));
}

/** The sign of the order of two values of a kind; undefined when they have none. */
export function order(left: unknown, right: unknown): number | undefined {
  const a = plain(left);
  const b = plain(right);
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : Number(a > b);
  if (Array.isArray(a) && Array.isArray(b)) return orderLists(a, b);
  if (a === null || b === null || typeof a === "string" || typeof b === "string") return undefined;
  if (typeof a === "object" && typeof b === "object" && typeof (a.constructor as { compare?: unknown }).compare === "function") {
    return orderBy(a.constructor as unknown as Comparing, a, b);
  }
  const [x, y] = [comparable(a), comparable(b)];
  return x === undefined || y === undefined ? undefined : x < y ? -1 : Number(x > y);
}

interface Comparing {
  compare(a: unknown, b: unknown): number;
}

/** The order that a class of Temporal's knows; none where the other value is not one of its kind. */
function orderBy(type: Comparing, a: object, b: object): number | undefined {
  return a.constructor === b.constructor ? type.compare(a, b) : undefined;
}

function comparable(value: unknown): number | bigint | undefined {
  if (typeof value === "number" || typeof value === "bigint") return value;
  if (value instanceof Date) return value.getTime();
  return isDecimal(value) ? Number(value) : undefined;
}

function orderLists(a: readonly unknown[], b: readonly unknown[]): number | undefined {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (!equal(a[i], b[i])) return order(a[i], b[i]);
  return a.length - b.length;
}

/** Whether a collection holds a value; undefined when it is no collection. */
function contains(collection: unknown, value: unknown): boolean | undefined {
  const held = plain(collection);
  if (typeof held === "string") {
    const part = plain(value);
    return typeof part === "string" ? held.includes(part) : undefined;
  }
  if (held instanceof Map) return [...held.keys()].some((key) => equal(key, value));
  if (typeof held !== "object" || held === null) return undefined;
  if (Symbol.iterator in held) return [...(held as Iterable<unknown>)].some((item) => equal(item, value));
  return isPlain(held) ? Object.hasOwn(held, String(plain(value))) : undefined;
}
