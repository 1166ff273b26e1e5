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
  const { through, throughFields, to } = field.relation!;
  const { meta } = through!;
  const keys = meta.fields.filter((candidate) => candidate.relation !== undefined);
  const source = throughFields ? meta.field(throughFields[0]) : keys.find((key) => key.relation!.to === field.model)!;
  const target = throughFields
    ? meta.field(throughFields[1])
    : keys.find((candidate) => candidate !== source && candidate.relation!.to === to)!;
  return reversed ? { through: meta, owner: target, target: source } : { through: meta, owner: source, target };
}
