// Processes are killed while they write and while they migrate. CORTADO_KILLS=n kills writers on SQLite n times, the others in
// proportion; by default about 200 processes are killed in all.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { defineApp } from "cortado";
import { type Database, openDatabase, registerModels, useDatabases } from "cortado/orm";
import { createTables, migrateProject } from "cortado/orm/migrations";
import { startPostgres, type TestPostgres } from "../../scripts/start-postgres.ts";
import { ProjectFolder } from "../migrations/project-folder.ts";
import { startWriter } from "../orm/start-writer.ts";
import { Line, Order } from "../orm/writer-process.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const kills = Number(process.env["CORTADO_KILLS"] ?? 90);
const app = defineApp({ name: "cafe", models: { Order, Line } });

let folder: string;
let server: TestPostgres;
before(async () => {
  folder = temporaryFolder();
  server = await startPostgres({ durable: true });
});
after(() => server?.stop());

/** Starts a writer, kills it at some moment, and gives what it had acknowledged. */
async function killWriter(url: string, name: string): Promise<number[]> {
  const writer = startWriter(url, name);
  await writer.ready;
  await sleep(Math.random() * 80);
  writer.child.kill("SIGKILL");
  await writer.exited;
  return writer.acknowledged;
}

async function killWriters(url: string, times: number): Promise<void> {
  registerModels(app);
  const db = await openDatabase(url);
  useDatabases({ default: db });
  await createTables([app], db);
  let acknowledged = 0;
  // Two at a time: one is killed while another one writes.
  const lane = async (from: number) => {
    for (let n = from; n < times; n += 2) {
      const numbers = await killWriter(url, `w${n}`);
      acknowledged += numbers.length;
      await requireWhole(`w${n}`, numbers);
    }
  };
  await Promise.all([lane(0), lane(1)]);
  assert.ok(acknowledged > times, `${acknowledged} orders were acknowledged`);
  if (db.dialect === "sqlite") assert.deepEqual(Object.values((await db.query("PRAGMA integrity_check"))[0]!), ["ok"]);
  await db.close();
}

/** All that was acknowledged is there, and nothing is there in part. */
async function requireWhole(writer: string, acknowledged: readonly number[]): Promise<void> {
  const orders = await Order.objects.filter({ writer });
  const kept = new Set(orders.map(({ number }) => number));
  assert.deepEqual(
    acknowledged.filter((number) => !kept.has(number)),
    [],
    "acknowledged orders are lost",
  );
  assert.ok(kept.size <= acknowledged.length + 1, "more orders than could be under way");
  assert.ok(orders.every(({ state }) => state === "done"));
  assert.equal(await Line.objects.filter({ order: { writer } }).count(), 3 * orders.length);
}

test("a writer that is killed loses no acknowledged order on SQLite, and leaves none half-written", () =>
  killWriters(`sqlite:${join(folder, "orders.sqlite3")}`, kills));

test("a writer that is killed loses no acknowledged order on PostgreSQL, and leaves none half-written", () =>
  killWriters(server.url, Math.ceil(kills / 2)));

/** What each migration leaves: the columns of shop_coffee. */
const columns = [
  ["id", "name", "price"],
  ["id", "name", "price"],
  ["id", "name", "price", "roast"],
  ["id", "name", "price", "roast", "cost"],
  ["cost", "id", "name", "roast"],
];
const migrations: [string, string][] = [
  [
    "0001_initial",
    `createModel({ name: "Coffee", fields: { id: orm.bigAuto({ primaryKey: true }), name: orm.char({ maxLength: 30 }), price: orm.integer() } })`,
  ],
  ["0002_longer", `alterField({ model: "Coffee", name: "name", field: orm.char({ maxLength: 60, null: true }) })`],
  ["0003_roast", `addField({ model: "Coffee", name: "roast", field: orm.integer({ default: 3 }) })`],
  ["0004_cost", `addField({ model: "Coffee", name: "cost", field: orm.integer({ default: 0 }) })`],
  ["0005_no_price", `removeField({ model: "Coffee", name: "price" })`],
];
const rows = 5000;

