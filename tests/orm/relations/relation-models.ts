import {
  char,
  foreignKey,
  genericForeignKey,
  genericRelation,
  index,
  integer,
  manager,
  Manager,
  manyToMany,
  Model,
  oneToOne,
  positiveInteger,
  related,
  set,
} from "cortado/orm";

export class Country extends Model({
  code: char({ maxLength: 2, unique: true }),
  name: char({ maxLength: 40 }),
  farms: () => related(Farm, "country"),
}) {
  static objects = manager(this);
}

/** Farms refer to a country by its code. */
export class Farm extends Model(
  {
    name: char({ maxLength: 40 }),
    country: () => foreignKey(Country, { onDelete: "cascade", toField: "code", null: true }),
    lots: () => related(Lot, "farm"),
    sheet: () => related(Sheet, "farm"),
    buyers: () => related(Buyer, "farms"),
    notes: () => genericRelation(Note, "subject"),
  },
  { ordering: ["name"] },
) {
  static objects = manager(this);
}

export class Sheet extends Model({
  farm: () => oneToOne(Farm, { onDelete: "cascade" }),
  text: char({ maxLength: 80, default: "" }),
}) {
  static objects = manager(this);
}

class LotManager extends Manager<Lot> {
  override query() {
    return super.query().filter({ isGone: 0 });
  }
}

/** Lots that are gone are hidden. */
export class Lot extends Model(
  {
    name: char({ maxLength: 40 }),
    weight: integer({ default: 0 }),
    isGone: integer({ default: 0 }),
    farm: () => foreignKey(Farm, { onDelete: "cascade" }),
    reserve: () =>
      foreignKey(Farm, { onDelete: "setNull", null: true, relatedName: "reserved", relatedQueryName: "reservedLot" }),
  },
  { ordering: ["name"] },
) {
  static objects = new LotManager(this);
  static everything = manager(this);
}

export class Buyer extends Model(
  {
    name: char({ maxLength: 40 }),
    farms: () => manyToMany(Farm, { through: () => Contract, throughFields: ["buyer", "farm"] }),
    friends: () => manyToMany(Buyer),
    rivals: () => manyToMany(Buyer, { symmetrical: false, relatedName: "rivalOf", dbTable: "cafe_rivalry" }),
    notes: () => genericRelation(Note, "subject"),
  },
  { ordering: ["name"] },
) {
  static objects = manager(this);
}

export class Contract extends Model({
  buyer: () => foreignKey(Buyer, { onDelete: "cascade" }),
  farm: () => foreignKey(Farm, { onDelete: "cascade" }),
  witness: () => foreignKey(Buyer, { onDelete: "setNull", null: true, relatedName: "+" }),
  price: integer(),
}) {
  static objects = manager(this);
}

/** A note on a row of any model. */
export class Note extends Model(
  {
    text: char({ maxLength: 80 }),
    contentType: char({ maxLength: 100, null: true }),
    objectId: positiveInteger({ null: true }),
    subject: () => genericForeignKey<Farm | Buyer>("contentType", "objectId"),
  },
  { ordering: ["id"], indexes: [index(["contentType", "objectId"])] },
) {
  static objects = manager(this);
}

/** One row for each way of deleting what it refers to. */
export class Referrer extends Model({
  label: char({ maxLength: 20, default: "" }),
  byDefault: () => foreignKey(Farm, { onDelete: "setDefault", default: () => fallback.key, null: true, relatedName: "+" }),
  bySet: () => foreignKey(Farm, { onDelete: set(() => fallback.key), null: true, relatedName: "+" }),
  restricted: () => foreignKey(Farm, { onDelete: "restrict", null: true, relatedName: "+" }),
  left: () => foreignKey(Farm, { onDelete: "doNothing", null: true, relatedName: "+", dbConstraint: false }),
}) {
  static objects = manager(this);
}

/** Where deleted farms are replaced by another. */
export const fallback: { key: number | null } = { key: null };

/** Two models that refer to each other. */
export class Hen extends Model({ egg: () => foreignKey(Egg, { onDelete: "cascade", null: true }) }) {
  static objects = manager(this);
}
export class Egg extends Model({ hen: () => foreignKey(Hen, { onDelete: "cascade", null: true }) }) {
  static objects = manager(this);
}
