import { modelAdmin } from "cortado/admin";
import { Coffee } from "./models.ts";

export const coffeeAdmin = modelAdmin(Coffee, {
  listDisplay: ["name", "price", "isIce"],
  listFilter: ["isIce"],
  searchFields: ["name"],
});
