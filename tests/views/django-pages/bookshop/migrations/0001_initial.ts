import {
  auto,
  boolean,
  char,
  date,
  dateTime,
  decimal,
  float,
  foreignKey,
  integer,
  positiveInteger,
  slug,
  text,
} from "cortado/orm";
import { createModel, migration } from "cortado/orm/migrations";

export default migration({
  dependencies: [],
  operations: [
    createModel({
      name: "Author",
      fields: {
        id: auto({ primaryKey: true }),
        name: char({ maxLength: 60 }),
        born: date(),
        bio: text(),
      },
      options: { ordering: ["name"] },
    }),
    createModel({
      name: "Book",
      fields: {
        id: auto({ primaryKey: true }),
        title: char({ maxLength: 80 }),
        slug: slug({ maxLength: 50, unique: true, dbIndex: true }),
        author: foreignKey("bookshop.Author", { onDelete: "cascade" }),
        kind: char({ maxLength: 10, default: "essay" }),
        price: decimal({ maxDigits: 8, decimalPlaces: 2 }),
        pages: positiveInteger({ default: 0 }),
        published: date(),
        added: dateTime(),
        available: boolean({ default: true }),
        rating: float({ null: true }),
        summary: text(),
      },
      options: { ordering: ["kind", "title"] },
    }),
    createModel({
      name: "Review",
      fields: {
        id: auto({ primaryKey: true }),
        book: foreignKey("bookshop.Book", { onDelete: "cascade" }),
        reader: char({ maxLength: 30 }),
        stars: integer(),
        text: text(),
      },
      options: { ordering: ["id"] },
    }),
  ],
});
