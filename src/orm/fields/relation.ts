import type { ModelClass } from "../model/model-class.ts";

/** What becomes of the rows that refer to a deleted row. */
export type OnDelete = "cascade" | "protect" | "restrict" | "setNull" | "setDefault" | "doNothing";

/** A model, or its key: `"shop.Coffee"`, or `"@user"` for the project's user model. */
export type RelationTarget = ModelClass | string;

/** Where a relation field leads. */
export interface Relation {
  readonly kind: "foreignKey" | "oneToOne" | "manyToMany";
  /** The model it leads to. */
  readonly to: ModelClass;
  /** The target as a migration writes it: `"shop.Roaster"`, `"@user"`. */
  readonly toKey: string;
  readonly onDelete: OnDelete;
  readonly relatedName: string | undefined;
  /** The model of a many-to-many's middle table. */
  readonly through: ModelClass | undefined;
}
