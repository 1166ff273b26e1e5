import { gettextLazy } from "cortado/i18n";
import { boolean, char, integer, manager, Model } from "cortado/orm";

export class Coffee extends Model(
  {
    name: char({ maxLength: 30, default: "", verboseName: gettextLazy("name") }),
    price: integer({ default: 0, verboseName: gettextLazy("price") }),
    isIce: boolean({ default: false, verboseName: gettextLazy("is ice") }),
  },
  { verboseName: gettextLazy("coffee"), verboseNamePlural: gettextLazy("coffees") },
) {
  static objects = manager(this);
  override toString() {
    return this.name;
  }
}
