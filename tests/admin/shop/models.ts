import { AbstractUser, userManager } from "cortado/auth";
import {
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
  text,
  url,
} from "cortado/orm";

export class User extends AbstractUser({ phone: char({ maxLength: 20, blank: true, default: "" }) }) {
  static objects = userManager(this);
}

export class Roaster extends Model(
  {
    name: char({ maxLength: 80 }),
    country: char({ maxLength: 2, choices: { KR: "Korea", ET: "Ethiopia", CO: "Colombia" } }),
  },
  { ordering: ["name"] },
) {
  static objects = manager(this);
  override toString() {
    return this.name;
  }
}

export class Tag extends Model({ name: char({ maxLength: 30, unique: true }) }, { ordering: ["name"] }) {
  static objects = manager(this);
  override toString() {
    return this.name;
  }
}

export class Coffee extends Model(
  {
    name: char({ maxLength: 30 }),
    price: integer({ default: 0, helpText: "In won." }),
    isIce: boolean({ default: false, verboseName: "served on ice" }),
    stock: char({ maxLength: 8, choices: { in: "in stock", low: "low", out: "sold out" }, default: "in" }),
    weight: decimal({ maxDigits: 6, decimalPlaces: 2, null: true, blank: true }),
    about: text({ blank: true, default: "" }),
    page: url({ blank: true, default: "" }),
    roastedOn: date({ null: true, blank: true, verboseName: "roasted on" }),
    extra: json({ default: () => ({}), blank: true }),
    changed: dateTime({ autoNow: true }),
    roaster: () => foreignKey(Roaster, { onDelete: "protect", null: true, blank: true }),
    tags: () => manyToMany(Tag, { blank: true }),
  },
  { ordering: ["name"] },
) {
  static objects = manager(this);
  override toString() {
    return this.name;
  }
}

export class Review extends Model({
  coffee: () => foreignKey(Coffee, { onDelete: "cascade" }),
  words: text(),
  stars: integer({ choices: { 1: "★", 2: "★★", 3: "★★★" } }),
}) {
  static objects = manager(this);
  override toString() {
    return this.words.slice(0, 30);
  }
}
