import type { ModelClass } from "../../model/model-class.ts";
import type { ConditionInput } from "../../query/conditions.ts";
import type { Field } from "../field.ts";

/** The referring rows get this value, or what the function gives. `onDelete: set(() => fallbackUser.pk)` */
export interface SetOnDelete {
  readonly set: unknown;
}

/**
 * What becomes of the rows that refer to a deleted row. Those that begin with "db" are carried out by the
 * database itself (`ON DELETE …`): fast, also for rows that are deleted by other programs, and without signals.
 */
export type OnDelete =
  | "cascade"
  | "protect"
  | "restrict"
  | "setNull"
  | "setDefault"
  | "doNothing"
  | "dbCascade"
  | "dbSetNull"
  | "dbSetDefault"
  | "dbRestrict"
  | SetOnDelete;

/** The value that referring rows get when the row they refer to is deleted: `onDelete: set(1)`, `onDelete: set(() => roaster.pk)`. */
export function set(value: unknown): SetOnDelete {
  return { set: value };
}

/** What a table definition says: `ON DELETE CASCADE`. */
export type DatabaseOnDelete = "CASCADE" | "SET NULL" | "SET DEFAULT" | "RESTRICT";

const databaseRules: Readonly<Record<string, DatabaseOnDelete>> = {
  dbCascade: "CASCADE",
  dbSetNull: "SET NULL",
  dbSetDefault: "SET DEFAULT",
  dbRestrict: "RESTRICT",
};

/** The part of `onDelete` that the database carries out. */
export function databaseRule(onDelete: OnDelete): DatabaseOnDelete | undefined {
  return typeof onDelete === "string" ? databaseRules[onDelete] : undefined;
}

/** A model, or its key: `"shop.Coffee"`, `"self"`, or `"@user"` for the project's user model. */
export type RelationTarget = ModelClass | string;

/** The rows that a relation offers to choose from: an object, a `Q`, or a function that gives one. */
export type LimitChoicesTo = ConditionInput | (() => ConditionInput);

/** Where a relation field leads. */
export interface Relation {
  readonly kind: "foreignKey" | "oneToOne" | "manyToMany";
  /** The model it leads to. */
  readonly to: ModelClass;
  /** The target as a migration writes it: `"shop.Roaster"`, `"@user"`. */
  readonly toKey: string;
  readonly onDelete: OnDelete;
  /** What the table's definition says of deletion; undefined where Cortado sees to it. */
  readonly databaseOnDelete: DatabaseOnDelete | undefined;
  /** Whether the table has a foreign key constraint for it. */
  readonly dbConstraint: boolean;
  /** The field of the target whose values the column holds; undefined for a many-to-many. */
  readonly targetField: Field | undefined;
  readonly relatedName: string | undefined;
  /** The name of the way back in filters, where it is another than on rows. */
  readonly relatedQueryName: string | undefined;
  readonly limitChoicesTo: LimitChoicesTo | undefined;
  /** The model of a many-to-many's middle table. */
  readonly through: ModelClass | undefined;
  /** The middle model's two fields, where it has several to choose from: to this side, to the other. */
  readonly throughFields: readonly [string, string] | undefined;
  /** Whether a many-to-many of a model with itself holds both ways. */
  readonly symmetrical: boolean;
}

/** In place of a relation's name: the link of a child to its parent, whatever that is called. */
export const wayDown = "parent link";
