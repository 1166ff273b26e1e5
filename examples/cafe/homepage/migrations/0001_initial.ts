import { auto, boolean, char, integer } from "cortado/orm";
import { createModel, migration } from "cortado/orm/migrations";

export default migration({
  dependencies: [],
  operations: [
    createModel({
      name: "Coffee",
      fields: {
        id: auto({ primaryKey: true }),
        name: char({ maxLength: 30, default: "" }),
        price: integer({ default: 0 }),
        isIce: boolean({ default: false }),
      },
    }),
  ],
});
