import { gettext } from "#kernel/i18n";
import { nonFieldErrors, ValidationError } from "#validation";
import { type Database, databaseFor } from "../../database/database.ts";
import type { Field } from "../../fields/field.ts";
import { writeValue } from "../../fields/write-value.ts";
import { type Dialect, placeholder, quoteName } from "../../names.ts";
import type { Constraint, Violation } from "../rules/constraints.ts";
import { stateOf } from "../rows/instance-state.ts";
import type { ModelMeta } from "../meta.ts";
import type { AnyRow } from "../rows/row.ts";
import {
  conditionSql,
  madeKeys,
  namesIn,
  type SchemaCondition,
  type SchemaKey,
  type SchemaKeys,
  type SchemaSql,
} from "../rules/schema-sql.ts";
import type { Validation } from "./errors-by-field.ts";
import { isTaken, uniqueError, valuesOf } from "./unique-checks.ts";

/**
 * How it works
 *
 * The database itself says whether a row breaks a rule: it reads the row's values as a table of one row,
 * `(SELECT $1 AS "price", $2 AS "name")`, over which the rule's own SQL runs. So a rule means the same
 * here as in the table, and a row need not be stored to be asked about. A rule that names a field which
 * is left out is not asked. What a rule says of NULL counts as kept, as in the table.
 */
export async function validateConstraints(validation: Validation): Promise<void> {
  for (const { model } of validation.meta.parents) await validateConstraints({ ...validation, meta: model.meta });
  for (const constraint of validation.meta.options.constraints ?? []) {
    if (constraint.type === "unique" && isPlain(constraint)) await checkFields(validation, constraint);
    else if (constraint.type === "check") await checkCondition(validation, constraint);
    else await checkOthers(validation, constraint);
  }
}

type OfType<T extends Constraint["type"]> = Extract<Constraint, { type: T }>;

function isPlain({ fields, condition, nullsDistinct }: OfType<"unique">): boolean {
  return condition === undefined && nullsDistinct !== false && isNames(fields);
}

function isNames(keys: SchemaKeys): keys is readonly string[] {
  return typeof keys !== "function" && keys.every((key) => typeof key === "string");
}

/** Fields that are unique together. */
async function checkFields({ row, meta, exclude, errors }: Validation, constraint: OfType<"unique">): Promise<void> {
  const fields = (constraint.fields as readonly string[]).map((name) => meta.field(name.replace(/^-/, "")));
  if (fields.some((field) => exclude.has(field.name))) return;
  if (!(await isTaken(row, meta, valuesOf(row, fields)))) return;
  const error =
    constraint.violationErrorMessage === undefined ? uniqueError(meta, fields) : violation(constraint, constraint.name ?? "");
  errors.add(fields.length === 1 && error.code === "unique" ? fields[0]!.name : nonFieldErrors, error);
}

async function checkCondition(validation: Validation, constraint: OfType<"check">): Promise<void> {
  const db = databaseFor("write", validation.meta, validation.row);
  const condition = conditionSql(validation.meta, constraint.condition)[db.dialect];
  const given = givenRow(validation, [condition], db);
  if (given === undefined) return;
  const holds = await db.rows(`SELECT 1 FROM ${given.sql} WHERE (${condition}) IS NOT FALSE`, given.params);
  if (holds.length === 0) validation.errors.add(nonFieldErrors, violation(constraint, constraint.name));
}

