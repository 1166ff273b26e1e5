import { boolean, char, date, dateTime, decimal, float, foreignKey, integer, manager, Model, positiveInteger, related, slug, text } from "cortado/orm"; // oxfmt-ignore
import { maxValueValidator, minValueValidator } from "cortado/validation";
import { reverse } from "../../../any-address.ts";

export class Author extends Model(
  { name: char({ maxLength: 60 }), born: date(), bio: text({ blank: true }), books: () => related(Book, "author") },
  { ordering: ["name"] },
) {
  static objects = manager(this);
  override toString() {
    return this.name;
  }
}

export const kinds = { essay: "Essay", novel: "Novel", guide: "Travel guide" } as const;

export class Book extends Model(
  {
    title: char({ maxLength: 80, helpText: "As on the cover." }),
    slug: slug({ unique: true }),
    author: () => foreignKey(Author, { onDelete: "cascade" }),
    kind: char({ maxLength: 10, choices: kinds, default: "essay" }),
    price: decimal({ maxDigits: 8, decimalPlaces: 2 }),
    pages: positiveInteger({ verboseName: "number of pages", default: 0 }),
    published: date(),
    added: dateTime({ editable: false }),
    available: boolean({ default: true }),
    rating: float({ null: true, editable: false }),
    summary: text({ blank: true }),
    reviews: () => related(Review, "book"),
  },
  { ordering: ["kind", "title"] },
) {
  static objects = manager(this);
  override toString() {
    return this.title;
  }
  getAbsoluteUrl() {
    return reverse("book-detail", { slug: this.slug });
  }
}

export class Review extends Model(
  {
    book: () => foreignKey(Book, { onDelete: "cascade" }),
    reader: char({ maxLength: 30 }),
    stars: integer({ validators: [minValueValidator(1), maxValueValidator(5)] }),
    text: text({ blank: true }),
  },
  { ordering: ["id"] },
) {
  static objects = manager(this);
  override toString() {
    return this.reader;
  }
}
