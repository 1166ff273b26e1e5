import {
  bigInteger,
  boolean,
  char,
  date,
  dateTime,
  decimal,
  duration,
  float,
  foreignKey,
  integer,
  json,
  manager,
  Model,
  related,
  text,
  time,
  uuid,
} from "cortado/orm";

export class Maker extends Model({
  name: char({ maxLength: 40 }),
  limit: integer({ default: 0 }),
  drinks: () => related(Drink, "maker"),
}) {
  static objects = manager(this);
}

/** One of each kind of value, for expressions and lookups. */
export class Drink extends Model(
  {
    name: char({ maxLength: 40 }),
    note: text({ null: true }),
    price: integer({ default: 0 }),
    flags: integer({ default: 0 }),
    big: bigInteger({ null: true }),
    weight: float({ null: true }),
    cost: decimal({ maxDigits: 8, decimalPlaces: 2, null: true }),
    huge: decimal({ maxDigits: 30, decimalPlaces: 10, null: true }),
    isIce: boolean({ default: false }),
    day: date({ null: true }),
    moment: dateTime({ null: true }),
    clock: time({ null: true }),
    brewing: duration({ null: true }),
    data: json({ null: true }),
    key: uuid({ null: true }),
    maker: () => foreignKey(Maker, { onDelete: "cascade", null: true }),
  },
  { ordering: ["id"] },
) {
  static objects = manager(this);
}
