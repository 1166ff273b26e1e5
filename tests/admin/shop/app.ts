import { defineApp } from "cortado";
import { modelAdmin } from "cortado/admin";
import * as models from "./models.ts";

const coffeeAdmin = modelAdmin(models.Coffee, {
  listDisplay: ["name", "price", "roaster", "isIce", "stock", "changed"],
  listFilter: ["isIce", "stock", "roaster", "roaster.country", "roastedOn"],
  searchFields: ["name", "roaster.name"],
  listPerPage: 20,
  fieldsets: [
    { fields: ["name", "price", "stock", "isIce", "roaster", "tags"] },
    {
      title: "Details",
      description: "What the page about it says.",
      fields: ["about", "page", "weight", "roastedOn", "extra", "changed"],
    },
  ],
  actions: [
    {
      name: "sellOut",
      label: "Mark as sold out",
      run: async (rows) => `${await rows.update({ stock: "out" })} sold out.`,
    },
  ],
});

export default defineApp({
  name: "shop",
  models,
  admin: [
    coffeeAdmin,
    modelAdmin(models.Roaster, { listDisplay: ["name", "country"], searchFields: ["name"] }),
    modelAdmin(models.Tag),
    modelAdmin(models.Review),
  ],
  directory: import.meta.dirname,
});
