import { bigInteger, char, dateTime, text } from "#orm";
import { createModel, migration } from "#orm/migrations";

export default migration({
  dependencies: [],
  operations: [
    createModel({
      name: "CacheEntry",
      fields: {
        key: char({ maxLength: 255, primaryKey: true }),
        text: text({ null: true }),
        number: bigInteger({ null: true }),
        expiresAt: dateTime({ null: true, dbIndex: true }),
      },
    }),
  ],
});
