import { DatabaseSync } from "node:sqlite";
import { openDatabase, registerModels, useDatabases } from "cortado/orm";
import type { Case, Subject } from "../measure.ts";
import { peer } from "../peers.ts";
import { benchApp, Coffee } from "./models.ts";
import { coffeeFile, pragmas } from "./tables.ts";

const columns = "id, name, price, is_ice, origin";
const nextId = (i: number) => 1 + (i % 1000);

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
    this.isIce = row[3] === 1;
    this.origin = row[4];
  }
}
type CoffeeRow = [number, string, number, number, string | null];

type Work<T> = (opened: T) => (i: number) => unknown;

/** Opens a file for Cortado, and hands its work to the measuring loop. */
function cortado(work: (i: number) => Promise<unknown>): Subject {
  return {
    name: "cortado",
    async open() {
      registerModels(benchApp);
      const db = await openDatabase(`sqlite:${coffeeFile(1000)}`);
      useDatabases({ default: db });
      const run = async (n: number) => {
        for (let i = 0; i < n; i++) await work(i);
      };
      return { run, close: () => db.close() };
    },
  };
}

/** The driver with a statement that was prepared once. */
function driver(work: Work<DatabaseSync>): Subject {
  return {
    name: "node:sqlite",
    async open() {
      const db = new DatabaseSync(coffeeFile(1000));
      db.exec(pragmas);
      return { run: repeat(work(db)), close: () => db.close() };
    },
  };
}

function drizzle(work: Work<ReturnType<typeof openDrizzle>>): Subject {
  return {
    name: "drizzle (prepared)",
    async open() {
      const opened = openDrizzle();
      return { run: repeat(work(opened)), close: () => opened.close() };
    },
  };
}

function openDrizzle() {
  const Sqlite = peer("better-sqlite3");
  const { sqliteTable, integer, text } = peer("drizzle-orm/sqlite-core");
  const client = new Sqlite(coffeeFile(1000));
  client.exec(pragmas);
  const coffee = sqliteTable("bench_coffee", {
    id: integer("id").primaryKey({ autoIncrement: true }),
    name: text("name").notNull(),
    price: integer("price").notNull(),
    isIce: integer("is_ice", { mode: "boolean" }).notNull(),
    origin: text("origin"),
  });
  const { asc, eq, sql } = peer("drizzle-orm");
  return { db: peer("drizzle-orm/better-sqlite3").drizzle(client), coffee, asc, eq, sql, close: () => client.close() };
}

const repeat = (work: (i: number) => unknown) => (n: number) => {
  for (let i = 0; i < n; i++) work(i);
};

export const cases: readonly Case[] = [
  {
    name: "get-pk",
    unit: "us",
    bar: 1.5,
    reference: "node:sqlite",
    subjects: [
      cortado((i) => Coffee.objects.get({ id: nextId(i) })),
      driver((db) => {
        const statement = db.prepare(`SELECT ${columns} FROM bench_coffee WHERE id = ?`);
        statement.setReturnArrays(true);
        return (i) => new PlainCoffee(statement.get(nextId(i)) as unknown as CoffeeRow);
      }),
      drizzle(({ db, coffee, eq, sql }) => {
        const query = db
          .select()
          .from(coffee)
          .where(eq(coffee.id, sql.placeholder("id")))
          .prepare();
        return (i) => query.get({ id: nextId(i) });
      }),
    ],
  },
  {
    name: "list-1000",
    unit: "us",
    bar: 1.15,
    reference: "node:sqlite",
    subjects: [
      cortado(() => Coffee.objects.all()),
      driver((db) => {
        const statement = db.prepare(`SELECT ${columns} FROM bench_coffee ORDER BY id`);
        statement.setReturnArrays(true);
        return () => (statement.all() as unknown as CoffeeRow[]).map((row) => new PlainCoffee(row));
      }),
      drizzle(({ db, coffee, asc }) => {
        const query = db.select().from(coffee).orderBy(asc(coffee.id)).prepare();
        return () => query.all();
      }),
    ],
  },
  {
    name: "insert-one",
    unit: "us",
    bar: 1.3,
    reference: "node:sqlite",
    subjects: [
      cortado((i) => Coffee.objects.create({ name: "Latte", price: i, isIce: true, origin: "KR" })),
      driver((db) => {
        const statement = db.prepare("INSERT INTO bench_coffee (name, price, is_ice, origin) VALUES (?, ?, ?, ?)");
        return (i) => new PlainCoffee([Number(statement.run("Latte", i, 1, "KR").lastInsertRowid), "Latte", i, 1, "KR"]);
      }),
      drizzle(({ db, coffee, sql }) => {
        const { placeholder } = sql;
        const values = {
          name: placeholder("name"),
          price: placeholder("price"),
          isIce: placeholder("isIce"),
          origin: placeholder("origin"),
        };
        const query = db.insert(coffee).values(values).prepare();
        return (i) => query.run({ name: "Latte", price: i, isIce: true, origin: "KR" });
      }),
    ],
  },
];
