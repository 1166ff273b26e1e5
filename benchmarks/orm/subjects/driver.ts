import { DatabaseSync } from "node:sqlite";
import { peer } from "../../peers.ts";
import { pragmas } from "../place.ts";
import type { OrmSubject, Turns } from "./subject.ts";

type CoffeeRow = [number, string, number, number | boolean, string | null];

/** What somebody writes who needs no ORM. */
class PlainCoffee {
  id: number;
  name: string;
  price: number;
  isIce: boolean;
  origin: string | null;
  constructor(row: CoffeeRow) {
    this.id = row[0];
    this.name = row[1];
    this.price = row[2];
    this.isIce = Boolean(row[3]);
    this.origin = row[4];
  }
}

interface PlainCustomer {
  id: number;
  name: string;
  country: string;
}
interface PlainOrder {
  id: number;
  reference: string;
  total: number;
  customer: PlainCustomer;
  lines: { id: number; sku: string; quantity: number; orderId: number }[];
}

const columns = "id, name, price, is_ice, origin";
const orders =
  "SELECT o.id, o.reference, o.total, c.id, c.name, c.country FROM bench_order o JOIN bench_customer c ON c.id = o.customer_id ORDER BY o.id";
const lines = "SELECT id, sku, quantity, order_id FROM bench_line ORDER BY id";

/** Two queries, put together by hand. */
function assemble(orderRows: any[][], lineRows: any[][]): PlainOrder[] {
  const customers = new Map<number, PlainCustomer>();
  const found = new Map<number, PlainOrder>();
  for (const [id, reference, total, customerId, name, country] of orderRows) {
    let customer = customers.get(customerId);
    if (!customer) customers.set(customerId, (customer = { id: customerId, name, country }));
    found.set(id, { id, reference, total, customer, lines: [] });
  }
  for (const [id, sku, quantity, orderId] of lineRows) found.get(orderId)!.lines.push({ id, sku, quantity, orderId });
  return [...found.values()];
}

/** The driver with statements that were prepared once. */
export const sqliteDriver: OrmSubject = {
  name: "node:sqlite",
  async open(place) {
    const db = new DatabaseSync((place as { file: string }).file);
    db.exec(pragmas);
    const arrays = (sql: string) => {
      const statement = db.prepare(sql);
      statement.setReturnArrays(true);
      return statement;
    };
    const one = arrays(`SELECT ${columns} FROM bench_coffee WHERE id = ?`);
    const all = arrays(`SELECT ${columns} FROM bench_coffee ORDER BY id`);
    const insert = db.prepare("INSERT INTO bench_coffee (name, price, is_ice, origin) VALUES (?, ?, ?, ?)");
    const [allOrders, allLines] = [arrays(orders), arrays(lines)];
    return {
      getPk: (id) => new PlainCoffee(one.get(id) as unknown as CoffeeRow),
      list: () => (all.all() as unknown as CoffeeRow[]).map((row) => new PlainCoffee(row)),
      insert: ({ name, price, isIce, origin }) => {
        const id = Number(insert.run(name, price, Number(isIce), origin).lastInsertRowid);
        return new PlainCoffee([id, name, price, isIce, origin]);
      },
      relations: () => assemble(allOrders.all() as unknown as any[][], allLines.all() as unknown as any[][]),
      close: () => db.close(),
    } satisfies Turns;
  },
};

/** The driver with named statements and rows as arrays. */
export const postgresDriver: OrmSubject = {
  name: "pg",
  async open(place) {
    const pool = new (peer("pg").Pool)({ connectionString: (place as { url: string }).url });
    const read = async (name: string, text: string, values: unknown[] = []) =>
      (await pool.query({ name, text, values, rowMode: "array" })).rows as any[];
    const insert = "INSERT INTO bench_coffee (name, price, is_ice, origin) VALUES ($1, $2, $3, $4) RETURNING id";
    return {
      getPk: async (id) => new PlainCoffee((await read("one", `SELECT ${columns} FROM bench_coffee WHERE id = $1`, [id]))[0]),
      list: async () => (await read("all", `SELECT ${columns} FROM bench_coffee ORDER BY id`)).map((row) => new PlainCoffee(row)),
      insert: async ({ name, price, isIce, origin }) =>
        new PlainCoffee([(await read("insert", insert, [name, price, isIce, origin]))[0][0], name, price, isIce, origin]),
      relations: async () => assemble(await read("orders", orders), await read("lines", lines)),
      close: () => pool.end(),
    } satisfies Turns;
  },
};
