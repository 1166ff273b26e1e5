import { defineApp } from "cortado";
import { boolean, char, foreignKey, integer, manager, Model, related } from "cortado/orm";

export class Coffee extends Model(
  {
    name: char({ maxLength: 40 }),
    price: integer(),
    isIce: boolean({ default: false }),
    origin: char({ maxLength: 2, null: true }),
  },
  { ordering: ["id"] },
) {
  static objects = manager(this);
}

export class Customer extends Model({ name: char({ maxLength: 40 }), country: char({ maxLength: 2 }) }) {
  static objects = manager(this);
}

export class Order extends Model({
  reference: char({ maxLength: 20 }),
  total: integer(),
  customer: () => foreignKey(Customer, { onDelete: "cascade" }),
  lines: () => related(Line, "order"),
}) {
  static objects = manager(this);
}

export class Line extends Model({
  sku: char({ maxLength: 20 }),
  quantity: integer(),
  order: () => foreignKey(Order, { onDelete: "cascade" }),
}) {
  static objects = manager(this);
}

export const benchApp = defineApp({ name: "bench", models: { Coffee, Customer, Order, Line } });
