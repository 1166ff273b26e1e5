import { ormErrors } from "../errors.ts";
import type { CompositeKey } from "../fields/composite-key.ts";
import type { Field } from "../fields/field.ts";
import { shownValue } from "../fields/shown-value.ts";
import { Expression } from "../expressions/expression.ts";
import { type ConditionInput, Q } from "./conditions.ts";
import { pathSql } from "../expressions/json.ts";
import { labelOf } from "../lookups/lookup.ts";
import { findLookup, findTransform } from "../lookups/lookups.ts";
import { isRow, metaOf } from "../model/rows/row.ts";
import { genericFields, isGeneric, keyValue } from "../relations/generic-fields.ts";
import { compileComposite } from "./composite-lookups.ts";
import { isPlainObject } from "../plain-object.ts";
import type { Filter } from "./query-state.ts";
import type { Compiled, Scope } from "./scope.ts";

/** The SQL of all filters, split into what is decided by row and what by group. */
export function compileFilters(scope: Scope, filters: readonly Filter[]): { where: string[]; having: string[] } {
  const where: string[] = [];
  const having: string[] = [];
  for (const { negated, condition } of filters) {
    const found = typeof condition === "function" ? condition(scope.refs) : condition;
    const sql = compileCondition(scope, found);
    if (sql === "") continue;
    (isGrouped(scope, found) ? having : where).push(negated ? `(${sql}) IS NOT TRUE` : sql);
  }
  return { where, having };
}

/** Whether a condition is about groups of rows: it names an aggregate. */
function isGrouped(scope: Scope, condition: ConditionInput): boolean {
  if (scope.annotations === undefined && !(condition instanceof Expression)) return false;
  if (condition instanceof Q) return condition.parts.some((part) => isGrouped(scope, part));
  if (typeof condition === "function") return isGrouped(scope, condition(scope.refs));
  if (condition instanceof Expression) return condition.isAggregate;
  return Object.keys(condition).some((name) => scope.annotation(name)?.isAggregate);
}

/** One condition; empty when it says nothing. */
export function compileCondition(scope: Scope, condition: ConditionInput): string {
  if (isPlainObject(condition)) return compileObject(scope, condition);
  scope.compiler.cacheable = false;
  if (condition instanceof Expression) return condition.compile(scope).sql;
  if (condition instanceof Q) return compileQ(scope, condition);
  if (typeof condition === "function")
    return compileCondition(scope, (condition as (refs: unknown) => Expression<boolean>)(scope.refs));
  throw ormErrors.ORM_BAD_QUERY({
    reason: `A filter on ${scope.meta.label} was given ${shownValue(condition)}.`,
    hint: "Give an object of fields, a Q, or a function that gives a condition.",
  });
}

function compileQ(scope: Scope, { operator, parts }: Q): string {
  const all = parts.map((part) => compileCondition(scope, part));
  if (operator === "xor")
    return all.length === 0
      ? "1 = 0"
      : `((${all.map((sql) => `CASE WHEN ${sql || "1 = 1"} THEN 1 ELSE 0 END`).join(" + ")}) % 2 = 1)`;
  const compiled = all.filter((sql) => sql !== "");
  if (operator === "or") {
    if (parts.length === 0) return "1 = 0";
    // A part that says nothing holds for every row; the other parts keep their places, for their parameters.
    if (compiled.length < parts.length) compiled.push("1 = 1");
    return `(${joinedBy("OR", compiled)})`;
  }
  if (compiled.length === 0) return "";
  const joined = joinedBy("AND", compiled);
  return operator === "not" ? `((${joined}) IS NOT TRUE)` : `(${joined})`;
}

/** SQLite takes conditions of a depth of 1000, and each OR is one deeper than the one before it: many stand in groups. */
const widest = 500;

function joinedBy(operator: "AND" | "OR", parts: readonly string[]): string {
  if (parts.length <= widest) return parts.join(` ${operator} `);
  const groups: string[] = [];
  for (let at = 0; at < parts.length; at += widest) groups.push(`(${parts.slice(at, at + widest).join(` ${operator} `)})`);
  return joinedBy(operator, groups);
}

function compileObject(scope: Scope, where: Readonly<Record<string, unknown>>): string {
  const parts: string[] = [];
  for (const name in where) {
    const sql = compileMember(scope, name, where[name]);
    if (sql !== "") parts.push(sql);
  }
  return parts.join(" AND ");
}

function compileMember(scope: Scope, name: string, value: unknown): string {
  if (value === undefined) throw ormErrors.ORM_UNDEFINED_VALUE({ model: scope.meta.label, field: name });
  const annotation = scope.compileAnnotation(name);
  if (annotation) return compileScalar(scope, annotation, value);
  const member = scope.meta.member(name);
  if (member === undefined) {
    if (isGeneric(scope.meta, name)) return compileGeneric(scope, name, value);
    throw scope.meta.unknownField(name);
  }
  if (member.type !== "field") return compileToMany(scope, name, value);
  if (member.field.isComposite) return compileComposite(scope, member.field as CompositeKey, value);
  const isKey = member.field.relation === undefined || name !== member.field.name;
  return isKey ? compileScalar(scope, scope.compileField(member.field), value) : compileToOne(scope, member.field, value);
}

