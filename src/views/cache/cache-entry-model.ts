import { bigInteger, char, dateTime, manager, Model, text } from "#orm";

/** An entry of a cache that is kept in the database. */
export class CacheEntry extends Model({
  key: char({ maxLength: 255, primaryKey: true }),
  /** What is kept, unless it is a whole number. */
  text: text({ null: true }),
  /** A whole number stands in a column of its own, so that the database adds to it. */
  number: bigInteger({ null: true }),
  /** Null for no end. */
  expiresAt: dateTime({ null: true, dbIndex: true }),
}) {
  static objects = manager(this);
}
