import { auto, boolean, char, dateTime, email, manyToMany } from "cortado/orm";
import { createModel, migration } from "cortado/orm/migrations";

export default migration({
  dependencies: [["auth", "0001_initial"]],
  operations: [
    createModel({
      name: "User",
      fields: {
        id: auto({ primaryKey: true }),
        username: char({ maxLength: 150, unique: true }),
        email: email({ maxLength: 254, unique: true }),
        password: char({ maxLength: 200, default: "" }),
        firstName: char({ maxLength: 150, default: "" }),
        lastName: char({ maxLength: 150, default: "" }),
        isActive: boolean({ default: true }),
        isStaff: boolean({ default: false }),
        isSuperuser: boolean({ default: false }),
        lastLogin: dateTime({ null: true }),
        dateJoined: dateTime({ autoNowAdd: true }),
        groups: manyToMany("auth.Group", { relatedName: "users" }),
        userPermissions: manyToMany("auth.Permission", { relatedName: "users" }),
      },
      options: { ordering: ["username"] },
    }),
  ],
});
