import { ormErrors } from "../errors.ts";
import { stateOf } from "../model/rows/instance-state.ts";
import { type AnyRow, isRow, metaOf } from "../model/rows/row.ts";
import { setRelated } from "../query/hydration.ts";
import { genericFields, type GenericFields, isKnownGone, keyValue } from "./generic-fields.ts";
import { loadRelated } from "./load-relations.ts";
import { pending } from "./pending.ts";

/** The row that is referred to if it is loaded, else a `Pending`; null without one. */
export function readGeneric(row: AnyRow, name: string): unknown {
  const { type, key } = genericFields(metaOf(row), name);
  const related = row[stateOf].related?.[name] as AnyRow | null | undefined;
  if (related && isReferredTo(related, row, { type, key })) return related;
  if (row[type.attname] == null || row[type.attname] === "" || row[key.attname] == null) return null;
  if (related === null && isKnownGone(row, name, { type, key })) return null;
  if (related !== undefined) row[stateOf].related![name] = undefined;
  return pending(() => loadRelated(row, name));
}

function isReferredTo(related: AnyRow, row: AnyRow, { type, key }: GenericFields): boolean {
  return metaOf(related).key === row[type.attname] && String(related["pk"]) === String(row[key.attname]);
}

/** `note.subject = coffee` takes the model's key and the row's. */
export function assignGeneric(row: AnyRow, name: string, value: unknown): void {
  const { type, key } = genericFields(metaOf(row), name);
  if (!isRow(value) && value !== null && value !== undefined)
    throw ormErrors.ORM_BAD_VALUE({
      field: `${metaOf(row).label}.${name}`,
      given: typeof value === "object" ? "an object" : String(value),
      wanted: "a row of any model, or null",
    });
  const target = isRow(value) ? value : null;
  if (target !== null && target["pk"] == null)
    throw ormErrors.ORM_NOT_SAVED({ model: metaOf(target).label, use: `${metaOf(row).label}.${name} cannot refer to it` });
  row[type.attname] = target && metaOf(target).key;
  row[key.attname] = target && keyValue(key, target["pk"]);
  setRelated(row, name, target);
}
