import { defaultManagerOf } from "../model/managers.ts";
import type { ModelClass } from "../model/model-class.ts";
import type { AnyRow } from "../model/rows/row.ts";
import { type Manager, managerLike } from "../query/manager.ts";
import { serializationErrors } from "./errors.ts";

type NaturalManager = { getByNaturalKey?: (...parts: unknown[]) => Promise<AnyRow> };

/** Whether rows of a model have a natural key. */
export function hasNaturalKey(model: ModelClass): boolean {
  return typeof (model.prototype as { naturalKey?: unknown }).naturalKey === "function";
}

/** The natural key of a row, where its model has one. */
export function naturalKeyOf(row: AnyRow): readonly unknown[] | undefined {
  const give: unknown = row["naturalKey"];
  return typeof give === "function" ? (give.call(row) as readonly unknown[]) : undefined;
}

/** The row of a database with a natural key; undefined where there is none such. @throws SERIALIZATION_NO_NATURAL_KEY */
export async function rowByNaturalKey(model: ModelClass, parts: readonly unknown[], alias: string): Promise<AnyRow | undefined> {
  const manager = managerOn(defaultManagerOf(model.meta), alias) as NaturalManager;
  if (typeof manager.getByNaturalKey !== "function")
    throw serializationErrors.SERIALIZATION_NO_NATURAL_KEY({ model: model.meta.key, value: JSON.stringify(parts) });
  try {
    return await manager.getByNaturalKey(...parts);
  } catch (error) {
    if (error instanceof model.DoesNotExist) return undefined;
    throw error;
  }
}

/** A manager whose queries go to one database. */
function managerOn(manager: Manager<any>, alias: string): Manager<any> {
  const own = managerLike(manager, manager.model);
  const query = own.query.bind(own);
  return Object.assign(own, { query: () => query().using(alias) });
}
