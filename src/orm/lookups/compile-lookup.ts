import { ormErrors } from "../errors.ts";
import { Expression } from "../expressions/expression.ts";
import { isSubQuery, operand } from "../expressions/value.ts";
import type { Field } from "../fields/field.ts";
import { shownName, shownValue } from "../fields/shown-value.ts";
import { isRow, metaOf } from "../model/rows/row.ts";
import { isRowOf } from "../model/rows/row-key.ts";
import { isPlainObject } from "../plain-object.ts";
import { lookupValues } from "./lookup-values.ts";
import type { Compiled, Scope } from "../query/scope.ts";
import { labelOf, type Lookup } from "./lookup.ts";
import { findLookup, findTransform, lookupsOf } from "./lookups.ts";

/** `left` compared with `value` by a lookup, or by a transform first: `year`, `date`. */
export function compileLookup(scope: Scope, given: Compiled, { lookup, value }: { lookup: string; value: unknown }): string {
  const left = given.isCondition ? { ...given, sql: `(${given.sql})` } : given;
  const label = labelOf(left);
  const found = findLookup(lookup, left.field);
  if (found === undefined) {
    const transform = findTransform(lookup, left.field);
    if (transform === undefined)
      throw ormErrors.ORM_UNKNOWN_LOOKUP({ field: label, given: shownName(lookup), known: lookupsOf(left.field) });
    return compileLookup(scope, { label, ...transform.apply(left, scope) }, { lookup: "eq", value });
  }
  const { compiler, dialect } = scope;
  const values: unknown[] = [];
  // A key from outside could be made to look like the shape of another query.
  if (left.field?.isOpen) compiler.cacheable = false;
  const marker =
    found.takes === "whole" && isPlain(value) ? pushed(values, value) : lookupValues(lookup, value, { label, values });
  const wanted = wantedInstead(found, { value, marker, field: left.field, lookup });
  if (wanted !== undefined) throw ormErrors.ORM_BAD_LOOKUP_VALUE({ field: label, lookup, given: printed(value), wanted });
  const right = marker === undefined ? rightSides(scope, left, value) : undefined;
  return found.write({ sql: left.sql, field: left.field, dialect, compiler, scope, left, values, marker: marker ?? "", right });
}

/** Whether a value is compared as it is, objects and lists too. */
function isPlain(value: unknown): boolean {
  return value !== null && value !== undefined && !(value instanceof Expression) && !isSubQuery(value);
}

function pushed(values: unknown[], value: unknown): string {
  values.push(value);
  return "whole";
}

/** The SQL of an expression or query, or of each of a list that has some. */
function rightSides(scope: Scope, left: Compiled, value: unknown): Compiled[] {
  scope.compiler.cacheable = false;
  const list = Array.isArray(value) || value instanceof Set ? [...(value as Iterable<unknown>)] : [value];
  return list.map((item) => ({ ...operand(scope, item, left.field), isQuery: isSubQuery(item) }));
}

interface Given {
  readonly value: unknown;
  readonly marker: string | undefined;
  readonly field: Field | undefined;
  readonly lookup: string;
}

/** What a lookup takes, when it was given something else. */
function wantedInstead({ takes }: Lookup, given: Given): string | undefined {
  const { value, marker, field, lookup } = given;
  if (takes === "boolean") return typeof value === "boolean" ? undefined : "true or false";
  if (takes === "keys") return isKeys(value) ? undefined : "a key, or a list of keys";
  if (marker === "null") return lookup === "eq" || lookup === "iexact" ? undefined : "a value; isNull finds rows without one";
  const isList = Array.isArray(value) || value instanceof Set;
  if (takes === "list") return isList || isSubQuery(value) ? undefined : "a list or a query";
  if (takes === "pair")
    return Array.isArray(value) && value.length === 2 && !value.includes(null) ? undefined : "a list of two values";
  if (marker === undefined) return value instanceof Expression || isSubQuery(value) ? undefined : "a value or an expression";
  if (takes === "whole") return undefined;
  if (isList) return 'one value; "in" takes a list';
  if (isPlainObject(value)) return "one value";
  return marker.startsWith("row of ") ? otherModel(field, value as object) : undefined;
}

function isKeys(value: unknown): boolean {
  const isKey = (key: unknown) => typeof key === "string" || typeof key === "number";
  return Array.isArray(value) ? value.every(isKey) : isKey(value);
}

/** A relation is compared with rows of its own model. */
function otherModel(field: Field | undefined, row: object): string | undefined {
  const target = field?.relation?.to ?? (field?.primaryKey ? field.model : undefined);
  if (target === undefined || isRowOf(target, row)) return undefined;
  return `a ${target.meta.label} or its key`;
}

function printed(value: unknown): string {
  if (isRow(value)) return `a ${metaOf(value).label}`;
  if (typeof value === "function") return "a function";
  return typeof value === "string" ? value : shownValue(value);
}
