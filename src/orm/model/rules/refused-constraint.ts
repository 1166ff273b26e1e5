import type { Refusal } from "../../database/database-errors.ts";
import type { Field } from "../../fields/field.ts";
import type { Constraint } from "./constraints.ts";
import type { ModelMeta } from "../meta.ts";
import type { ModelClass } from "../model-class.ts";
import { fittingName } from "./part-names.ts";
import { registeredModels } from "../registry.ts";
import { conditionSql, isSchemaSql, madeKeys, namesIn, type SchemaCondition } from "./schema-sql.ts";
import { isPlainObject } from "../../plain-object.ts";

/** The rule of a model that refused a row. */
export interface RefusedConstraint {
  readonly model: ModelClass;
  /** Its name in the database. */
  readonly name: string | undefined;
  /** The fields that it is about. */
  readonly fields: readonly Field[];
  /** How the model declares it; undefined for a rule of a field: `unique: true`, a foreign key. */
  readonly constraint: Constraint | undefined;
}

/**
 * The rule behind an `IntegrityError`, with its message for people.
 *
 * ```ts
 * try {
 *   await coffee.save();
 * } catch (error) {
 *   if (!(error instanceof IntegrityError)) throw error;
 *   refusedConstraint(error)?.constraint?.violationErrorMessage;
 * }
 * ```
 */
export function refusedConstraint(refusal: Refusal): RefusedConstraint | undefined {
  const models = registeredModels().filter((model) => refusal.table === undefined || model.meta.table === refusal.table);
  for (const model of models) {
    const found = rulesOf(model.meta).find((rule) => isMeant(rule, refusal));
    if (found) return { model, ...found };
  }
  const [only] = refusal.table === undefined ? [] : models;
  if (only === undefined) return undefined;
  const fields = only.meta.fields.filter((field) => refusal.columns.includes(field.column));
  return { model: only, name: refusal.constraint, fields, constraint: undefined };
}

/** What a database leaves unsaid: SQLite the name of what is unique, both the columns of a check. */
export function completeRefusal(kind: string, refusal: Refusal): Refusal {
  const found = kind === "must not be null" ? undefined : refusedConstraint(refusal);
  if (found === undefined) return refusal;
  const { constraint = found.name, table = found.model.meta.table } = refusal;
  const columns =
    found.constraint === undefined && refusal.columns.length > 0 ? refusal.columns : found.fields.map((field) => field.column);
  return { constraint, table, columns };
}

interface Rule extends Pick<RefusedConstraint, "fields" | "constraint"> {
  readonly name: string;
}

/** PostgreSQL tells a rule by its name, SQLite what is unique by its columns. */
function isMeant({ name, fields, constraint }: Rule, refusal: Refusal): boolean {
  if (refusal.constraint !== undefined) return name === refusal.constraint;
  if (constraint !== undefined && constraint.type !== "unique") return false;
  const { columns } = refusal;
  return columns.length > 0 && columns.length === fields.length && fields.every((field) => columns.includes(field.column));
}

function rulesOf(meta: ModelMeta): Rule[] {
  const name = (fields: readonly Field[], ending: string): string =>
    fittingName([meta.table, ...fields.map((field) => field.column)], ending);
  const declared = (meta.options.constraints ?? []).map((constraint) => {
    const fields = fieldsOf(meta, constraint);
    return { name: constraint.name ?? name(fields, "uniq"), fields, constraint };
  });
  const own = meta.fields.flatMap((field): Rule[] => [
    ...(field.unique && !field.primaryKey ? [{ name: name([field], "uniq"), fields: [field], constraint: undefined }] : []),
    ...(field.columnCheck() === undefined ? [] : [{ name: name([field], "check"), fields: [field], constraint: undefined }]),
    ...(field.relation ? [{ name: name([field], "fk"), fields: [field], constraint: undefined }] : []),
  ]);
  return [...declared, ...own];
}

/** The fields that a constraint names, or that stand in its condition and expressions. */
function fieldsOf(meta: ModelMeta, constraint: Constraint): Field[] {
  if (constraint.type === "unique" && typeof constraint.fields !== "function") {
    const names = constraint.fields.filter((key) => typeof key === "string").map((key) => key.replace(/^-/, ""));
    if (names.length === constraint.fields.length) return names.map((name) => meta.field(name));
  }
  const parts =
    constraint.type === "check"
      ? [constraint.condition]
      : constraint.type === "unique"
        ? [constraint.fields].flat()
        : constraint.expressions.map(([key]) => key);
  const words = new Set(parts.flatMap((part) => wordsOf(meta, part)));
  return meta.fields.filter((field) => words.has(field.column) || words.has(field.name) || words.has(field.attname));
}

function wordsOf(meta: ModelMeta, part: unknown): string[] {
  if (typeof part === "string") return namesIn(part);
  if (typeof part === "function") return madeKeys(meta, part as () => unknown).flatMap(({ sql }) => wordsOf(meta, sql.postgres));
  if (typeof part === "object" && part !== null && "sql" in part) return wordsOf(meta, part.sql);
  if (!isSchemaSql(part) && isPlainObject(part)) return Object.keys(part);
  return wordsOf(meta, conditionSql(meta, part as SchemaCondition).postgres);
}
