import { type Database, database } from "../database/database.ts";
import { ormErrors } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import { stateOf } from "../model/rows/instance-state.ts";
import type { ModelClass } from "../model/model-class.ts";
import type { AnyRow } from "../model/rows/row.ts";
import { quoteName } from "../names.ts";
import { Compiler } from "../query/compiler.ts";
import { Scope } from "../query/scope.ts";
import { compileCondition } from "../query/where.ts";
import { postDelete, preDelete } from "../signals/model-signals.ts";
import { tellDeletion } from "../signals/telling-deletion.ts";
import { collectDeletion, type DeletionPlan } from "./collector.ts";
import { cyclicReferences } from "./deletion-order.ts";

/** How many rows went, altogether and of each model. */
export interface DeletionCounts {
  readonly total: number;
  /** By the models' keys: `{ "shop.Coffee": 3 }`. */
  readonly byModel: Readonly<Record<string, number>>;
}

/** So many keys stand in one statement at most. */
const batchSize = 10_000;

/**
 * Deletes rows and what depends on them, in one transaction, and says how many went of each model.
 *
 * ```ts
 * const { total, byModel } = await deleteRows(await Roaster.objects.filter({ country: "KR" }));
 * ```
 * @throws ORM_PROTECTED, whose `rows` are those that forbid it
 */
export async function deleteRows(instances: readonly object[]): Promise<DeletionCounts> {
  if (instances.length === 0) return { total: 0, byModel: {} };
  const db = database((instances[0] as AnyRow)[stateOf].alias);
  return db.transaction(async () => runDeletion(await collectDeletion(instances, { sweeps: true }), instances));
}

/** Carries a plan out. @throws ORM_PROTECTED */
async function runDeletion(plan: DeletionPlan, origin: object): Promise<DeletionCounts> {
  if (plan.protectedBy.length > 0) throw protectedError(plan);
  const db = database(plan.alias);
  const using = plan.alias ?? "default";
  const byModel: Record<string, number> = {};
  const counted = (model: ModelClass, count: number) => {
    if (count > 0) byModel[model.meta.key] = (byModel[model.meta.key] ?? 0) + count;
    model.meta.writes++;
  };
  for (const { instances } of plan.deleted) await tellDeletion(preDelete, instances, { using, origin });
  for (const { model, condition } of plan.swept) counted(model, await sweep(db, model, condition));
  for (const { model, field, keys, value } of plan.updated) await changeReference(db, { model, field, keys, value });
  await breakCycles(db, plan);
  for (const { model, instances } of plan.deleted) {
    const keys = instances.map((row) => (row as AnyRow)["pk"]);
    for (let at = 0; at < keys.length; at += batchSize)
      counted(model, await sweep(db, model, { pk: { in: keys.slice(at, at + batchSize) } }));
    for (const instance of instances) (instance as AnyRow)[stateOf].stored = undefined;
    await tellDeletion(postDelete, instances, { using, origin });
  }
  return { total: Object.values(byModel).reduce((sum, count) => sum + count, 0), byModel };
}

/** Rows that refer to each other in a ring let go of each other first. */
async function breakCycles(db: Database, { deleted }: DeletionPlan): Promise<void> {
  for (const { model, field } of cyclicReferences(deleted.map((part) => part.model))) {
    const { instances } = deleted.find((part) => part.model === model)!;
    const keys = instances.map((row) => (row as AnyRow)["pk"]);
    await changeReference(db, { model, field, keys, value: null });
  }
}

interface Change {
  readonly model: ModelClass;
  readonly field: Field;
  readonly keys: readonly unknown[];
  readonly value: unknown;
}

async function changeReference(db: Database, { model, field, keys, value }: Change): Promise<void> {
  const { scope, compiler } = openTable(db, model);
  const set = `${quoteName(field.column)} = ${compiler.param(value, field.writer(compiler.dialect))}`;
  const condition = compileCondition(scope, { pk: { in: keys } });
  model.meta.writes++;
  await db.execute(`UPDATE ${scope.alias} SET ${set} WHERE ${condition}`, compiler.params);
}

async function sweep(db: Database, model: ModelClass, where: Readonly<Record<string, unknown>>): Promise<number> {
  const { scope, compiler } = openTable(db, model);
  const condition = compileCondition(scope, where);
  return (await db.execute(`DELETE FROM ${scope.alias} WHERE ${condition}`, compiler.params)).rowCount;
}

function openTable(db: Database, model: ModelClass): { scope: Scope; compiler: Compiler } {
  const compiler = new Compiler(db.dialect);
  return { compiler, scope: new Scope(compiler, model.meta, { alias: quoteName(model.meta.table) }) };
}

/** How many keys a message names. */
const named = 5;

function protectedError({ deleted, protectedBy }: DeletionPlan): Error {
  const target = deleted.at(-1)!;
  const by = protectedBy.map(({ model, instances }) => {
    const keys = instances.slice(0, named).map((row) => String((row as AnyRow)["pk"]));
    const more = instances.length > named ? ", …" : "";
    return `${instances.length} of ${model.meta.label} (${keys.join(", ")}${more})`;
  });
  const error = ormErrors.ORM_PROTECTED({ model: target.model.meta.label, count: target.instances.length, by: by.join(", ") });
  return Object.assign(error, { rows: protectedBy.flatMap(({ instances }) => instances) });
}
