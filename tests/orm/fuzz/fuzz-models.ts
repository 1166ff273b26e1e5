import {
  boolean,
  char,
  date,
  dateTime,
  decimal,
  extend,
  foreignKey,
  integer,
  manager,
  manyToMany,
  Model,
  oneToOne,
  related,
} from "cortado/orm";

export class Roaster extends Model({
  name: char({ maxLength: 30, null: true }),
  size: integer({ null: true }),
  coffees: () => related(Coffee, "roaster"),
  profile: () => related(Profile, "roaster"),
}) {
  static objects = manager(this);
}

/** A child with a table of its own. */
export class Reserve extends extend(Roaster, { rank: integer({ null: true }) }) {
  static objects = manager(this);
}

export class Profile extends Model({
  story: char({ maxLength: 30, null: true }),
  stars: integer({ null: true }),
  roaster: () => oneToOne(Roaster, { onDelete: "cascade" }),
}) {
  static objects = manager(this);
}

export class Tag extends Model({
  label: char({ maxLength: 30 }),
  weight: integer({ null: true }),
  coffees: () => related(Coffee, "tags"),
}) {
  static objects = manager(this);
}

export class Coffee extends Model({
  name: char({ maxLength: 30 }),
  note: char({ maxLength: 30, null: true }),
  price: integer({ null: true }),
  weight: decimal({ maxDigits: 8, decimalPlaces: 2, null: true }),
  isIce: boolean({ null: true }),
  added: dateTime({ null: true }),
  day: date({ null: true }),
  roaster: () => foreignKey(Roaster, { onDelete: "cascade", null: true }),
  partner: () => foreignKey(Coffee, { onDelete: "setNull", null: true }),
  partners: () => related(Coffee, "partner"),
  tags: () => manyToMany(Tag),
  reviews: () => related(Review, "coffee"),
}) {
  static objects = manager(this);
}

export class Review extends Model({
  stars: integer({ null: true }),
  body: char({ maxLength: 30, null: true }),
  coffee: () => foreignKey(Coffee, { onDelete: "cascade" }),
  tag: () => foreignKey(Tag, { onDelete: "setNull", null: true, relatedName: "+" }),
}) {
  static objects = manager(this);
}

/** What the columns of a model hold, and where its relations lead. */
export interface Shape {
  readonly columns: Readonly<Record<string, Kind>>;
  readonly one: Readonly<Record<string, ModelName>>;
  /** One-to-one relations from their other side. */
  readonly reverseOne: Readonly<Record<string, ModelName>>;
  readonly many: Readonly<Record<string, ModelName>>;
}
export type Kind = "int" | "text" | "bool" | "decimal" | "moment" | "day";
export type ModelName = "Roaster" | "Reserve" | "Profile" | "Tag" | "Coffee" | "Review";

export const shapes: Readonly<Record<ModelName, Shape>> = {
  Roaster: {
    columns: { id: "int", name: "text", size: "int" },
    one: {},
    reverseOne: { profile: "Profile" },
    many: { coffees: "Coffee" },
  },
  Reserve: {
    columns: { id: "int", name: "text", size: "int", rank: "int" },
    one: {},
    reverseOne: { profile: "Profile" },
    many: { coffees: "Coffee" },
  },
  Profile: {
    columns: { id: "int", story: "text", stars: "int", roasterId: "int" },
    one: { roaster: "Roaster" },
    reverseOne: {},
    many: {},
  },
  Tag: { columns: { id: "int", label: "text", weight: "int" }, one: {}, reverseOne: {}, many: { coffees: "Coffee" } },
  Coffee: {
    columns: {
      id: "int",
      name: "text",
      note: "text",
      price: "int",
      weight: "decimal",
      isIce: "bool",
      added: "moment",
      day: "day",
      roasterId: "int",
      partnerId: "int",
    },
    one: { roaster: "Roaster", partner: "Coffee" },
    reverseOne: {},
    many: { tags: "Tag", reviews: "Review", partners: "Coffee" },
  },
  Review: {
    columns: { id: "int", stars: "int", body: "text", coffeeId: "int", tagId: "int" },
    one: { coffee: "Coffee", tag: "Tag" },
    reverseOne: {},
    many: {},
  },
};

export const models = { Roaster, Reserve, Profile, Tag, Coffee, Review };
