import type { CompositeKey } from "../fields/composite-key.ts";
import { ormErrors } from "../errors.ts";
import { isSubQuery } from "../expressions/value.ts";
import { shownValue } from "../fields/shown-value.ts";
import { writeValue } from "../fields/write-value.ts";
import { jsonList } from "../lookups/comparisons.ts";
import type { Dialect } from "../names.ts";
import { isPlainObject } from "../plain-object.ts";
import type { Scope } from "./scope.ts";

const comparisons: Readonly<Record<string, string>> = { gt: ">", gte: ">=", lt: "<", lte: "<=" };
const lookups = ["eq", "in", "isNull", ...Object.keys(comparisons)];

/** A primary key of several fields, compared with a tuple, with a list of them, or by a lookup. */
export function compileComposite(scope: Scope, key: CompositeKey, value: unknown): string {
  scope.compiler.cacheable = false;
  if (!isPlainObject(value)) return compileEqual(scope, key, value);
  if (Object.keys(value).length === 0)
    throw ormErrors.ORM_BAD_LOOKUP_VALUE({
      field: key.label,
      lookup: "eq",
      given: "{}",
      wanted: "a tuple, or an object with a lookup",
    });
  const parts = Object.entries(value).map(([lookup, operand]) => {
    if (operand === undefined) throw ormErrors.ORM_UNDEFINED_VALUE({ model: scope.meta.label, field: `pk.${lookup}` });
    if (lookup === "eq") return compileEqual(scope, key, operand);
    if (lookup === "isNull") return operand ? "1 = 0" : "1 = 1";
    if (lookup === "in") return compileIn(scope, key, operand);
    const operator = Object.hasOwn(comparisons, lookup) ? comparisons[lookup] : undefined;
    if (operator === undefined) throw ormErrors.ORM_UNKNOWN_LOOKUP({ field: key.label, given: lookup, known: lookups });
    return `(${scope.column(key)}) ${operator} (${boundParts(scope, key, operand).join(", ")})`;
  });
  if (parts.length > 0) return parts.join(" AND ");
  throw ormErrors.ORM_BAD_LOOKUP_VALUE({
    field: key.label,
    lookup: "eq",
    given: "{}",
    wanted: "a tuple, or an object with a lookup",
  });
}

function compileEqual(scope: Scope, key: CompositeKey, value: unknown): string {
  const values = key.tuple(value);
  if (values === null) return "1 = 0";
  return key.parts.map((part, i) => scope.compileLookup(scope.compileField(part), "eq", values[i])).join(" AND ");
}

function boundParts(scope: Scope, key: CompositeKey, value: unknown): string[] {
  const values = key.tuple(value) ?? key.parts.map(() => null);
  return key.parts.map((part, i) => {
    const place = scope.compiler.param(values[i], part.comparer(scope.dialect));
    return scope.dialect === "postgres" ? `CAST(${place} AS ${part.columnType("postgres")})` : place;
  });
}

function compileIn(scope: Scope, key: CompositeKey, value: unknown): string {
  const left = `(${scope.column(key)})`;
  if (isSubQuery(value)) return `${left} IN ${scope.compileSubQuery(value).sql}`;
  if (!Array.isArray(value) && !(value instanceof Set))
    throw ormErrors.ORM_BAD_LOOKUP_VALUE({
      field: key.label,
      lookup: "in",
      given: shownValue(value),
      wanted: "a list of tuples, or a query",
    });
  const columns = columnsOf(
    key,
    [...value].map((one) => key.tuple(one)).filter((one) => one !== null),
    scope.dialect,
  );
  if (scope.dialect === "postgres") {
    const lists = key.parts.map((part, i) => `CAST(${scope.compiler.param(columns[i])} AS ${part.columnType("postgres")}[])`);
    return `${left} IN (SELECT * FROM unnest(${lists.join(", ")}))`;
  }
  const rows = (columns[0] ?? []).map((_, row) => columns.map((column) => column[row]));
  const picked = key.parts.map((_, i) => `json_extract(value, '$[${i}]')`);
  return `${left} IN (SELECT ${picked.join(", ")} FROM json_each(${scope.compiler.param(`[${rows.map(jsonList).join(",")}]`)}))`;
}

/** The values of each part, as the driver takes them. */
function columnsOf(key: CompositeKey, tuples: readonly (readonly unknown[])[], dialect: Dialect): unknown[][] {
  return key.parts.map((part, i) => {
    const convert = part.comparer(dialect);
    return tuples.map((tuple) => (convert === undefined ? tuple[i] : writeValue(convert, tuple[i], part)));
  });
}
