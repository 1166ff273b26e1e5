import { ormErrors } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import { ForeignKeyField } from "../fields/relations/foreign-key.ts";
import { defineRelationAccessor } from "../relations/accessors.ts";
import type { ModelClass } from "./model-class.ts";
import { uncapitalised } from "../names.ts";

/** A model that has the first columns of another's rows. */
export interface ParentLink {
  readonly model: ModelClass;
  /** The one-to-one of the child that leads to the parent's row; it is the child's key. */
  readonly field: ForeignKeyField;
}

/** The fields of a child: its link, its parent's, its own. The link is declared with `parentLink: true`, or made here. */
export function inheritFields(
  model: ModelClass,
  parent: ModelClass,
  own: readonly Field[],
): { fields: Field[]; link: ParentLink } {
  const taken = new Map(parent.meta.fields.flatMap((field) => [[field.name, field] as const, [field.attname, field] as const]));
  for (const field of own) {
    const other = taken.get(field.name) ?? taken.get(field.attname);
    if (other !== undefined)
      throw ormErrors.ORM_FIELD_CLASH({ model: model.meta.label, field: field.name, parent: other.model.meta.label });
  }
  const declared = own.find((field) => mayLink(field) && field.relation?.to === parent) as ForeignKeyField | undefined;
  const link = declared === undefined ? makeLink(model, parent) : Object.assign(declared, { options: asLink(declared.options) });
  return {
    fields: [link, ...parent.meta.fields, ...own.filter((field) => field !== link)],
    link: { model: parent, field: link },
  };
}

/** A one-to-one is the link when it says so, or when it is the key. */
function mayLink(field: Field): boolean {
  return field.kind === "oneToOne" && (isParentLink(field) || field.primaryKey);
}

/** Whether a field leads from a child to its parent. */
export function isParentLink(field: Field): boolean {
  return field.options.parentLink === true;
}

/** `place.restaurant`, on the parent's rows, unless a declaration has it already. */
export function defineWayDown({ meta }: ModelClass, { model: parent, field }: ParentLink): void {
  const name: string = field.options.relatedName ?? uncapitalised(meta.name);
  const prototype = parent.prototype as object;
  if (!name.endsWith("+") && !(name in prototype)) defineRelationAccessor(prototype, name);
}

/** `placePtr`, with the column `place_ptr_id`. */
function makeLink(model: ModelClass, parent: ModelClass): ForeignKeyField {
  const { label } = parent.meta;
  const name = `${uncapitalised(label)}Ptr`;
  const field = new ForeignKeyField("oneToOne", parent, asLink({ onDelete: "cascade" })).bind(name, model);
  if (!(name in model.prototype)) defineRelationAccessor(model.prototype, name);
  return field;
}

function asLink<O extends object>(options: O): O & { primaryKey: true; parentLink: true; editable: false } {
  return { ...options, primaryKey: true, parentLink: true, editable: false };
}
