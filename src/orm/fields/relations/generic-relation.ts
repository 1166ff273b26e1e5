import { RelatedDeclaration, type RelatedFieldName } from "./related-declaration.ts";
import type { RelationTarget } from "./relation.ts";

/** A reference to a row of any model, held by two fields: the model's key and the row's key. */
export class GenericForeignKey<Target = any> {
  declare readonly $generic: Target;
  readonly typeField: string;
  readonly keyField: string;
  constructor(typeField: string, keyField: string) {
    this.typeField = typeField;
    this.keyField = keyField;
  }
}

/**
 * A reference to a row of any model. One field holds the model's key (`"shop.Coffee"`), another the row's.
 *
 * ```ts
 * export class Note extends Model({
 *   text: text(),
 *   contentType: char({ maxLength: 100 }),
 *   objectId: positiveInteger(),
 *   subject: () => genericForeignKey<Coffee | Roaster>("contentType", "objectId"),
 * }, { indexes: [index(["contentType", "objectId"])] }) {}
 * ```
 */
export function genericForeignKey<Target = any>(typeField: string, keyField: string): GenericForeignKey<Target> {
  return new GenericForeignKey<Target>(typeField, keyField);
}

/** The declared way back of a generic reference. */
export class GenericRelationDeclaration<Target = any, Name extends string = string> extends RelatedDeclaration<Target, Name> {}

/**
 * The rows that refer here by a generic reference: `notes: () => genericRelation(Note, "subject")`. They are
 * filtered through, loaded and counted as any relation, and deleted with the row.
 */
export function genericRelation<Target, const Name extends RelatedFieldName<Target>>(
  to: Target,
  field: Name,
): GenericRelationDeclaration<Target, Name> {
  return new GenericRelationDeclaration<Target, Name>(to as RelationTarget, field);
}
