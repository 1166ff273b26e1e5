import { type Database, database } from "../database/database.ts";
import { ormErrors } from "../errors.ts";
import type { Converter, Field } from "../fields/field.ts";
import { writeValue } from "../fields/write-value.ts";
import { placeholder, quoteName } from "../names.ts";
import { stateOf } from "./instance-state.ts";
import type { ModelMeta } from "./meta.ts";
import { registryVersion } from "./registry.ts";
import { type AnyRow, metaOf } from "./row.ts";

/** An INSERT that is written once for each model and dialect. */
interface InsertPlan {
  readonly sql: string;
  readonly fields: readonly Field[];
  readonly writers: readonly Converter[];
  readonly prepares: boolean;
}

/** A model's plans, made when the registry had this version. */
interface InsertPlans {
  readonly version: number;
  withKey?: InsertPlan;
  withoutKey?: InsertPlan;
}

const insertPlans = { sqlite: new WeakMap<ModelMeta, InsertPlans>(), postgres: new WeakMap<ModelMeta, InsertPlans>() };

/** The plan with the primary key among the columns, or without it where the database allots it. */
function insertPlan(meta: ModelMeta, db: Database, withKey: boolean): InsertPlan {
  let plans = insertPlans[db.dialect].get(meta);
  if (plans?.version !== registryVersion()) insertPlans[db.dialect].set(meta, (plans = { version: registryVersion() }));
  return (plans[withKey ? "withKey" : "withoutKey"] ??= makeInsertPlan(meta, db, withKey));
}

function makeInsertPlan(meta: ModelMeta, { dialect }: Database, withKey: boolean): InsertPlan {
  const fields = withKey ? meta.fields : meta.fields.slice(1);
  const columns = fields.map((field) => quoteName(field.column)).join(", ");
  const places = fields.map((_, i) => placeholder(dialect, i + 1)).join(", ");
  const values = fields.length === 0 ? "DEFAULT VALUES" : `(${columns}) VALUES (${places})`;
  const prepares = fields.some((field) => field.relation !== undefined || field.options.autoNow || field.options.autoNowAdd);
  return {
    sql: `INSERT INTO ${quoteName(meta.table)} ${values}`,
    fields,
    writers: fields.map((field) => field.writer(dialect)),
    prepares,
  };
}

/** The values of a row as its columns take them. */
function paramsOf(row: AnyRow, { fields, writers, prepares }: InsertPlan): unknown[] {
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

/** Inserts a row and learns the key that the database allotted. */
export async function insertRow(row: AnyRow, meta: ModelMeta): Promise<void> {
  const db = database();
  meta.writes++;
  const key = meta.primaryKey;
  const given = row[key.attname];
  const allotted = key.autoIncrement && (given === null || given === undefined);
  const plan = insertPlan(meta, db, !allotted);
  const params = paramsOf(row, plan);
  if (!allotted) await db.execute(plan.sql, params);
  else {
    const value = await db.insert(plan.sql, params, key.column);
    row[key.attname] = key.reader(db.dialect)?.(value) ?? value;
    params.unshift(value);
  }
  row[stateOf].stored = params;
  row[stateOf].layout = undefined;
}

/** What a new row's columns take, for statements that insert several. */
export function insertParams(row: AnyRow, db: Database, withKey: boolean): { fields: readonly Field[]; params: unknown[] } {
  const plan = insertPlan(metaOf(row), db, withKey);
  return { fields: plan.fields, params: paramsOf(row, plan) };
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
  if (related["pk"] === null || related["pk"] === undefined) {
    throw ormErrors.ORM_NOT_SAVED({ model: metaOf(related).label, use: `${field.label} cannot refer to it` });
  }
  return (row[field.attname] = related["pk"]);
}
