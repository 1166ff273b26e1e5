import assert from "node:assert/strict";
import { suite, test } from "node:test";
import {
  boolean,
  char,
  check,
  type Database,
  decimal,
  type Field,
  foreignKey,
  generated,
  index,
  integer,
  type ModelOptions,
  text,
  unique,
} from "cortado/orm";
import { backends, type Declared, ProjectFolder } from "./project-folder.ts";

type Random = (below: number) => number;

function randomFrom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff;
    return (state >> 8) % below;
  };
}

/** Fields whose values survive a change there and back, by name; each may be declared in several ways. */
const ways: Record<string, readonly (() => Field)[]> = {
  name: [
    () => char({ maxLength: 40, default: "" }),
    () => char({ maxLength: 60, dbIndex: true, default: "" }),
    () => text({ default: "" }),
    () => text({ null: true }),
    () => char({ maxLength: 40, default: "", dbColumn: "title" }),
  ],
  number: [
    () => integer({ default: 0 }),
    () => integer({ null: true, dbIndex: true }),
    () => char({ maxLength: 20, default: "0" }),
  ],
  amount: [() => integer({ default: 4 }), () => decimal({ maxDigits: 12, decimalPlaces: 2, default: "4" })],
  active: [() => boolean({ default: false }), () => boolean({ null: true }), () => integer({ default: 0 })],
  parent: [
    () => foreignKey("shop.Parent", { onDelete: "cascade", null: true }),
    () => foreignKey("shop.Parent", { onDelete: "cascade", null: true, dbIndex: false }),
    () => foreignKey("shop.Parent", { onDelete: "cascade", null: true, dbColumn: "owner" }),
  ],
};

/** Fields that come and go. */
const guests: readonly (readonly [string, () => Field])[] = [
  ["note", () => text({ null: true })],
  ["size", () => integer({ default: 3 })],
  ["double", () => generated({ expression: { sql: "price * 2" }, output: integer(), stored: true })],
  [
    "triple",
    () => generated({ expression: (row) => row.price.add(row.price), output: integer({ dbIndex: true }), stored: true }),
  ],
  ["code", () => char({ maxLength: 9, dbDefault: "x" })],
];

function randomModels(random: Random, { hasGuests = true } = {}): Record<string, Declared> {
  const pick = <T>(list: readonly T[]): T => list[random(list.length)]!;
  const fields: Record<string, Field> = { price: integer({ default: 1 }) };
  for (const [name, makers] of Object.entries(ways)) fields[name] = pick(makers)();
  for (const [name, make] of guests) if (hasGuests && random(3) === 0) fields[name] = make();
  const options: ModelOptions = {
    indexes: [
      index(["price", "-name"]),
      index(["price"], { name: "some_prices", condition: { price: { gt: 2 } } }),
      index([{ sql: "abs(price)" }], { name: "absolute" }),
    ].filter(() => random(2) === 0),
    constraints: [
      unique(["name", "price"]),
      unique(["price"], { name: "price_of_none", condition: { price: { lt: 0 } } }),
      check("price_low", { price: { lt: 1000 } }),
      check("name_short", "length(name) < 100".replace("name", fields["name"]!.options.dbColumn ?? "name")),
    ].filter(() => random(2) === 0),
    ...(random(4) === 0 && { dbTable: "things" }),
  };
  return {
    shop: {
      Parent: { label: char({ maxLength: 9 }) },
      Thing: [fields, options],
      Child: { thing: foreignKey("shop.Thing", { onDelete: "cascade" }) },
    },
  };
}

let reads = 0;

async function snapshot(db: Database, table: string, names: readonly string[]): Promise<string[]> {
  const rows = await db.query(`SELECT * FROM ${table} ORDER BY id -- ${reads++}`);
  return rows.map((row) => JSON.stringify([row["id"], ...names.map((name) => row[name])]));
}

async function fill(db: Database, table: string, columns: { name: string; parent: string; amount: string }): Promise<void> {
  await db.script("INSERT INTO shop_parent (label) VALUES ('a'), ('b'), ('c')");
  for (let i = 0; i < 12; i++) {
    const parent = i % 4 === 0 ? "NULL" : String((i % 3) + 1);
    await db.script(
      `INSERT INTO ${table} (${columns.name}, price, number, amount, active, ${columns.parent}) VALUES ('Name ${i}', ${i}, '${i * 7}', ${columns.amount}, '${i % 2}', ${parent})`,
    );
    await db.script(`INSERT INTO shop_child (thing_id) VALUES (${i + 1})`);
  }
  await db.script("DELETE FROM shop_child WHERE thing_id > 10");
  await db.script(`DELETE FROM ${table} WHERE id > 10`);
}

async function broken(db: Database): Promise<unknown[]> {
  if (db.dialect === "postgres") return [];
  const [integrity] = await db.query("PRAGMA integrity_check");
  return [...(await db.query("PRAGMA foreign_key_check")), ...(integrity!["integrity_check"] === "ok" ? [] : [integrity])];
}

