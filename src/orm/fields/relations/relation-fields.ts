import { RelatedDeclaration, type RelatedFieldName } from "./related-declaration.ts";
import type { PresenceOf } from "../field-typing.ts";
import { ForeignKeyField, type ForeignKeyOptions } from "./foreign-key.ts";
import { ManyToManyField, type ManyToManyOptions } from "./many-to-many.ts";
import { type RelationTarget, wayDown } from "./relation.ts";

/** The field of the target that is held, where it is not the primary key. */
export type ToFieldOf<O> = O extends { toField: infer N } ? { readonly $toField: N } : unknown;
type NullOf<O> = O extends { null: true } ? true : false;

/**
 * A reference to one row of another model. `roaster: () => foreignKey(Roaster, { onDelete: "protect" })`
 *
 * Next to `coffee.roaster` there is `coffee.roasterId`.
 */
export function foreignKey<Target, const O extends ForeignKeyOptions>(
  to: Target,
  options: O,
): ForeignKeyField<Target, NullOf<O>, PresenceOf<O>, "foreignKey"> & ToFieldOf<O> {
  return new ForeignKeyField("foreignKey", to as RelationTarget, options) as never;
}

/** A reference that at most one row makes. `profile: () => oneToOne(User, { onDelete: "cascade" })` */
export function oneToOne<Target, const O extends ForeignKeyOptions>(
  to: Target,
  options: O,
): ForeignKeyField<Target, NullOf<O>, PresenceOf<O>, "oneToOne"> & ToFieldOf<O> {
  return new ForeignKeyField("oneToOne", to as RelationTarget, options) as never;
}

/** Rows on both sides, through a table in between. `tags: () => manyToMany(Tag)` */
export function manyToMany<Target, const O extends ManyToManyOptions = {}>(to: Target, options?: O): ManyToManyField<Target> {
  return new ManyToManyField(to as RelationTarget, options ?? {});
}

/**
 * The typed way back of a relation that another model declares.
 *
 * ```ts
 * coffees: () => related(Coffee, "roaster")
 * ```
 */
export function related<Target, const Name extends RelatedFieldName<Target>>(
  to: Target,
  field: Name,
): RelatedDeclaration<Target, Name> {
  return new RelatedDeclaration(to as RelationTarget, field);
}

/**
 * The typed way from a parent's row to its child's: `place.restaurant`, a row or null.
 *
 * ```ts
 * restaurant: () => child(Restaurant)
 * ```
 */
export function child<Target>(to: Target): RelatedDeclaration<Target, typeof wayDown> {
  return new RelatedDeclaration(to as RelationTarget, wayDown);
}
