import { ormErrors } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import type { SetOnDelete } from "../fields/relations/relation.ts";
import type { ModelClass } from "../model/model-class.ts";
import type { ReverseRelation } from "../model/registry.ts";
import { type AnyRow, metaOf } from "../model/rows/row.ts";
import { rowAlias } from "../model/rows/instance-state.ts";
import { startState } from "../query/query-state.ts";
import { runQuery } from "../query/run.ts";
import { keyValue } from "../relations/generic-fields.ts";
import { mapKey } from "../relations/row-map.ts";
import { deletesAlone } from "./deletes-alone.ts";
import { inDeletionOrder } from "./deletion-order.ts";

/** What deleting rows would do. */
export interface DeletionPlan {
  /** The rows that go, those that refer before those that are referred to. */
  readonly deleted: readonly { readonly model: ModelClass; readonly instances: readonly object[] }[];
  /** The rows that stay and lose their reference. */
  readonly updated: readonly DeletionUpdate[];
  /** The rows that forbid it. */
  readonly protectedBy: readonly { readonly model: ModelClass; readonly instances: readonly object[] }[];
  /** Rows that go without being read: nothing refers to them, and nobody is told. */
  readonly swept: readonly DeletionSweep[];
  /** The alias of the database; undefined for the default one. */
  readonly alias: string | undefined;
}

/** Rows that stay and get another reference. */
export interface DeletionUpdate {
  readonly model: ModelClass;
  readonly field: Field;
  readonly count: number;
  readonly keys: readonly unknown[];
  /** What they get: null, the default, or what `set()` says. */
  readonly value: unknown;
}

/** All rows of a model that refer to these values. */
export interface DeletionSweep {
  readonly model: ModelClass;
  readonly condition: Readonly<Record<string, unknown>>;
}

type Found = Map<ModelClass, Map<unknown, AnyRow>>;

/**
 * How it works
 *
 * From the given rows the collector follows every relation that leads to them, one query for each
 * relation and level. `cascade` adds rows, `setNull` and its like note columns to change, `protect`
 * notes rows that forbid; `restrict` forbids too, unless the row goes by another way. What the database
 * does itself (`dbCascade` …) is left to it. A child of several tables takes its parents' rows along.
 */
class Collector {
  readonly deleted: Found = new Map();
  readonly protectedBy: Found = new Map();
  readonly restrictedBy: Found = new Map();
  readonly updated: DeletionUpdate[] = [];
  readonly swept: DeletionSweep[] = [];
  readonly #alias: string | undefined;
  readonly #sweeps: boolean;

  constructor(alias: string | undefined, sweeps: boolean) {
    this.#alias = alias;
    this.#sweeps = sweeps;
  }

  async add(given: ModelClass, rows: readonly AnyRow[]): Promise<void> {
    const model = given.meta.concrete;
    const fresh = keep(this.deleted, model, rows);
    if (fresh.length === 0) return;
    for (const relation of model.meta.incoming) if (relation.field.kind !== "manyToMany") await this.#follow(relation, fresh);
    for (const parent of model.meta.parents) await this.#addParents(parent, fresh);
  }

  async #follow({ model, field, fixed }: ReverseRelation, owners: readonly AnyRow[]): Promise<void> {
    const onDelete = fixed ? "cascade" : field.relation!.onDelete;
    if (typeof onDelete === "string" && (onDelete === "doNothing" || onDelete.startsWith("db"))) return;
    const attname = fixed ? "pk" : field.relation!.targetField!.attname;
    const keys = owners.map((row) => (fixed ? keyValue(field, row["pk"]) : row[attname])).filter((key) => key != null);
    const condition = { [field.attname]: { in: keys }, ...fixed?.values };
    if (this.#sweeps && onDelete === "cascade" && deletesAlone(model.meta)) {
      this.swept.push({ model, condition });
      return;
    }
    const rows = await this.#read(model, condition);
    if (rows.length === 0) return;
    if (onDelete === "cascade") await this.add(model, rows);
    else if (onDelete === "protect") keep(this.protectedBy, model, rows);
    else if (onDelete === "restrict") keep(this.restrictedBy, model, rows);
    else
      this.updated.push({
        model,
        field,
        count: rows.length,
        keys: rows.map((row) => row["pk"]),
        value: await valueFor(field, onDelete),
      });
  }

  async #addParents({ model, field }: { model: ModelClass; field: Field }, rows: readonly AnyRow[]): Promise<void> {
    const known = this.deleted.get(model.meta.concrete);
    const keys = rows.map((row) => row[field.attname]).filter((key) => !known?.has(mapKey(key)));
    if (keys.length > 0) await this.add(model, await this.#read(model, { pk: { in: keys } }));
  }

  async #read(model: ModelClass, condition: Readonly<Record<string, unknown>>): Promise<AnyRow[]> {
    const state = { ...startState(model.meta), order: [], load: [], filters: [{ negated: false, condition }] };
    return runQuery<AnyRow>(this.#alias === undefined ? state : { ...state, alias: this.#alias });
  }
}

/** What the referring rows get. */
async function valueFor(field: Field, onDelete: string | SetOnDelete): Promise<unknown> {
  if (onDelete === "setDefault") return field.getDefault();
  if (typeof onDelete === "string") return null;
  const { set } = onDelete;
  const value: unknown = typeof set === "function" ? await set() : set;
  return field.parse(value);
}

/** Adds rows under their model; gives those that were not there. */
function keep(found: Found, model: ModelClass, rows: readonly AnyRow[]): AnyRow[] {
  let known = found.get(model);
  if (known === undefined) found.set(model, (known = new Map()));
  const fresh = rows.filter((row) => !known.has(mapKey(row["pk"])));
  for (const row of fresh) known.set(mapKey(row["pk"]), row);
  return fresh;
}

/**
 * Finds out what deleting rows would take with it, change, or be forbidden by. With `sweeps`, rows that nothing
 * refers to are not read, and not listed.
 */
export async function collectDeletion(instances: readonly object[], options: { sweeps?: boolean } = {}): Promise<DeletionPlan> {
  for (const instance of instances) {
    if ((instance as AnyRow)["pk"] == null)
      throw ormErrors.ORM_NOT_SAVED({ model: metaOf(instance).label, use: "it cannot be deleted" });
  }
  const alias = instances.length === 0 ? undefined : rowAlias(instances[0]!);
  const collector = new Collector(alias, options.sweeps === true);
  const byModel = Map.groupBy(instances as readonly AnyRow[], (row) => metaOf(row).model);
  for (const [model, rows] of byModel) await collector.add(model, rows);
  for (const [model, rows] of collector.restrictedBy) {
    const staying = [...rows.values()].filter((row) => !collector.deleted.get(model)?.has(mapKey(row["pk"])));
    if (staying.length > 0) keep(collector.protectedBy, model, staying);
  }
  return {
    deleted: inDeletionOrder([...collector.deleted.keys()]).map((model) => ({
      model,
      instances: [...collector.deleted.get(model)!.values()],
    })),
    updated: collector.updated,
    protectedBy: [...collector.protectedBy].map(([model, rows]) => ({ model, instances: [...rows.values()] })),
    swept: collector.swept,
    alias,
  };
}
