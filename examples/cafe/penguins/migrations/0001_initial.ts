import { auto, char, float } from "cortado/orm";
import { createModel, migration } from "cortado/orm/migrations";

export default migration({
  dependencies: [],
  operations: [
    createModel({
      name: "Penguin",
      fields: {
        id: auto({ primaryKey: true }),
        species: char({ maxLength: 20 }),
        island: char({ maxLength: 20 }),
        beakLength: float({ null: true }),
        beakDepth: float({ null: true }),
        flipperLength: float({ null: true }),
        bodyMass: float({ null: true }),
        sex: char({ maxLength: 6, null: true }),
      },
      options: { ordering: ["id"] },
    }),
  ],
});
