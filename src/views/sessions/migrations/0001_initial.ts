import { char, dateTime, json } from "#orm";
import { createModel, migration } from "#orm/migrations";

export default migration({
  dependencies: [],
  operations: [
    createModel({
      name: "Session",
      fields: {
        key: char({ maxLength: 64, primaryKey: true }),
        data: json(),
        expiresAt: dateTime({ dbIndex: true }),
      },
    }),
  ],
});
