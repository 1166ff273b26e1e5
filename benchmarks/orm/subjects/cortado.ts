import { openDatabase, registerModels, useDatabases } from "cortado/orm";
import { benchApp, Coffee, Order } from "../models.ts";
import type { OrmSubject } from "./subject.ts";

export const cortado: OrmSubject = {
  name: "cortado",
  async open(place) {
    registerModels(benchApp);
    const db = await openDatabase(place.dialect === "sqlite" ? `sqlite:${place.file}` : place.url);
    useDatabases({ default: db });
    return {
      getPk: (id) => Coffee.objects.get({ id }),
      list: () => Coffee.objects.all().then(),
      insert: (coffee) => Coffee.objects.create(coffee),
      relations: () => Order.objects.with("customer", "lines").then(),
      close: () => db.close(),
    };
  },
};
