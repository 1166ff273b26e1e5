import { ormErrors } from "../errors.ts";
import { stateOf } from "../model/rows/instance-state.ts";
import { metaOf } from "../model/rows/row.ts";

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
