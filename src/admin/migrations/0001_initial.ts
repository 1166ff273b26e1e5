import { auto, char, dateTime, foreignKey, json } from "#orm";
import { createModel, migration } from "#orm/migrations";

export default migration({
  dependencies: [["@user", "__first__"]],
  operations: [
    createModel({
      name: "LogEntry",
      fields: {
        id: auto({ primaryKey: true }),
        user: foreignKey("@user", { onDelete: "setNull", null: true, relatedName: "+" }),
        username: char({ maxLength: 150, default: "" }),
        time: dateTime({ autoNowAdd: true, dbIndex: true }),
        modelKey: char({ maxLength: 200 }),
        objectId: char({ maxLength: 200 }),
        objectText: char({ maxLength: 200 }),
        action: char({ maxLength: 10 }),
        changes: json(),
        note: char({ maxLength: 300, default: "" }),
      },
      options: { ordering: ["-time", "-id"], indexes: [{ fields: ["modelKey", "objectId"] }] },
    }),
  ],
});
