import type { Database } from "../../database/database.ts";
import type { Converter, Field } from "../../fields/field.ts";
import { placeholder, quoteName } from "../../names.ts";
import type { ModelMeta } from "../meta.ts";
import { refuseRedeclared } from "../redeclared-fields.ts";
import { registryVersion } from "../registry.ts";
import type { AnyRow } from "../rows/row.ts";

/** An INSERT that is written once for each model, dialect and set of columns that the database fills. */
export interface InsertPlan {
  /** `INSERT INTO … VALUES (…)`, for one row. */
  readonly sql: string;
  readonly fields: readonly Field[];
  readonly writers: readonly Converter[];
  /** Whether a value may differ from what the row has: `autoNow`, relations. */
  readonly prepares: boolean;
  /** The columns that the database fills. */
  readonly returning: readonly Field[];
  /** Where each column of the table stands among the parameters and, after them, what the database gave. */
  readonly order: readonly number[];
}

/** A model's plans, made when the registry had this version. */
interface InsertPlans {
  readonly version: number;
  /** The columns that the database may fill, beside an allotted key; undefined for most models. */
  readonly fillable: readonly Field[] | undefined;
  readonly others: Map<string, InsertPlan>;
  withKey: InsertPlan | undefined;
  withoutKey: InsertPlan | undefined;
}

const insertPlans = { sqlite: new WeakMap<ModelMeta, InsertPlans>(), postgres: new WeakMap<ModelMeta, InsertPlans>() };

function plansOf(meta: ModelMeta, { dialect }: Database): InsertPlans {
  let plans = insertPlans[dialect].get(meta);
  if (plans?.version !== registryVersion()) {
    const fillable = meta.concrete.meta.localFields.filter((field) => field.databaseValue !== undefined);
    plans = {
      version: registryVersion(),
      fillable: fillable.length > 0 ? fillable : undefined,
      others: new Map(),
      withKey: undefined,
      withoutKey: undefined,
    };
    insertPlans[dialect].set(meta, plans);
  }
  return plans;
}

/** The INSERT for a row into a model's own table: what the database shall fill is left out. */
export function insertPlanFor(row: AnyRow, meta: ModelMeta, db: Database): InsertPlan {
  meta.noteWrite();
  const plans = plansOf(meta, db);
  const key = meta.primaryKey;
  const allotted = key.autoIncrement && isMissing(row[key.attname]);
  if (plans.fillable === undefined) {
    if (allotted) return (plans.withoutKey ??= makePlan(meta, db, [key]));
    return (plans.withKey ??= makePlan(meta, db, []));
  }
  const filled = plans.fillable.filter((field) => field.databaseValue === "generated" || row[field.attname] === undefined);
  const left = allotted && !filled.includes(key) ? [key, ...filled] : filled;
  const name = left.map((field) => field.name).join();
  let plan = plans.others.get(name);
  if (plan === undefined) plans.others.set(name, (plan = makePlan(meta, db, left)));
  return plan;
}

function isMissing(value: unknown): boolean {
  return value === null || value === undefined;
}

function makePlan(meta: ModelMeta, { dialect }: Database, returning: readonly Field[]): InsertPlan {
  refuseRedeclared(meta.model);
  const all = meta.concrete.meta.localFields;
  const fields = all.filter((field) => !returning.includes(field));
  const columns = fields.map((field) => quoteName(field.column)).join(", ");
  const places = fields.map((_, i) => placeholder(dialect, i + 1)).join(", ");
  const values = fields.length === 0 ? "DEFAULT VALUES" : `(${columns}) VALUES (${places})`;
  return {
    sql: `INSERT INTO ${quoteName(meta.table)} ${values}`,
    fields,
    writers: fields.map((field) => field.writer(dialect)),
    prepares: fields.some((field) => field.relation !== undefined || field.options.autoNow || field.options.autoNowAdd),
    returning,
    order: all.map((field) => (returning.includes(field) ? fields.length + returning.indexOf(field) : fields.indexOf(field))),
  };
}
