import { ormErrors } from "../../errors.ts";
import type { Field } from "../../fields/field.ts";
import type { ModelClass } from "../model-class.ts";
import { type AnyRow, isRow, metaOf } from "./row.ts";

/** Whether a row is one of a model; a model of the past stands for the present one, a model with a table for its proxies. */
export function isRowOf(model: ModelClass, row: object): boolean {
  return row instanceof model || row instanceof model.meta.concrete || metaOf(row).key === model.meta.key;
}

/** The key of a row that `label` takes. @throws ORM_BAD_VALUE when the row is another model's */
export function keyOfModel(model: ModelClass, row: object, label: string): unknown {
  if (isRowOf(model, row)) return (row as AnyRow)["pk"];
  throw ormErrors.ORM_BAD_VALUE({ field: label, given: `a ${metaOf(row).label}`, wanted: `a ${model.meta.label} or its key` });
}

/** A row among the values of a lookup stands for its key, or for the field that the relation leads to. */
export function comparedValue(field: Field | undefined, value: unknown): unknown {
  if (!isRow(value)) return value;
  return value[field?.relation?.targetField?.attname ?? "pk"];
}

/** The key of a row that a relation is set to. @throws ORM_BAD_VALUE when the row is another model's */
export function keyFor(field: Field, row: object): unknown {
  if (field.relation === undefined) return (row as AnyRow)["pk"];
  const key = keyOfModel(field.relation.to, row, field.label);
  const { attname, primaryKey } = field.relation.targetField!;
  return primaryKey ? key : (row as AnyRow)[attname];
}