function compileScalar(scope: Scope, left: Compiled, value: unknown): string {
  if (!isPlainObject(value)) return scope.compileLookup(left, "eq", value);
  const parts = entriesOf(value, labelOf(left)).map(([lookup, operand]) => {
    const isLookup = findLookup(lookup, left.field) !== undefined;
    const transform = isLookup ? undefined : findTransform(lookup, left.field);
    if (left.field?.kind === "json" && !isLookup && !transform) return compileScalar(scope, keyOf(scope, left, lookup), operand);
    if (transform && isPlainObject(operand))
      return compileScalar(scope, { label: labelOf(left), ...transform.apply(left, scope) }, operand);
    if (isLookup && isPlainObject(operand) && !left.field?.isOpen)
      throw ormErrors.ORM_BAD_LOOKUP_VALUE({ field: labelOf(left), lookup, given: "an object", wanted: "one value" });
    return scope.compileLookup(left, lookup, operand);
  });
  return parts.join(" AND ");
}

/** The lookups of one field. None at all is a mistake, or an attack by JSON, which must not widen the query. */
function entriesOf(value: Readonly<Record<string, unknown>>, field: string): [string, unknown][] {
  const entries = Object.entries(value);
  if (entries.length === 0)
    throw ormErrors.ORM_BAD_LOOKUP_VALUE({ field, lookup: "eq", given: "{}", wanted: "a value, or an object with a lookup" });
  return entries;
}

/** What is no lookup of a JSON value is a key of it. */
function keyOf(scope: Scope, left: Compiled, key: string): Compiled {
  scope.compiler.cacheable = false;
  return pathSql(scope, left, [key]);
}

/** A generic reference is compared with a row, or with null. */
function compileGeneric(scope: Scope, name: string, value: unknown): string {
  const { type, key } = genericFields(scope.meta, name);
  scope.compiler.cacheable = false;
  const typed = scope.compileField(type);
  if (value === null) return scope.compileLookup(typed, "isNull", true);
  if (!isRow(value))
    throw ormErrors.ORM_BAD_LOOKUP_VALUE({
      field: `${scope.meta.label}.${name}`,
      lookup: "eq",
      given: shownValue(value),
      wanted: "a row, or null",
    });
  const same = scope.compileLookup(typed, "eq", metaOf(value).key);
  return `${same} AND ${scope.compileLookup(scope.compileField(key), "eq", keyValue(key, value["pk"]))}`;
}

/** Lookups that mean the relation itself, not a field of its target. */
const relationLookups = new Set(["isNull", "in", "eq", "gt", "gte", "lt", "lte"]);

function compileToOne(scope: Scope, field: Field, value: unknown): string {
  const own = scope.compileField(field);
  if (!isPlainObject(value)) return scope.compileLookup(own, "eq", value);
  const target = field.relation!.to.meta;
  const parts = entriesOf(value, labelOf(own)).map(([name, operand]) => {
    const member = target.member(name);
    if (member === undefined && relationLookups.has(name)) return scope.compileLookup(own, name, operand);
    if (member?.type === "field" && member.field === field.relation!.targetField) return compileScalar(scope, own, operand);
    return compileMember(scope.joinOne(field), name, operand);
  });
  return parts.filter((sql) => sql !== "").join(" AND ");
}

/** To-many relations are asked by EXISTS: rows never multiply, and one object is about one related row. */
function compileToMany(scope: Scope, name: string, value: unknown): string {
  const { scope: inner, from, link } = scope.openMany(name);
  const exists = (condition: string) => {
    const conditions = condition === "" ? link : `${link} AND ${condition}`;
    return `EXISTS (SELECT 1 FROM ${from}${inner.joins.map((join) => ` ${join}`).join("")} WHERE ${conditions})`;
  };
  const key = inner.compileField(inner.meta.primaryKey);
  if (value === null) return `NOT ${exists("")}`;
  if (!isPlainObject(value)) return exists(inner.compileLookup(key, "eq", value));
  const isLookup = (lookup: string) => relationLookups.has(lookup) && inner.meta.member(lookup) === undefined;
  const hasNone = value["isNull"] === true && isLookup("isNull");
  const parts = Object.entries(value)
    .filter(([lookup]) => !(hasNone && lookup === "isNull"))
    .map(([lookup, operand]) =>
      isLookup(lookup) ? inner.compileLookup(key, lookup, operand) : compileMember(inner, lookup, operand),
    )
    .filter((sql) => sql !== "");
  const some = parts.length > 0 || !hasNone ? exists(parts.join(" AND ")) : "";
  return [some, hasNone && `NOT ${exists("")}`].filter(Boolean).join(" AND ");
}
