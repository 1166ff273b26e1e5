import { auto, char, manyToMany } from "#orm";
import { createModel, migration } from "#orm/migrations";

export default migration({
  dependencies: [],
  operations: [
    createModel({
      name: "Permission",
      fields: {
        id: auto({ primaryKey: true }),
        codename: char({ maxLength: 200, unique: true }),
        app: char({ maxLength: 100 }),
        subject: char({ maxLength: 100 }),
        name: char({ maxLength: 255 }),
      },
      options: { ordering: ["app", "subject", "codename"] },
    }),
    createModel({
      name: "Group",
      fields: {
        id: auto({ primaryKey: true }),
        name: char({ maxLength: 150, unique: true }),
        permissions: manyToMany("auth.Permission", { relatedName: "groups" }),
      },
      options: { ordering: ["name"] },
    }),
  ],
});
