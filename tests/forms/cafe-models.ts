import type { TestContext } from "node:test";
import { defineApp } from "cortado";
import {
  boolean,
  char,
  check,
  dateTime,
  decimal,
  foreignKey,
  integer,
  manager,
  manyToMany,
  Model,
  openDatabase,
  Q,
  registerModels,
  slug,
  text,
  useDatabases,
} from "cortado/orm";

export class Roaster extends Model({ name: char({ maxLength: 80, unique: true }) }) {
  static objects = manager(this);
  override toString() {
    return this.name;
  }
}

export class Tag extends Model({ word: char({ maxLength: 20 }) }, { ordering: ["word"] }) {
  static objects = manager(this);
  override toString() {
    return this.word;
  }
}

export class Coffee extends Model(
  {
    name: char({ maxLength: 30, helpText: "As on the menu." }),
    code: slug({ unique: true, maxLength: 20 }),
    price: integer({ default: 0, verboseName: "price in won" }),
    weight: decimal({ maxDigits: 5, decimalPlaces: 2, null: true, blank: true }),
    isIce: boolean({ default: false }),
    size: char({ maxLength: 1, choices: { s: "Small", l: "Large" }, default: "s" }),
    note: text({ blank: true, default: "" }),
    made: dateTime({ autoNowAdd: true }),
    secret: char({ maxLength: 10, editable: false, default: "x" }),
    roaster: () => foreignKey(Roaster, { onDelete: "protect", null: true, blank: true }),
    tags: () => manyToMany(Tag, { blank: true }),
  },
  {
    constraints: [
      check("ice_is_dear", Q.or({ isIce: false }, { price: { gt: 100 } }), { violationErrorMessage: "Ice is dear." }),
    ],
  },
) {
  static objects = manager(this);
  override toString() {
    return this.name;
  }
}

const schema = `
CREATE TABLE shop_roaster (id integer PRIMARY KEY AUTOINCREMENT, name varchar(80) NOT NULL UNIQUE);
CREATE TABLE shop_tag (id integer PRIMARY KEY AUTOINCREMENT, word varchar(20) NOT NULL);
CREATE TABLE shop_coffee (id integer PRIMARY KEY AUTOINCREMENT, name varchar(30) NOT NULL, code varchar(20) NOT NULL UNIQUE,
  price integer NOT NULL, weight text, is_ice bool NOT NULL, size varchar(1) NOT NULL, note text NOT NULL,
  made datetime NOT NULL, secret varchar(10) NOT NULL, roaster_id bigint REFERENCES shop_roaster (id));
CREATE TABLE shop_coffee_tags (id integer PRIMARY KEY AUTOINCREMENT, coffee_id bigint NOT NULL REFERENCES shop_coffee (id),
  tag_id bigint NOT NULL REFERENCES shop_tag (id), UNIQUE (coffee_id, tag_id));
`;

/** A database of its own with the café's tables, gone when the test ends. */
export async function openCafe(t: TestContext): Promise<void> {
  registerModels(defineApp({ name: "shop", models: { Roaster, Tag, Coffee } }));
  const database = await openDatabase("sqlite::memory:");
  useDatabases({ default: database });
  t.after(() => database.close());
  await database.script(schema);
}
