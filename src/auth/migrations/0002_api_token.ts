import { auto, boolean, char, dateTime, foreignKey, json } from "#orm";
import { createModel, migration } from "#orm/migrations";

/** Apart from the first, because the table of users that it refers to needs the groups of the first. */
export default migration({
  dependencies: [
    ["auth", "0001_initial"],
    ["@user", "__first__"],
  ],
  operations: [
    createModel({
      name: "ApiToken",
      fields: {
        id: auto({ primaryKey: true }),
        user: foreignKey("@user", { onDelete: "cascade", relatedName: "apiTokens" }),
        name: char({ maxLength: 100, default: "" }),
        prefix: char({ maxLength: 16 }),
        digest: char({ maxLength: 64, unique: true }),
        scopes: json(),
        isActive: boolean({ default: true }),
        created: dateTime({ autoNowAdd: true }),
        expires: dateTime({ null: true }),
        lastUsed: dateTime({ null: true }),
      },
      options: { ordering: ["-created"] },
    }),
  ],
});
