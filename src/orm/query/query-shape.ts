import { ormErrors } from "../errors.ts";
import { stateOf } from "../model/rows/instance-state.ts";
import { metaOf } from "../model/rows/row.ts";
import type { Filter, QueryState } from "./query-state.ts";

/**
 * How it works
 *
 * Compiling a query to SQL costs more than running it, so compiled plans are kept by the query's
 * shape: everything but the values. `shapeOf` walks the filters once, writes the shape and collects the
 * values in the order in which the compiler meets them. What holds expressions or other queries has no
 * shape and is compiled each time.
 */
export function shapeOf(state: QueryState, values: unknown[]): string | undefined {
  if (state.annotations !== undefined || isWritten(state)) return undefined;
  let key = "";
  if (state.through) {
    key += `>${state.through.table}.${state.through.owner.name}${state.through.tellsOwner ? "+" : ""}`;
    values.push(state.through.owners);
  }
  for (const filter of state.filters) {
    const part = filterShape(filter, state.meta.label, values);
    if (part === undefined) return undefined;
    key += part;
  }
  const options = optionsShape(state);
  if (options === undefined) return undefined;
  if (state.start > 0) values.push(state.start);
  return key + options;
}

/** Whether the query reads from others, which are written into it. */
function isWritten({ source, joins, groupSlice }: QueryState): boolean {
  return source !== undefined || joins !== undefined || groupSlice !== undefined;
}

function filterShape({ negated, condition }: Filter, model: string, values: unknown[]): string | undefined {
  if (!isPlainObject(condition)) return undefined;
  const inner = objectShape(condition, model, values);
  return inner === undefined ? undefined : negated ? `!${inner}` : inner;
}

function optionsShape(state: QueryState): string | undefined {
  let key = "|";
  if (state.order) {
    key += state.order.length;
    for (const term of state.order) {
      if (typeof term !== "string") return undefined;
      key += `${term},`;
    }
  } else key += "~";
  if (state.reversed) key += "r";
  if (state.distinct) key += "d";
  if (state.start > 0) key += "s";
  if (state.end !== undefined) key += `e${state.end - state.start}`;
  // With the number of names "a,b" does not look like "a" and "b", with semicolons one list does not look like two.
  if (state.distinctOn) key += `;D${state.distinctOn.length}${state.distinctOn.join()}`;
  if (state.lock) key += `;l${JSON.stringify(state.lock)}`;
  if (state.only) key += `;o${state.only.length}${state.only.join()}`;
  if (state.deferred) key += `;x${state.deferred.length}${state.deferred.join()}`;
  if (state.load.length > 0) key += `;w${state.load.length}${state.load.join()}`;
  if (state.selection) key += `;v${state.selection.kind} ${state.selection.names.length}${state.selection.names.join()}`;
  return key;
}

function objectShape(where: Readonly<Record<string, unknown>>, label: string, values: unknown[]): string | undefined {
  let key = "{";
  for (const name in where) {
    const value = where[name];
    if (isPlainObject(value)) {
      const inner = objectShape(value, `${label}.${name}`, values);
      if (inner === undefined) return undefined;
      key += `${name}${inner}`;
    } else {
      const marker = lookupValues(name, value, { label, values });
      if (marker === undefined) return undefined;
      key += `${name}:${marker};`;
    }
  }
  return `${key}}`;
}

/** Where values are put, and what they are compared with, for messages. */
interface ShapeValues {
  readonly label: string;
  readonly values: unknown[];
}

/**
 * Puts the values of one lookup into `values` and says what else its SQL depends on; undefined when it
 * is an expression or a query.
 */
export function lookupValues(lookup: string, value: unknown, { label, values }: ShapeValues): string | undefined {
  if (value === null) return "null";
  switch (typeof value) {
    case "undefined":
      throw ormErrors.ORM_UNDEFINED_VALUE({ model: label, field: lookup });
    case "boolean":
      if (lookup === "isNull") return String(value);
      break;
    case "string":
      if (value.length > longText) {
        values.push(value);
        return "long";
      }
      if (lookup.startsWith("i") && caseless.has(lookup)) {
        values.push(value);
        return isAscii(value) ? "ascii" : "any";
      }
      break;
    case "function":
      return undefined;
    case "number":
      values.push(value);
      return Number.isSafeInteger(value) ? "?" : "real";
    case "bigint":
      values.push(value);
      return BigInt.asIntN(64, value) === value ? "?" : "real";
    case "object":
      return objectValues(lookup, value, { label, values });
  }
  values.push(value);
  return "?";
}

/** Beyond this a text is no pattern: SQLite takes 50,000 bytes. */
const longText = 10_000;
const caseless = new Set(["iexact", "icontains", "istartsWith", "iendsWith"]);

function isAscii(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- the range of ASCII is what is meant
  return /^[\x00-\x7f]*$/.test(text);
}

function objectValues(lookup: string, value: object, { label, values }: ShapeValues): string | undefined {
  if (stateOf in value) {
    if ((value as { pk?: unknown }).pk == null) notSaved(label);
    values.push(value);
    return `row of ${metaOf(value).label}`;
  }
  if (Array.isArray(value) || value instanceof Set) return listValues(lookup, value, { label, values });
  if (isComputed(value)) return undefined;
  values.push(value);
  return "?";
}

/** Whether the database computes it: an expression or a query. JSON has no functions. */
function isComputed(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { compile, compileSubQuery } = value as { compile?: unknown; compileSubQuery?: unknown };
  return typeof compile === "function" || typeof compileSubQuery === "function";
}

function notSaved(model: string): never {
  throw ormErrors.ORM_NOT_SAVED({ model, use: "it cannot be looked for" });
}

function listValues(lookup: string, list: readonly unknown[] | Set<unknown>, { label, values }: ShapeValues): string | undefined {
  const items = [...list];
  if (items.includes(undefined)) throw ormErrors.ORM_UNDEFINED_VALUE({ model: label, field: lookup });
  if (items.some(isComputed)) return undefined;
  if (lookup !== "range" || items.length !== 2) {
    values.push(items);
    return "[]";
  }
  values.push(items[0], items[1]);
  return items.every((item) => typeof item !== "number" || Number.isSafeInteger(item)) ? "range" : "real";
}

/** An object written as `{ … }`, as opposed to a Date, a Decimal, a row or a query. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
