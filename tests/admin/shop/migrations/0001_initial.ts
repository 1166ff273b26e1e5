import {
  auto,
  boolean,
  char,
  date,
  dateTime,
  decimal,
  email,
  foreignKey,
  integer,
  json,
  manyToMany,
  text,
  url,
} from "cortado/orm";
import { createModel, migration } from "cortado/orm/migrations";

export default migration({
  dependencies: [["auth", "0001_initial"]],
  operations: [
    createModel({
      name: "Roaster",
      fields: {
        id: auto({ primaryKey: true }),
        name: char({ maxLength: 80 }),
        country: char({ maxLength: 2 }),
      },
      options: { ordering: ["name"] },
    }),
    createModel({
      name: "Tag",
      fields: {
        id: auto({ primaryKey: true }),
        name: char({ maxLength: 30, unique: true }),
      },
      options: { ordering: ["name"] },
    }),
    createModel({
      name: "Coffee",
      fields: {
        id: auto({ primaryKey: true }),
        name: char({ maxLength: 30 }),
        price: integer({ default: 0 }),
        isIce: boolean({ default: false }),
        stock: char({ maxLength: 8, default: "in" }),
        weight: decimal({ maxDigits: 6, decimalPlaces: 2, null: true }),
        about: text({ default: "" }),
        page: url({ maxLength: 200, default: "" }),
        roastedOn: date({ null: true }),
        extra: json(),
        changed: dateTime({ autoNow: true }),
        roaster: foreignKey("shop.Roaster", { onDelete: "protect", null: true }),
        tags: manyToMany("shop.Tag"),
      },
      options: { ordering: ["name"] },
    }),
    createModel({
      name: "Review",
      fields: {
        id: auto({ primaryKey: true }),
        coffee: foreignKey("shop.Coffee", { onDelete: "cascade" }),
        words: text(),
        stars: integer(),
      },
    }),
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
        phone: char({ maxLength: 20, default: "" }),
      },
      options: { ordering: ["username"] },
    }),
  ],
});
