import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { migration, run } from "cortado/orm/migrations";

type Measured = Record<string, string | number | null>;

/** The Palmer penguins, from the npm package `vega-datasets` (CC0). */
function readPenguins(): Measured[] {
  const entry = createRequire(import.meta.url).resolve("vega-datasets");
  return JSON.parse(readFileSync(join(dirname(entry), "../data/penguins.json"), "utf8")) as Measured[];
}

export default migration({
  dependencies: [["penguins", "0001_initial"]],
  operations: [
    run({
      forward: async ({ models }) => {
        const Penguin = models.get("penguins", "Penguin");
        const rows = readPenguins().map(
          (each) =>
            new Penguin({
              species: each["Species"],
              island: each["Island"],
              beakLength: each["Beak Length (mm)"],
              beakDepth: each["Beak Depth (mm)"],
              flipperLength: each["Flipper Length (mm)"],
              bodyMass: each["Body Mass (g)"],
              sex: each["Sex"] === "MALE" || each["Sex"] === "FEMALE" ? each["Sex"] : null,
            }),
        );
        await Penguin.objects.bulkCreate(rows);
      },
      backward: async ({ models }) => {
        await models.get("penguins", "Penguin").objects.all().delete();
      },
    }),
  ],
});
