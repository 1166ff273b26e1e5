import { defineApp } from "cortado";
import { boolean, char, integer, manager, Model } from "cortado/orm";

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

export const benchApp = defineApp({ name: "bench", models: { Coffee } });
