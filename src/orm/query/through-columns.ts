import type { Field } from "../fields/field.ts";
import type { ModelMeta } from "../model/meta.ts";

/** A many-to-many's middle table, seen from one side. */
export interface ThroughColumns {
  readonly through: ModelMeta;
  /** The field that refers to the side it is seen from. */
  readonly owner: Field;
  /** The field that refers to the far side. */
  readonly target: Field;
}

/** The middle table's columns; `reversed` when seen from the model that the relation leads to. */
export function throughColumns(field: Field, reversed: boolean): ThroughColumns {
  const through = field.relation!.through!.meta;
  const keys = through.fields.filter((candidate) => candidate.relation !== undefined);
  const source = keys.find((candidate) => candidate.relation!.to === field.model)!;
  const target = keys.find((candidate) => candidate !== source && candidate.relation!.to === field.relation!.to)!;
  return reversed ? { through, owner: target, target: source } : { through, owner: source, target };
}
