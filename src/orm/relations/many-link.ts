import type { Field } from "../fields/field.ts";
import type { Member, ModelMeta } from "../model/meta.ts";
import { type ThroughColumns, throughColumns } from "../query/through-columns.ts";

/**
 * How the rows of a to-many relation are reached: by a column of theirs (`column`), with fixed values
 * beside it where the relation is generic (`fixed`), or through a middle table (`middle`).
 */
export interface ManyLink {
  /** The model of the far rows. */
  readonly target: ModelMeta;
  /** The owner's field whose value the column, or the middle table, holds. */
  readonly ownerField: Field;
  readonly column: Field | undefined;
  /** Values that the far rows have: `{ contentType: "shop.Coffee" }`. */
  readonly fixed: Readonly<Record<string, unknown>> | undefined;
  readonly middle: ThroughColumns | undefined;
  /** Whether there is at most one far row. */
  readonly one: boolean;
  /** The many-to-many's own field. */
  readonly field: Field;
}

/** The link of a to-many relation or of a way back. */
export function manyLink(member: Exclude<Member, { type: "field" }>): ManyLink {
  if (member.type === "manyToMany") return throughLink(member.field, false);
  const { field, model, one, fixed } = member.relation;
  if (field.kind === "manyToMany") return throughLink(field, true);
  const ownerField = fixed === undefined ? field.relation!.targetField! : fixed.owner.meta.primaryKey;
  return { target: model.meta, ownerField, column: field, fixed: fixed?.values, middle: undefined, one, field };
}

function throughLink(field: Field, reversed: boolean): ManyLink {
  const middle = throughColumns(field, reversed);
  const target = (reversed ? field.model : field.relation!.to).meta;
  const ownerField = middle.owner.relation!.targetField!;
  return { target, ownerField, column: undefined, fixed: undefined, middle, one: false, field };
}