describe("a process that is killed while it migrates", () => {
  let project: ProjectFolder;
  /** How many migrations were applied when the processes died. */
  const steps = new Set<number>();
  before(async () => {
    project = await ProjectFolder.make();
    project.declare({ shop: {} });
    for (const [index, [name, operation]] of migrations.entries()) {
      const dependencies = index === 0 ? "[]" : `[["shop", "${migrations[index - 1]![0]}"]]`;
      // A row of data with each change, so that both are kept or neither.
      const data = index === 1 ? `, m.runSQL({ forward: "UPDATE shop_coffee SET price = price + 1" })` : "";
      await project.write("shop", name, `{ dependencies: ${dependencies}, operations: [ m.${operation}${data} ] }`);
    }
  });
  after(() => project[Symbol.asyncDispose]());

  async function makeBase(url: string): Promise<void> {
    const db = await openDatabase(url);
    await migrateProject(project.apps, db, { app: "shop", target: "0001" });
    await db.execute(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows}) INSERT INTO shop_coffee (name, price) SELECT 'c', i FROM n`,
    );
    await db.close();
  }

  async function killMigration(url: string): Promise<void> {
    const file = join(import.meta.dirname, "migrating-process.ts");
    const args = [
      "--conditions=cortado-source",
      "--disable-warning=ExperimentalWarning",
      file,
      url,
      join(project.folder, "shop"),
    ];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const ready = Promise.withResolvers<void>();
    const exited = new Promise((resolve) => child.once("close", resolve));
    child.once("close", () => ready.reject(new Error("The process ended before it had opened the database.")));
    const acknowledged: string[] = [];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      ready.resolve();
      acknowledged.push(...text.split("\n").filter((line) => /^\d/.test(line)));
    });
    await ready.promise;
    await sleep(Math.random() * 120);
    child.kill("SIGKILL");
    await exited;
    const db = await openDatabase(url);
    steps.add(await requireStep(db, acknowledged));
    await migrateProject(project.apps, db);
    await requireStep(db, migrations.slice(1).map(([name]) => name)); // oxfmt-ignore
    await db.close();
  }

  /** The tables are those of the last migration that is recorded, with every row, and nothing beside them. */
  async function requireStep(db: Database, acknowledged: readonly string[]): Promise<number> {
    const applied = (await db.query("SELECT name FROM cortado_migrations ORDER BY id")).map((row) => row["name"] as string);
    assert.deepEqual(applied, migrations.slice(0, applied.length).map(([name]) => name)); // oxfmt-ignore
    assert.ok(
      acknowledged.every((name) => applied.includes(name)),
      "an acknowledged migration is lost",
    );
    const [row] = await db.query("SELECT * FROM shop_coffee LIMIT 1");
    assert.deepEqual(Object.keys(row!).sort(), [...columns[applied.length - 1]!].sort());
    const sum = (rows * (rows + 1)) / 2 + (applied.length > 1 ? rows : 0);
    const price =
      row!["price"] === undefined ? sum : Number((await db.query("SELECT sum(price) AS s FROM shop_coffee"))[0]!["s"]);
    assert.deepEqual([Number((await db.query("SELECT count(*) AS n FROM shop_coffee"))[0]!["n"]), price], [rows, sum]);
    if (db.dialect !== "sqlite") return applied.length;
    const tables = await db.query(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    );
    assert.deepEqual(
      tables.map(({ name }) => name),
      ["cortado_migrations", "shop_coffee"],
    );
    assert.deepEqual(Object.values((await db.query("PRAGMA integrity_check"))[0]!), ["ok"]);
    return applied.length;
  }

  test("leaves a SQLite file at a migration's border, and the next run goes on from there", async () => {
    const base = join(folder, "base.sqlite3");
    await makeBase(`sqlite:${base}`);
    for (let n = 0; n < Math.ceil(kills / 2); n++) {
      const copy = join(folder, `migrating-${n}.sqlite3`);
      await copyFile(base, copy);
      await killMigration(`sqlite:${copy}`);
    }
    if (kills >= 40) assert.ok(steps.size > 1, `every kill came at step ${[...steps].join()}`);
  });

  test("leaves a PostgreSQL database at a migration's border, and the next run goes on from there", async () => {
    const admin = await openDatabase(server.url);
    await admin.script("CREATE DATABASE base");
    const named = (name: string) => server.url.replace(/\/postgres$/, `/${name}`);
    await makeBase(named("base"));
    for (let n = 0; n < Math.ceil(kills / 4); n++) {
      await admin.script(`CREATE DATABASE migrating_${n} TEMPLATE base`);
      await killMigration(named(`migrating_${n}`));
    }
    await admin.close();
  });
});
