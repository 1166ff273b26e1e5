import { tabular } from "cortado/registry";
import { handler } from "cortado/serving";
import { Penguin } from "./models.ts";

/** Which species a penguin is, learned from the table of penguins. */
export const penguinSpecies = handler({
  name: "penguin-species",
  access: "public",
  train: tabular({
    rows: () => Penguin.objects.all(),
    target: "species",
    features: ["island", "beakLength", "beakDepth", "flipperLength", "bodyMass", "sex"],
  }),
});
