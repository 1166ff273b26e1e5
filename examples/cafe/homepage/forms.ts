import { gettext } from "cortado/i18n";
import { ModelForm } from "cortado/forms";
import { ValidationError } from "cortado/validation";
import { Coffee } from "./models.ts";

export class CoffeeForm extends ModelForm(Coffee, { fields: ["name", "price", "isIce"] }) {
  cleanPrice(price: number) {
    if (price < 0) throw new ValidationError(gettext("A price is not negative."));
    return price;
  }
}
