import type { ModelClass } from "../model/model-class.ts";
import type { AnyRow } from "../model/row.ts";
import { serializationErrors } from "./errors.ts";

type NaturalManager = { getByNaturalKey?: (...parts: unknown[]) => Promise<AnyRow> };

/** The natural key of a row, where its model has one. */
export function naturalKeyOf(row: AnyRow): readonly unknown[] | undefined {
  const give: unknown = row["naturalKey"];
  return typeof give === "function" ? (give.call(row) as readonly unknown[]) : undefined;
}

/** The row with a natural key; undefined where there is none such. @throws SERIALIZATION_NO_NATURAL_KEY */
export async function rowByNaturalKey(model: ModelClass, parts: readonly unknown[]): Promise<AnyRow | undefined> {
  const manager = model.objects as unknown as NaturalManager;
  if (typeof manager.getByNaturalKey !== "function")
    throw serializationErrors.SERIALIZATION_NO_NATURAL_KEY({ model: model.meta.key, value: JSON.stringify(parts) });
  try {
    return await manager.getByNaturalKey(...parts);
  } catch (error) {
    if (error instanceof model.DoesNotExist) return undefined;
    throw error;
  }
}
