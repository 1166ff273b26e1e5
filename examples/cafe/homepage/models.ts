import { boolean, char, integer, manager, Model } from "cortado/orm";

export class Coffee extends Model({
  name: char({ maxLength: 30, default: "" }),
  price: integer({ default: 0 }),
  isIce: boolean({ default: false }),
}) {
  static objects = manager(this);
  override toString() {
    return this.name;
  }
}
