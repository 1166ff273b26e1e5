import { char, dateTime, json, manager, Model } from "#orm";

/** A visitor's session, kept in the database. */
export class Session extends Model({
  key: char({ maxLength: 64, primaryKey: true }),
  data: json<Record<string, unknown>>(),
  expiresAt: dateTime({ dbIndex: true }),
}) {
  static objects = manager(this);
}
