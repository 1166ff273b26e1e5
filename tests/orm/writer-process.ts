// A process that writes, for tests that kill it or let several of them write at once:
//   node --conditions=cortado-source tests/orm/writer-process.ts DATABASE_URL NAME [COUNT]
// Each order has three lines; the number of an order that is committed is printed at once.
import { writeSync } from "node:fs";
import { defineApp } from "#kernel";
import { char, type Database, foreignKey, integer, manager, Model, openDatabase, registerModels, transaction, useDatabases } from "cortado/orm"; // oxfmt-ignore

export class Order extends Model({ writer: char({ maxLength: 30 }), number: integer(), state: char({ maxLength: 10 }) }) {
  static objects = manager(this);
}
export class Line extends Model({
  order: () => foreignKey(Order, { onDelete: "cascade", relatedName: "lines" }),
  amount: integer(),
}) {
  static objects = manager(this);
}

/** Writes one order: begun, with its lines, and then done, so that nobody else may ever see it begun. */
export async function writeOrder(writer: string, number: number): Promise<void> {
  await transaction(async () => {
    const order = await Order.objects.create({ writer, number, state: "begun" });
    for (let amount = 1; amount <= 3; amount++) await Line.objects.create({ orderId: order.id, amount });
    order.state = "done";
    await order.save();
  });
}

/** Opens the database for these models; the tables are there already. */
export async function openOrders(url: string): Promise<Database> {
  registerModels(defineApp({ name: "cafe", models: { Order, Line } }));
  const db = await openDatabase(url);
  useDatabases({ default: db });
  return db;
}

if (import.meta.main) {
  const [url = "", writer = "", count = "1000000"] = process.argv.slice(2);
  const db = await openOrders(url);
  writeSync(1, "ready\n");
  for (let number = 0; number < Number(count); number++) {
    await writeOrder(writer, number);
    writeSync(1, `${number}\n`);
  }
  await db.close();
}
