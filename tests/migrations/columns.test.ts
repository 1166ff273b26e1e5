import assert from "node:assert/strict";
import { suite, test } from "node:test";
import {
  char,
  check,
  compositePrimaryKey,
  type Database,
  dateTime,
  decimal,
  extend,
  type Field,
  foreignKey,
  generated,
  index,
  integer,
  lower,
  Model,
  now,
  proxy,
  text,
} from "cortado/orm";
import { defineApp } from "#kernel";
import { createTables, dropTables } from "cortado/orm/migrations";
import { backends, type Declared, ProjectFolder } from "./project-folder.ts";

let reads = 0;

async function rows(db: Database, sql: string): Promise<Record<string, unknown>[]> {
  return (await db.query(`${sql} -- ${reads++}`)).map((row) => ({ ...row }));
}

function coffee(fields: Record<string, Field>, options = {}): Record<string, Declared> {
  return { shop: { Coffee: [fields, options] } };
}

const base = () => ({
  name: char({ maxLength: 30, default: "" }),
  price: integer({ default: 0 }),
  amount: integer({ default: 1 }),
});

for (const backend of backends) {
  suite(`columns on ${backend.name}`, () => {
    test("a generated column is computed for rows that exist, follows renames, and changes its expression", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      await project.step(db, coffee(base()));
      await db.script("INSERT INTO shop_coffee (name, price, amount) VALUES ('Latte', 3, 4)");
      const total = (expression: (row: any) => any, options = {}) =>
        generated({ expression, output: integer(), stored: true, ...options });
      await project.step(
        db,
        coffee({
          ...base(),
          total: total((row) => row.price.mul(row.amount), { dbIndex: true }),
          loud: generated({ expression: (row) => lower(row.name), output: text(), stored: true }),
        }),
      );
      assert.match(
        await project.read("shop", (await project.files("shop"))[1]!.replace(".ts", "")),
        /generated\(\{[^}]*sql: '[^']*"price" \* "amount"[^']*' \},\s+output: integer\(\),\s+stored: true,\s+dbIndex: true,?\s+\}\)/,
      );
      assert.deepEqual(await rows(db, "SELECT total, loud FROM shop_coffee"), [{ total: 12, loud: "latte" }]);
      await assert.rejects(db.script("UPDATE shop_coffee SET total = 1"));
      const { price, ...others } = base();
      const renamed = {
        ...others,
        cost: price,
        total: total((row) => row.cost.mul(row.amount), { dbIndex: true }),
        loud: generated({ expression: (row) => lower(row.name), output: text(), stored: true }),
      };
      await project.step(db, coffee(renamed), { rename: ["shop.Coffee.price=cost"] });
      assert.deepEqual(await project.found(), []);
      await db.script("UPDATE shop_coffee SET cost = 5");
      assert.deepEqual(await rows(db, "SELECT total FROM shop_coffee"), [{ total: 20 }]);
      await project.step(
        db,
        coffee({
          ...renamed,
          total: total((row) => row.cost.add(row.amount), { dbIndex: true }),
          cost: decimal({ maxDigits: 9, decimalPlaces: 0, default: "0" }),
          amount: decimal({ maxDigits: 9, decimalPlaces: 0, default: "0" }),
        }),
      );
      assert.deepEqual(await project.found(), []);
      await project.migrate(db, { app: "shop", target: "0001" });
      assert.deepEqual(await rows(db, "SELECT name, price, amount FROM shop_coffee"), [{ name: "Latte", price: 5, amount: 4 }]);
    });

    test("a generated column can become a plain one and keeps its values, and a plain one generated", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      const double = () => generated({ expression: (row) => row.price.mul(2), output: integer(), stored: true });
      await project.step(db, coffee({ ...base(), double: double() }));
      await db.script("INSERT INTO shop_coffee (name, price, amount) VALUES ('Latte', 3, 1)");
      await project.step(db, coffee({ ...base(), double: integer({ null: true }) }));
      assert.deepEqual(await rows(db, "SELECT double FROM shop_coffee"), [{ double: 6 }]);
      await db.script("UPDATE shop_coffee SET double = 1");
      await project.step(db, coffee({ ...base(), double: double() }));
      assert.deepEqual(await rows(db, "SELECT double FROM shop_coffee"), [{ double: 6 }]);
    });

    test("the database gives defaults: a value, an expression, and to rows that exist", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      await project.step(db, coffee(base()));
      await db.script("INSERT INTO shop_coffee (name, price, amount) VALUES ('Latte', 3, 4)");
      const wanted = {
        ...base(),
        size: integer({ dbDefault: 7 }),
        note: text({ dbDefault: "it's" }),
        made: dateTime({ dbDefault: now() }),
        many: integer({ dbDefault: { sql: "2 + 3" } }),
      };
      await project.step(db, coffee(wanted));
      assert.deepEqual(await rows(db, "SELECT size, note, many FROM shop_coffee"), [{ size: 7, note: "it's", many: 5 }]);
      assert.equal((await rows(db, "SELECT 1 FROM shop_coffee WHERE made IS NOT NULL")).length, 1);
      await db.script("INSERT INTO shop_coffee (name, price, amount) VALUES ('Mocha', 3, 4)");
      assert.deepEqual(await rows(db, "SELECT size, note, many FROM shop_coffee WHERE name = 'Mocha'"), [
        { size: 7, note: "it's", many: 5 },
      ]);
      await project.step(db, coffee({ ...wanted, size: integer({ dbDefault: 9 }), many: integer({ default: 1 }) }));
      await db.script("INSERT INTO shop_coffee (name, price, amount, many) VALUES ('Flat', 3, 4, 1)");
      assert.deepEqual(await rows(db, "SELECT size FROM shop_coffee ORDER BY id"), [{ size: 7 }, { size: 7 }, { size: 9 }]);
      await assert.rejects(db.script("INSERT INTO shop_coffee (name, price, amount) VALUES ('Long', 3, 4)"));
      assert.deepEqual(await project.found(), []);
      await project.migrate(db, { app: "shop", target: "0001" });
      assert.equal((await rows(db, "SELECT * FROM shop_coffee")).length, 3);
    });

    test("the database carries out what onDelete leaves to it, and forgets it again", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      const models = (onDelete: "dbCascade" | "dbSetNull" | "cascade", options = {}): Record<string, Declared> => ({
        shop: {
          Roaster: { name: char({ maxLength: 9, unique: true }) },
          Coffee: { roaster: foreignKey("shop.Roaster", { onDelete, null: true, ...options }) },
        },
      });
      await project.step(db, models("dbCascade"));
      await db.script(
        "INSERT INTO shop_roaster (name) VALUES ('a'), ('b'); INSERT INTO shop_coffee (roaster_id) VALUES (1), (2)",
      );
      await db.script("DELETE FROM shop_roaster WHERE name = 'a'");
      assert.equal((await rows(db, "SELECT * FROM shop_coffee")).length, 1);
      await project.step(db, models("dbSetNull"));
      await db.script("DELETE FROM shop_roaster WHERE name = 'b'");
      assert.deepEqual(await rows(db, "SELECT roaster_id FROM shop_coffee"), [{ roaster_id: null }]);
      await project.step(db, models("cascade"));
      await db.script(
        "INSERT INTO shop_roaster (name) VALUES ('c'); INSERT INTO shop_coffee (roaster_id) SELECT id FROM shop_roaster",
      );
      await assert.rejects(db.script("DELETE FROM shop_roaster"));
      await project.step(db, models("cascade", { dbConstraint: false }));
      await db.script("DELETE FROM shop_roaster");
      assert.equal((await rows(db, "SELECT * FROM shop_coffee WHERE roaster_id IS NOT NULL")).length, 1);
    });

    test("a data migration follows relations both ways, and deletes with what refers", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      await project
        .declare({
          shop: {
            Roaster: { name: char({ maxLength: 80 }) },
            Coffee: { name: char({ maxLength: 30 }), roaster: foreignKey("shop.Roaster", { onDelete: "cascade" }) },
            Sale: { coffee: foreignKey("shop.Coffee", { onDelete: "cascade", relatedName: "sales" }) },
          },
        })
        .make();
      await project.write(
        "shop",
        "0002_fill",
        `{ dependencies: [["shop", "0001_initial"]], operations: [m.run({ forward: async ({ models }) => {
          const Roaster = models.get("shop", "Roaster");
          const roaster = await Roaster.objects.create({ name: "Fritz" });
          const latte = await roaster.coffeeSet.create({ name: "Latte" });
          await models.get("shop", "Coffee").objects.create({ name: "Mocha", roasterId: roaster.pk });
          await models.get("shop", "Sale").objects.create({ coffeeId: latte.pk });
          const names = (await roaster.coffeeSet.orderBy("name")).map((coffee) => coffee.name);
          if (names.join() !== "Latte,Mocha") throw new Error(names.join());
          const sold = await Roaster.objects.filter({ coffeeSet: { sales: { isNull: false } } }).count();
          if (sold !== 1) throw new Error("sold " + sold);
          const gone = await Roaster.objects.create({ name: "Gone" });
          const flat = await gone.coffeeSet.create({ name: "Flat" });
          await models.get("shop", "Sale").objects.create({ coffeeId: flat.pk });
          await gone.delete();
        } })] }`,
      );
      await project.migrate(db);
      assert.deepEqual(await rows(db, "SELECT name FROM shop_coffee ORDER BY name"), [{ name: "Latte" }, { name: "Mocha" }]);
      assert.equal((await rows(db, "SELECT * FROM shop_sale")).length, 1);
    });

    test("a key of several fields is one of the table's, survives copies and renames, and can be changed", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      const order = (number: string, ...more: string[]): Record<string, Declared> => ({
        shop: {
          Order: {
            tenant: integer(),
            [number]: integer(),
            line: integer({ default: 1 }),
            note: text({ null: true }),
            pk: compositePrimaryKey("tenant", number, ...more),
          },
        },
      });
      await project.step(db, order("number"));
      await db.script("INSERT INTO shop_order (tenant, number, line, note) VALUES (1, 1, 1, 'a'), (1, 2, 1, NULL)");
      await assert.rejects(db.script("INSERT INTO shop_order (tenant, number, line) VALUES (1, 2, 2)"));
      await project.step(db, order("no"), { rename: ["shop.Order.number=no"] });
      await assert.rejects(db.script("INSERT INTO shop_order (tenant, no, line) VALUES (1, 2, 2)"));
      await project.step(db, order("no", "line"), { rename: false });
      await db.script("INSERT INTO shop_order (tenant, no, line) VALUES (1, 2, 2)");
      await assert.rejects(db.script("INSERT INTO shop_order (tenant, no, line) VALUES (1, 2, 2)"));
      assert.deepEqual(await project.found(), []);
      await db.script("DELETE FROM shop_order WHERE line = 2");
      await project.migrate(db, { app: "shop", target: "0001" });
      assert.deepEqual(await rows(db, "SELECT tenant, number, note FROM shop_order ORDER BY number"), [
        { tenant: 1, number: 1, note: "a" },
        { tenant: 1, number: 2, note: null },
      ]);
    });

    test("a child of a model has a table of its own fields beside its parent's, a proxy none", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      class Place extends Model({ name: char({ maxLength: 30 }), seats: integer({ default: 0 }) }) {}
      class Cafe extends extend(
        Place,
        { coffees: integer({ default: 0 }) },
        { indexes: [index(["coffees"])], constraints: [check("some", { coffees: { gte: 0 } })] },
      ) {}
      class Bar extends proxy(Place) {}
      const { join } = await import("node:path");
      project.apps = [defineApp({ name: "shop", models: { Place, Cafe, Bar }, directory: join(project.folder, "shop") })];
      await project.make();
      assert.deepEqual(await project.found(), []);
      await project.migrate(db);
      await db.script("INSERT INTO shop_place (name, seats) VALUES ('Fritz', 3)");
      await db.script("INSERT INTO shop_cafe (place_ptr_id, coffees) VALUES (1, 7)");
      await assert.rejects(db.script("INSERT INTO shop_cafe (place_ptr_id, coffees) VALUES (2, 7)"));
      await assert.rejects(db.script("INSERT INTO shop_cafe (place_ptr_id, coffees) VALUES (1, 8)"));
      await assert.rejects(rows(db, "SELECT * FROM shop_bar"));
      await project.migrate(db, { app: "shop", target: "zero" });
      await createTables(project.apps, db);
      await dropTables(project.apps, db);
    });
  });
}
