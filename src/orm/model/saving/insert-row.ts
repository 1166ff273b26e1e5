import type { Database } from "../../database/database.ts";
import { ormErrors } from "../../errors.ts";
import type { Field } from "../../fields/field.ts";
import { writeValue } from "../../fields/write-value.ts";
import { quoteName } from "../../names.ts";
import { type InsertPlan, insertPlanFor } from "./insert-plan.ts";
import { stateOf } from "../rows/instance-state.ts";
import type { ModelMeta } from "../meta.ts";
import { type AnyRow, metaOf } from "../rows/row.ts";

/** The values of a row as the columns of a plan take them. */
export function paramsOf(row: AnyRow, { fields, writers, prepares }: InsertPlan): unknown[] {
  const params: unknown[] = [];
  for (let i = 0; i < fields.length; i++) {
    const value = prepares ? preparedValue(row, fields[i]!, true) : row[fields[i]!.attname];
    params.push(
      value === null || value === undefined
        ? null
        : writers[i] === undefined
          ? value
          : writeValue(writers[i]!, value, fields[i]!),
    );
  }
  return params;
}

/** Inserts a row and learns the values that the database gave it. */
export async function insertRow(row: AnyRow, meta: ModelMeta, db: Database): Promise<void> {
  row[stateOf].stored = await insertColumns(row, meta, db);
  row[stateOf].layout = undefined;
}

/** Inserts a row's columns into a model's own table; gives them as the database keeps them. */
export async function insertColumns(row: AnyRow, meta: ModelMeta, db: Database): Promise<unknown[]> {
  const plan = insertPlanFor(row, meta, db);
  const params = paramsOf(row, plan);
  const { returning } = plan;
  if (returning.length === 0) {
    await db.execute(plan.sql, params);
    return params;
  }
  const [first] = returning;
  if (returning.length === 1 && first!.autoIncrement) {
    const value = await db.insert(plan.sql, params, first!.column);
    row[first!.attname] = first!.reader(db.dialect)?.(value) ?? value;
    params.unshift(value);
    return params;
  }
  const [given] = await db.rows(`${plan.sql} RETURNING ${returningSql(plan, db)}`, params);
  return learnGiven(row, plan, { params, given: given!, db });
}

/** The columns that the database fills, as a RETURNING clause names them. */
function returningSql({ returning }: InsertPlan, db: Database): string {
  return returning.map((field) => field.selectSql(quoteName(field.column), db.dialect)).join(", ");
}

/** Sets what the database filled; gives all columns of the table as it keeps them. */
export function learnGiven(
  row: AnyRow,
  { returning, order }: InsertPlan,
  { params, given, db }: { params: readonly unknown[]; given: readonly unknown[]; db: Database },
): unknown[] {
  returning.forEach((field, i) => {
    row[field.attname] = given[i] === null ? null : field.fromDatabase(given[i], db.dialect);
  });
  const all = [...params, ...given];
  return order.map((at) => all[at]);
}

/** What a new row's columns take, for statements that insert several. */
export function insertParams(row: AnyRow, db: Database): { plan: InsertPlan; fields: readonly Field[]; params: unknown[] } {
  const plan = insertPlanFor(row, metaOf(row), db);
  return { plan, fields: plan.fields, params: paramsOf(row, plan) };
}

/** A value just before it is written: `autoNow`, and the key of a related row that was saved since it was set. */
export function preparedValue(row: AnyRow, field: Field, adding: boolean): unknown {
  const value = row[field.attname];
  if (field.relation !== undefined && (value === null || value === undefined)) return relatedKey(row, field);
  const next = field.beforeSave(value, adding);
  if (next !== value) row[field.attname] = next;
  return next;
}

function relatedKey(row: AnyRow, field: Field): unknown {
  const related = row[stateOf].related?.[field.name] as AnyRow | null | undefined;
  if (!related) return null;
  const key: unknown = related[field.relation!.targetField!.attname];
  if (key === null || key === undefined)
    throw ormErrors.ORM_NOT_SAVED({ model: metaOf(related).label, use: `${field.label} cannot refer to it` });
  return (row[field.attname] = key);
}
