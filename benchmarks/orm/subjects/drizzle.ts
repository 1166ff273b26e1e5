import { peer } from "../../peers.ts";
import { type Place, pragmas } from "../place.ts";
import type { NewCoffee, OrmSubject } from "./subject.ts";

function tables(dialect: Place["dialect"]) {
  const core = peer(dialect === "sqlite" ? "drizzle-orm/sqlite-core" : "drizzle-orm/pg-core");
  const table = core.sqliteTable ?? core.pgTable;
  const { integer, text } = core;
  const key = () =>
    dialect === "sqlite" ? integer("id").primaryKey({ autoIncrement: true }) : integer("id").primaryKey().generatedByDefaultAsIdentity(); // oxfmt-ignore
  const flag = (name: string) => (dialect === "sqlite" ? integer(name, { mode: "boolean" }) : core.boolean(name));
  const coffee = table("bench_coffee", {
    id: key(),
    name: text("name").notNull(),
    price: integer("price").notNull(),
    isIce: flag("is_ice").notNull(),
    origin: text("origin"),
  });
  const customer = table("bench_customer", { id: key(), name: text("name").notNull(), country: text("country").notNull() });
  const order = table("bench_order", {
    id: key(),
    reference: text("reference").notNull(),
    total: integer("total").notNull(),
    customerId: integer("customer_id").notNull(),
  });
  const line = table("bench_line", {
    id: key(),
    sku: text("sku").notNull(),
    quantity: integer("quantity").notNull(),
    orderId: integer("order_id").notNull(),
  });
  return { coffee, customer, order, line };
}

function schemaOf(dialect: Place["dialect"]) {
  const made = tables(dialect);
  const { coffee, customer, order, line } = made;
  const { relations } = peer("drizzle-orm");
  const orderRelations = relations(order, ({ one, many }: any) => ({
    customer: one(customer, { fields: [order.customerId], references: [customer.id] }),
    lines: many(line),
  }));
  const lineRelations = relations(line, ({ one }: any) => ({
    order: one(order, { fields: [line.orderId], references: [order.id] }),
  }));
  return { coffee, schema: { coffee, customer, order, line, orderRelations, lineRelations } };
}

function openDrizzle(place: Place) {
  const { coffee, schema } = schemaOf(place.dialect);
  if (place.dialect === "sqlite") {
    const client = new (peer("better-sqlite3"))(place.file);
    client.exec(pragmas);
    return { db: peer("drizzle-orm/better-sqlite3").drizzle(client, { schema }), coffee, close: () => client.close() };
  }
  const pool = new (peer("pg").Pool)({ connectionString: place.url });
  return { db: peer("drizzle-orm/node-postgres").drizzle(pool, { schema }), coffee, close: () => pool.end() };
}

const withAll = { with: { customer: true, lines: true } };

/** As its pages teach it first: the query is built anew each time. */
export const drizzle: OrmSubject = {
  name: "drizzle",
  async open(place) {
    const { db, coffee, close } = openDrizzle(place);
    const { asc, eq } = peer("drizzle-orm");
    return {
      getPk: (id) => db.select().from(coffee).where(eq(coffee.id, id)).then(),
      list: () => db.select().from(coffee).orderBy(asc(coffee.id)).then(),
      insert: (values) => db.insert(coffee).values(values).returning().then(),
      relations: () => db.query.order.findMany(withAll).then(),
      close,
    };
  },
};

/** With every query prepared by hand. */
export const drizzlePrepared: OrmSubject = {
  name: "drizzle (prepared)",
  async open(place) {
    const { db, coffee, close } = openDrizzle(place);
    const { asc, eq, sql } = peer("drizzle-orm");
    const hole = (name: string) => sql.placeholder(name);
    const prepare = (query: any, name: string) => (place.dialect === "sqlite" ? query.prepare() : query.prepare(name));
    const one = prepare(
      db
        .select()
        .from(coffee)
        .where(eq(coffee.id, hole("id"))),
      "one",
    );
    const all = prepare(db.select().from(coffee).orderBy(asc(coffee.id)), "all");
    const holes = { name: hole("name"), price: hole("price"), isIce: hole("isIce"), origin: hole("origin") };
    const insert = prepare(db.insert(coffee).values(holes), "insert");
    const orders = prepare(db.query.order.findMany(withAll), "orders");
    const sync = place.dialect === "sqlite";
    return {
      getPk: (id) => (sync ? one.get({ id }) : one.execute({ id })),
      list: () => (sync ? all.all() : all.execute()),
      insert: (values: NewCoffee) => (sync ? insert.run(values) : insert.execute(values)),
      relations: () => (sync ? orders.execute().sync() : orders.execute()),
      close,
    };
  },
};
