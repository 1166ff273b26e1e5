import { isDecimal, Temporal } from "#validation";
import type { Field } from "../../fields/field.ts";
import type { Constraint, ExclusionConstraint } from "../../model/rules/constraints.ts";
import type { Index } from "../../model/rules/indexes.ts";
import type { ModelMeta } from "../../model/meta.ts";
import {
  conditionSql,
  isSchemaSql,
  madeKeys,
  type SchemaCondition,
  type SchemaKey,
  type SchemaKeys,
  shortSql,
} from "../../model/rules/schema-sql.ts";
import { quoteName } from "../../names.ts";
import type { DeclaredSql } from "../../query/declared-sql.ts";

/**
 * Declared indexes and constraints as a state keeps them: plain data. An object of plain lookups stays
 * what it is, for whoever reads the file; functions and `Q`s become SQL.
 */
export function storedConstraint(meta: ModelMeta, constraint: Constraint): Constraint {
  return withoutEmpty({
    ...constraint,
    ...(constraint.type === "unique" && { fields: storedKeys(meta, constraint.fields) }),
    ...(constraint.type === "exclusion" && { expressions: storedPairs(meta, constraint.expressions) }),
    ...(constraint.condition !== undefined && { condition: storedCondition(meta, constraint.condition) }),
  } as Constraint);
}

/** An index as a state keeps it. */
export function storedIndex(meta: ModelMeta, index: Index): Index {
  return withoutEmpty({
    ...index,
    fields: storedKeys(meta, index.fields),
    ...(index.condition !== undefined && { condition: storedCondition(meta, index.condition) }),
  });
}

function withoutEmpty<T extends object>(part: T): T {
  const isEmpty = (value: unknown): boolean => value === undefined || (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(part).filter(([, value]) => !isEmpty(value))) as T;
}

function storedCondition(meta: ModelMeta, condition: SchemaCondition): SchemaCondition {
  return isSchemaSql(condition) || isPlainData(condition) ? condition : shortSql(conditionSql(meta, condition));
}

function isPlainData(value: unknown): boolean {
  if (typeof value === "function") return false;
  if (value === null || typeof value !== "object") return true;
  if (Array.isArray(value)) return value.every(isPlainData);
  if (value instanceof Date || isDecimal(value) || value instanceof Temporal.PlainDate) return true;
  return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isPlainData);
}

function storedPairs(meta: ModelMeta, pairs: ExclusionConstraint["expressions"]): ExclusionConstraint["expressions"] {
  return pairs.map(([key, operator]) => [typeof key === "function" ? storedKeys(meta, key)[0]! : key, operator]);
}

function storedKeys(meta: ModelMeta, keys: SchemaKeys): readonly SchemaKey[] {
  if (typeof keys !== "function") return keys;
  return madeKeys(meta, keys).map(({ sql, descending }) => {
    const field = fieldBehind(meta, sql);
    if (field) return `${descending ? "-" : ""}${field.name}`;
    return { sql: shortSql(sql), ...(descending && { descending: true as const }) };
  });
}

/** The field that an expression is no more than. */
function fieldBehind(meta: ModelMeta, { sqlite, postgres }: DeclaredSql): Field | undefined {
  if (sqlite !== postgres) return undefined;
  return meta.fields.find((field) => quoteName(field.column) === sqlite);
}