for (const backend of backends) {
  suite(`filled tables on ${backend.name}`, () => {
    for (const seed of [3, 11, 29]) {
      test(`rows are the same after any changes there and back, number ${seed}`, async () => {
        const random = randomFrom(seed);
        const ask = async () => "1";
        await using project = await ProjectFolder.make();
        const db = await project.open(backend);
        const start = randomModels(random, { hasGuests: false });
        const thing = start["shop"]!["Thing"] as readonly [Record<string, Field>, ModelOptions];
        const column = (name: string): string => thing[0][name]!.options.dbColumn ?? (name === "parent" ? "parent_id" : name);
        const table = thing[1].dbTable ?? "shop_thing";
        await project.step(db, start, { ask, rename: false });
        const amount = thing[0]["amount"]!.kind === "decimal" ? "'4.00'" : "4";
        await fill(db, table, { name: column("name"), parent: column("parent"), amount });
        const names = [column("name"), "price", "number", "amount", "active", column("parent")];
        const before = { things: await snapshot(db, table, names), children: await snapshot(db, "shop_child", ["thing_id"]) };
        for (let step = 0; step < 5; step++) {
          await project.step(db, randomModels(random), { ask, rename: false });
          assert.deepEqual(await broken(db), [], `step ${step}`);
          assert.deepEqual(await project.found({ rename: false, ask }), [], `step ${step} left nothing to migrate`);
        }
        await project.migrate(db, { app: "shop", target: "0001" });
        assert.deepEqual(await snapshot(db, table, names), before.things);
        assert.deepEqual(await snapshot(db, "shop_child", ["thing_id"]), before.children);
        assert.deepEqual(await broken(db), []);
        await db.script(
          `INSERT INTO ${table} (${column("name")}, price, number, amount, active) VALUES ('New', 50, '1', 4, '0')`,
        );
        const [fresh] = await db.query(`SELECT max(id) AS id FROM ${table}`);
        assert.ok(Number(fresh!["id"]) > 12, "numbers that were given are not given again");
        await assert.rejects(db.script("INSERT INTO shop_child (thing_id) VALUES (999)"));
      });
    }
  });
}

test("a table that SQLite copies keeps what its own SQL made: rules, computed columns, triggers, search tables", async () => {
  await using project = await ProjectFolder.make();
  const db = await project.open(backends[0]!);
  const models = (price: Field): Record<string, Declared> => ({
    shop: { Coffee: { code: char({ maxLength: 9, primaryKey: true }), name: char({ maxLength: 30 }), price } },
  });
  await project.step(db, models(integer({ default: 0 })));
  await db.script(`
    ALTER TABLE shop_coffee ADD COLUMN legacy text COLLATE NOCASE DEFAULT 'it''s, (so)' CHECK (length(legacy) < 20);
    ALTER TABLE shop_coffee ADD COLUMN loud text GENERATED ALWAYS AS (upper(name)) VIRTUAL;
    CREATE INDEX by_legacy ON shop_coffee (legacy) WHERE price > 0;
    CREATE VIRTUAL TABLE search USING fts5(name, content='shop_coffee', content_rowid='rowid');
    CREATE TABLE log (what text);
    CREATE TRIGGER noted AFTER UPDATE OF price ON shop_coffee WHEN new.price > 5 BEGIN INSERT INTO log VALUES (new.name || ', dear'); END;
    CREATE VIEW cheap AS SELECT code, loud FROM shop_coffee WHERE price < 5;
    CREATE VIEW cheaper AS SELECT code FROM cheap;
    INSERT INTO shop_coffee (code, name, price) VALUES ('a', 'Latte', 1), ('b', 'Mocha', 2), ('c', 'Flat', 3);
    DELETE FROM shop_coffee WHERE code = 'b';
    INSERT INTO search (search) VALUES ('rebuild')`);
  await project.step(db, models(integer({ null: true })));
  const found = async (sql: string) => (await db.query(sql)).map((row) => ({ ...row }));
  assert.deepEqual(await found("SELECT code, legacy, loud FROM shop_coffee ORDER BY code"), [
    { code: "a", legacy: "it's, (so)", loud: "LATTE" },
    { code: "c", legacy: "it's, (so)", loud: "FLAT" },
  ]);
  assert.deepEqual(await found("SELECT c.code FROM search s JOIN shop_coffee c ON c.rowid = s.rowid WHERE search MATCH 'flat'"), [
    { code: "c" },
  ]);
  await db.script("UPDATE shop_coffee SET price = 9 WHERE code = 'c'");
  assert.deepEqual(await found("SELECT what FROM log"), [{ what: "Flat, dear" }]);
  assert.deepEqual(await found("SELECT code FROM cheaper"), [{ code: "a" }]);
  assert.deepEqual(await found("SELECT name FROM sqlite_master WHERE name = 'by_legacy'"), [{ name: "by_legacy" }]);
  await assert.rejects(db.script("UPDATE shop_coffee SET legacy = 'much, much too long for it'"));
  await project.migrate(db, { app: "shop", target: "0001" });
  assert.deepEqual(await found("SELECT legacy FROM shop_coffee WHERE legacy = 'IT''S, (SO)'"), [
    { legacy: "it's, (so)" },
    { legacy: "it's, (so)" },
  ]);
});

test("a trigger that names a column which goes is refused, and the column stays", async () => {
  await using project = await ProjectFolder.make();
  const db = await project.open(backends[0]!);
  const models = (fields: Record<string, Field>): Record<string, Declared> => ({ shop: { Coffee: fields } });
  await project.step(db, models({ name: text(), price: integer({ default: 0 }) }));
  await db.script(`
    CREATE TABLE log (what text);
    CREATE TRIGGER noted AFTER INSERT ON shop_coffee BEGIN INSERT INTO log VALUES (new.price); END`);
  await assert.rejects(project.step(db, models({ name: text() })), (error: Error & { cause: { code: string; hint: string } }) => {
    assert.equal(error.cause.code, "MIGRATIONS_BROKEN_DEPENDENT");
    assert.match(error.message, /The trigger noted would not work any more: .*price/);
    assert.equal(error.cause.hint, "Drop it by a runSQL before the operation, and make it again after it.");
    return true;
  });
  await db.script("INSERT INTO shop_coffee (name, price) VALUES ('Latte', 1)");
});
