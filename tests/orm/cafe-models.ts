import {
  auto,
  bigAuto,
  bigInteger,
  boolean,
  char,
  date,
  dateTime,
  decimal,
  foreignKey,
  integer,
  json,
  manager,
  manyToMany,
  Model,
  oneToOne,
  related,
  unique,
  uuid,
} from "cortado/orm";

export class Roaster extends Model({
  name: char({ maxLength: 80 }),
  country: char({ maxLength: 2, choices: { KR: "Korea", ET: "Ethiopia" } }),
  coffees: () => related(Coffee, "roaster"),
  profile: () => related(Profile, "roaster"),
}) {
  static objects = manager(this);
  override toString() {
    return this.name;
  }
}

export class Profile extends Model({
  roaster: () => oneToOne(Roaster, { onDelete: "cascade" }),
  story: char({ maxLength: 200, blank: true }),
}) {
  static objects = manager(this);
}

export class Tag extends Model(
  { label: char({ maxLength: 20, unique: true }), coffees: () => related(Coffee, "tags") },
  { ordering: ["label"] },
) {
  static objects = manager(this);
}

export class Coffee extends Model(
  {
    name: char({ maxLength: 30, default: "" }),
    price: integer({ default: 0 }),
    isIce: boolean({ default: false }),
    roaster: () => foreignKey(Roaster, { onDelete: "protect", null: true }),
    tags: () => manyToMany(Tag),
  },
  { ordering: ["id"] },
) {
  static objects = manager(this);
  #secret = "beans";
  label(): string {
    return `${this.name} ${this.price} ${this.#secret}`;
  }
}

/** One of each kind of value. */
export class Sample extends Model(
  {
    id: auto(),
    key: uuid({ null: true }),
    big: bigInteger({ null: true }),
    cost: decimal({ maxDigits: 8, decimalPlaces: 2, null: true }),
    huge: decimal({ maxDigits: 30, decimalPlaces: 10, null: true }),
    day: date({ null: true }),
    moment: dateTime({ null: true }),
    changed: dateTime({ autoNow: true }),
    data: json<{ a?: number[] }>({ null: true }),
    left: integer({ default: 1 }),
    right: integer({ default: 1 }),
  },
  { constraints: [unique(["left", "right"])] },
) {
  static objects = manager(this);
}

/** A tree, for relations of a model with itself. */
export class Node extends Model({
  title: char({ maxLength: 20 }),
  parent: () => foreignKey(Node, { onDelete: "cascade", null: true }),
  children: () => related(Node, "parent"),
}) {
  static objects = manager(this);
}

/** Its keys are bigint, and lie in a middle table on both sides. */
export class Shelf extends Model({
  id: bigAuto(),
  name: char({ maxLength: 20 }),
  neighbours: () => manyToMany(Shelf, { relatedName: "+" }),
}) {
  static objects = manager(this);
}
