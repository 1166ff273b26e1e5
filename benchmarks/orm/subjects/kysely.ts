import { peer } from "../../peers.ts";
import { type Place, pragmas } from "../place.ts";
import type { OrmSubject } from "./subject.ts";

function dialectOf(place: Place) {
  const { SqliteDialect, PostgresDialect } = peer("kysely");
  if (place.dialect === "postgres") return new PostgresDialect({ pool: new (peer("pg").Pool)({ connectionString: place.url }) });
  const database = new (peer("better-sqlite3"))(place.file);
  database.exec(pragmas);
  return new SqliteDialect({ database });
}

/** A query builder: rows are what the driver gives; relations are JSON that the database builds. */
export const kysely: OrmSubject = {
  name: "kysely",
  async open(place) {
    const { Kysely, ParseJSONResultsPlugin } = peer("kysely");
    const db = new Kysely({ dialect: dialectOf(place) });
    const { jsonArrayFrom, jsonObjectFrom } = peer(`kysely/helpers/${place.dialect}`);
    const related = place.dialect === "sqlite" ? db.withPlugin(new ParseJSONResultsPlugin()) : db;
    const flag = (value: boolean) => (place.dialect === "sqlite" ? Number(value) : value);
    return {
      getPk: (id) => db.selectFrom("bench_coffee").selectAll().where("id", "=", id).executeTakeFirst(),
      list: () => db.selectFrom("bench_coffee").selectAll().orderBy("id").execute(),
      insert: ({ name, price, isIce, origin }) =>
        db
          .insertInto("bench_coffee")
          .values({ name, price, is_ice: flag(isIce), origin })
          .returning("id")
          .executeTakeFirst(),
      relations: () =>
        related
          .selectFrom("bench_order as o")
          .select((eb: any) => [
            "o.id",
            "o.reference",
            "o.total",
            jsonObjectFrom(
              eb.selectFrom("bench_customer as c").select(["c.id", "c.name", "c.country"]).whereRef("c.id", "=", "o.customer_id"),
            ).as("customer"),
            jsonArrayFrom(
              eb.selectFrom("bench_line as l").select(["l.id", "l.sku", "l.quantity"]).whereRef("l.order_id", "=", "o.id"),
            ).as("lines"),
          ])
          .execute(),
      close: () => db.destroy(),
    };
  },
};
