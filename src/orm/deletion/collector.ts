import { database } from "../database/database.ts";
import { ormErrors } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import { stateOf } from "../model/instance-state.ts";
import type { ModelClass } from "../model/model-class.ts";
import type { ReverseRelation } from "../model/registry.ts";
import { type AnyRow, metaOf } from "../model/row.ts";
import { quoteName } from "../names.ts";
import { Compiler } from "../query/compiler.ts";
import { startState } from "../query/query-state.ts";
import { runQuery } from "../query/run.ts";
import { Scope } from "../query/scope.ts";

/** What deleting rows would do. */
export interface DeletionPlan {
  /** The rows that go, those that refer before those that are referred to. */
  readonly deleted: readonly { readonly model: ModelClass; readonly instances: readonly object[] }[];
  /** The rows that stay and lose their reference. */
  readonly updated: readonly {
    readonly model: ModelClass;
    readonly field: Field;
    readonly count: number;
    readonly keys: readonly unknown[];
  }[];
  /** The rows that forbid it. */
  readonly protectedBy: readonly { readonly model: ModelClass; readonly instances: readonly object[] }[];
}

type Found = Map<ModelClass, Map<unknown, AnyRow>>;

/**
 * How it works
 *
 * From the given rows the collector follows every relation that leads to them, one query for each
 * relation and level. `cascade` adds rows, `setNull` and `setDefault` note columns to change, `protect`
 * notes rows that forbid; `restrict` forbids too, unless the row goes by another way.
 */
class Collector {
  readonly deleted: Found = new Map();
  readonly protectedBy: Found = new Map();
  readonly restrictedBy: Found = new Map();
  readonly updated: { model: ModelClass; field: Field; count: number; keys: unknown[] }[] = [];

  async add({ meta: given }: ModelClass, rows: readonly AnyRow[]): Promise<void> {
    const model = given.concrete;
    const fresh = keep(this.deleted, model, rows);
    if (fresh.length === 0) return;
    const keys = fresh.map((row) => row["pk"]);
    for (const parent of model.meta.parents) await this.add(parent.model, await rowsWith(parent.model, "pk", keys));
    for (const relation of model.meta.incoming) if (relation.field.kind !== "manyToMany") await this.follow(relation, keys);
  }

  private async follow({ model, field }: ReverseRelation, keys: readonly unknown[]): Promise<void> {
    const { onDelete } = field.relation!;
    if (onDelete === "doNothing") return;
    const rows = await rowsWith(model, field.attname, keys);
    if (rows.length === 0) return;
    if (onDelete === "cascade") await this.add(model, rows);
    else if (onDelete === "protect") keep(this.protectedBy, model, rows);
    else if (onDelete === "restrict") keep(this.restrictedBy, model, rows);
    else this.updated.push({ model, field, count: rows.length, keys: rows.map((row) => row["pk"]) });
  }
}

function rowsWith(model: ModelClass, name: string, values: readonly unknown[]): Promise<AnyRow[]> {
  const filters = [{ negated: false, condition: { [name]: { in: values } } }];
  return runQuery<AnyRow>({ ...startState(model.meta), order: [], load: [], filters });
}

/** Adds rows under their model; gives those that were not there. */
function keep(found: Found, model: ModelClass, rows: readonly AnyRow[]): AnyRow[] {
  let known = found.get(model);
  if (known === undefined) found.set(model, (known = new Map()));
  const fresh = rows.filter((row) => !known.has(row["pk"]));
  for (const row of fresh) known.set(row["pk"], row);
  return fresh;
}

/** Finds out what deleting rows would take with it, change, or be forbidden by. */
export async function collectDeletion(instances: readonly object[]): Promise<DeletionPlan> {
  const collector = new Collector();
  for (const instance of instances) {
    if (metaOf(instance).primaryKey && (instance as AnyRow)["pk"] == null)
      throw ormErrors.ORM_NOT_SAVED({ model: metaOf(instance).label, use: "it cannot be deleted" });
  }
  const byModel = Map.groupBy(instances as readonly AnyRow[], (row) => metaOf(row).model);
  for (const [model, rows] of byModel) await collector.add(model, rows);
  for (const [model, rows] of collector.restrictedBy) {
    const staying = [...rows.values()].filter((row) => !collector.deleted.get(model)?.has(row["pk"]));
    if (staying.length > 0) keep(collector.protectedBy, model, staying);
  }
  return {
    deleted: inDeletionOrder([...collector.deleted.keys()]).map((model) => ({
      model,
      instances: [...collector.deleted.get(model)!.values()],
    })),
    updated: collector.updated,
    protectedBy: [...collector.protectedBy].map(([model, rows]) => ({ model, instances: [...rows.values()] })),
  };
}

/** Models that refer to others come before them. */
function inDeletionOrder(models: readonly ModelClass[]): ModelClass[] {
  const ordered: ModelClass[] = [];
  const seen = new Set<ModelClass>();
  const visit = (model: ModelClass) => {
    if (seen.has(model)) return;
    seen.add(model);
    for (const other of models) if (other.meta.localFields.some((field) => field.relation?.to.meta.concrete === model)) visit(other);
    ordered.push(model);
  };
  models.forEach(visit);
  return ordered;
}

/** Carries a plan out; gives how many rows were deleted. @throws ORM_PROTECTED */
export async function runDeletion(plan: DeletionPlan): Promise<number> {
  if (plan.protectedBy.length > 0) throw protectedError(plan);
  let count = 0;
  for (const { model, field, keys } of plan.updated) await changeReference(model, field, keys);
  for (const { model, instances } of plan.deleted) {
    count += await deleteRows(model, instances as readonly AnyRow[]);
    for (const instance of instances) (instance as AnyRow)[stateOf].stored = undefined;
  }
  return count;
}

async function changeReference(model: ModelClass, field: Field, keys: readonly unknown[]): Promise<void> {
  const { scope, compiler } = openTable(model);
  const value = field.relation!.onDelete === "setDefault" ? field.getDefault() : null;
  const set = `${quoteName(field.column)} = ${compiler.param(value, field.writer(compiler.dialect))}`;
  await database().execute(`UPDATE ${scope.alias} SET ${set} WHERE ${keyCondition(scope, keys)}`, compiler.params);
}

async function deleteRows(model: ModelClass, rows: readonly AnyRow[]): Promise<number> {
  const { scope, compiler } = openTable(model);
  const condition = keyCondition(
    scope,
    rows.map((row) => row["pk"]),
  );
  return (await database().execute(`DELETE FROM ${scope.alias} WHERE ${condition}`, compiler.params)).rowCount;
}

function openTable(model: ModelClass): { scope: Scope; compiler: Compiler } {
  const compiler = new Compiler(database().dialect);
  return { compiler, scope: new Scope(compiler, model.meta, { alias: quoteName(model.meta.table) }) };
}

function keyCondition(scope: Scope, keys: readonly unknown[]): string {
  return scope.compileLookup(scope.compileField(scope.meta.primaryKey), "in", keys);
}

function protectedError({ deleted, protectedBy }: DeletionPlan): Error {
  const target = deleted.at(-1)!;
  const by = protectedBy.map(({ model, instances }) => `${instances.length} of ${model.meta.label}`).join(", ");
  return ormErrors.ORM_PROTECTED({ model: target.model.meta.label, count: target.instances.length, by });
}
