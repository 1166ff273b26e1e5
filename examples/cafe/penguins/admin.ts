import { modelAdmin } from "cortado/admin";
import { Penguin } from "./models.ts";

export const penguinAdmin = modelAdmin(Penguin, {
  listDisplay: ["species", "island", "beakLength", "flipperLength", "bodyMass", "sex"],
  listFilter: ["species", "island", "sex"],
  searchFields: ["species", "island"],
});