/** Whether another row collides with this one: by an expression, under a condition, or by operators. */
async function checkOthers(validation: Validation, constraint: OfType<"unique"> | OfType<"exclusion">): Promise<void> {
  const db = databaseFor("write", validation.meta, validation.row);
  if (constraint.type === "exclusion" && db.dialect === "sqlite") return;
  const { meta, row } = validation;
  const pairs = comparisons(meta, constraint, db.dialect);
  const condition = constraint.condition === undefined ? undefined : conditionText(meta, constraint.condition, db.dialect);
  const given = givenRow(validation, [...pairs.map(({ key }) => key), condition ?? ""], db);
  if (given === undefined) return;
  const keys = pairs.map(({ key }, at) => `(${key}) AS cortado_key${at}`);
  const where = pairs.map(({ key, operator }, at) => `(${key}) ${operator} cortado_key${at}`);
  if (condition !== undefined) where.push(`(${condition})`);
  const params = [...given.params];
  if (row[stateOf].stored !== undefined) {
    for (const part of meta.primaryKey.parts) {
      params.push(part.toDatabase(row[part.attname], db.dialect));
      where.push(`${quoteName(part.column)} <> ${placeholder(db.dialect, params.length)}`);
    }
  }
  const own = `SELECT ${keys.join(", ")} FROM ${given.sql}${condition === undefined ? "" : ` WHERE (${condition})`}`;
  const sql = `WITH cortado_given AS (${own}) SELECT 1 FROM ${quoteName(meta.table)}, cortado_given WHERE ${where.join(" AND ")} LIMIT 1`;
  const taken = await db.rows(sql, params);
  if (taken.length > 0) validation.errors.add(nonFieldErrors, violation(constraint, constraint.name ?? ""));
}

interface Comparison {
  readonly key: string;
  readonly operator: string;
}

function comparisons(meta: ModelMeta, constraint: OfType<"unique"> | OfType<"exclusion">, dialect: Dialect): Comparison[] {
  if (constraint.type === "exclusion")
    return constraint.expressions.flatMap(([key, operator]) =>
      keysSql(meta, typeof key === "function" ? key : [key], dialect).map((sql) => ({ key: sql, operator })),
    );
  const operator = constraint.nullsDistinct === false ? "IS NOT DISTINCT FROM" : "=";
  return keysSql(meta, constraint.fields, dialect).map((key) => ({ key, operator }));
}

/** The SQL of what a constraint covers. */
function keysSql(meta: ModelMeta, keys: SchemaKeys, dialect: Dialect): string[] {
  if (typeof keys === "function") return madeKeys(meta, keys).map(({ sql }) => sql[dialect]);
  return keys.map((key) => keySql(meta, key, dialect));
}

function keySql(meta: ModelMeta, key: SchemaKey, dialect: Dialect): string {
  return typeof key === "string" ? quoteName(meta.field(key.replace(/^-/, "")).column) : textOf(key.sql, dialect);
}

function conditionText(meta: ModelMeta, condition: SchemaCondition, dialect: Dialect): string {
  return conditionSql(meta, condition)[dialect];
}

function textOf(sql: SchemaSql, dialect: Dialect): string {
  return typeof sql === "string" ? sql : sql[dialect];
}

/** The row's values as a table of one row, with the columns that the SQL names; undefined where one of them is left out. */
function givenRow(
  { row, meta, exclude }: Validation,
  texts: readonly string[],
  { dialect }: Database,
): { sql: string; params: unknown[] } | undefined {
  const words = new Set(texts.flatMap(namesIn));
  const fields = meta.fields.filter((field) => words.has(field.column));
  if (fields.some((field) => exclude.has(field.name) || isUnknown(row, field))) return undefined;
  const params = fields.map((field) => {
    const value: unknown = row[field.attname] === undefined ? field.options.dbDefault : row[field.attname];
    const write = field.writer(dialect);
    return value === null || value === undefined ? null : write ? writeValue(write, value, field) : value;
  });
  const columns = fields.map((field, at) => {
    const place = placeholder(dialect, at + 1);
    return `${dialect === "postgres" ? `CAST(${place} AS ${field.columnType(dialect).replace(/^varchar\(\d+\)/, "text")})` : place} AS ${quoteName(field.column)}`;
  });
  return { sql: `(SELECT ${columns.join(", ") || "1"}) AS cortado_row`, params };
}

/** Whether only the database knows the value that the column will have. */
function isUnknown(row: AnyRow, field: Field): boolean {
  if (field.databaseValue === "generated") return true;
  return row[field.attname] === undefined && typeof field.options.dbDefault === "object";
}

function violation({ violationErrorMessage, violationErrorCode }: Violation, name: string): ValidationError {
  return new ValidationError(violationErrorMessage ?? gettext("Constraint “%(name)s” is violated."), {
    code: violationErrorCode,
    params: { name },
  });
}
