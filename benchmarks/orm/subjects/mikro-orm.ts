import { peer } from "../../peers.ts";
import { type Place, pragmas } from "../place.ts";
import type { OrmSubject } from "./subject.ts";

function entities() {
  const { defineEntity, p } = peer("@mikro-orm/core");
  const key = () => p.integer().primary();
  const Coffee = defineEntity({
    name: "Coffee",
    tableName: "bench_coffee",
    properties: {
      id: key(),
      name: p.string(),
      price: p.integer(),
      isIce: p.boolean().name("is_ice"),
      origin: p.string().nullable(),
    },
  });
  const Customer = defineEntity({
    name: "Customer",
    tableName: "bench_customer",
    properties: { id: key(), name: p.string(), country: p.string() },
  });
  const Order: any = defineEntity({
    name: "Order",
    tableName: "bench_order",
    properties: {
      id: key(),
      reference: p.string(),
      total: p.integer(),
      customer: () => p.manyToOne(Customer).joinColumn("customer_id"),
      lines: () => p.oneToMany(Line).mappedBy("order"),
    },
  });
  const Line: any = defineEntity({
    name: "Line",
    tableName: "bench_line",
    properties: { id: key(), sku: p.string(), quantity: p.integer(), order: () => p.manyToOne(Order).joinColumn("order_id") },
  });
  return { Coffee, Customer, Order, Line };
}

function init(place: Place, list: unknown[]) {
  if (place.dialect === "postgres") return peer("@mikro-orm/postgresql").MikroORM.init({ entities: list, clientUrl: place.url });
  return peer("@mikro-orm/sqlite").MikroORM.init({ entities: list, dbName: place.file });
}

/** An identity map and a unit of work for each operation, as one request has them. */
export const mikroOrm: OrmSubject = {
  name: "mikro-orm",
  async open(place) {
    const { Coffee, Customer, Order, Line } = entities();
    const orm = await init(place, [Coffee, Customer, Order, Line]);
    if (place.dialect === "sqlite") for (const pragma of pragmas.split(";")) await orm.em.getConnection().execute(pragma);
    return {
      getPk: (id) => orm.em.fork().findOne(Coffee, { id }),
      list: () => orm.em.fork().findAll(Coffee, { orderBy: { id: "asc" } }),
      insert: async (values) => {
        const em = orm.em.fork();
        em.create(Coffee, values);
        await em.flush();
      },
      relations: () => orm.em.fork().findAll(Order, { populate: ["customer", "lines"], orderBy: { id: "asc" } }),
      close: () => orm.close(),
    };
  },
};
