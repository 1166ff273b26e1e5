import assert from "node:assert/strict";
import { suite, test } from "node:test";
import {
  boolean,
  char,
  check,
  type Database,
  type Field,
  foreignKey,
  index,
  integer,
  manyToMany,
  oneToOne,
  text,
  unique,
} from "cortado/orm";
import { backends, type Declared, ProjectFolder } from "./project-folder.ts";

const roaster: Declared = { Roaster: { name: char({ maxLength: 80 }) } };

let read = 0;

/** Each read is a text of its own: a statement prepared before a column changed its type is of no use after. */
async function rows(db: Database, sql: string): Promise<Record<string, unknown>[]> {
  return (await db.query(`${sql} -- ${read++}`)).map((row) => ({ ...row }));
}

/** Names of indexes, without those that the database makes for keys. */
async function indexes(db: Database, table: string): Promise<string[]> {
  const sql =
    db.dialect === "sqlite"
      ? `SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = '${table}' AND sql IS NOT NULL`
      : `SELECT indexname AS name FROM pg_indexes WHERE tablename = '${table}' AND indexname NOT LIKE '%pkey'`;
  return (await db.query(sql)).map((row) => String(row["name"])).sort();
}

for (const backend of backends) {
  suite(`tables on ${backend.name}`, () => {
    test("a new model gets a table that takes and refuses rows as declared", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      await project.step(db, {
        shop: {
          ...roaster,
          Coffee: [
            {
              name: char({ maxLength: 30, unique: true }),
              price: integer({ default: 0 }),
              roaster: foreignKey("shop.Roaster", { onDelete: "protect", null: true }),
            },
            { constraints: [check("price_positive", "price >= 0")], indexes: [index(["roaster", "-price"])] },
          ],
        },
      });
      await db.script(
        "INSERT INTO shop_roaster (name) VALUES ('Fritz'); INSERT INTO shop_coffee (name, price, roaster_id) VALUES ('Latte', 3, 1)",
      );
      await assert.rejects(db.script("INSERT INTO shop_coffee (name, price) VALUES ('Latte', 3)"));
      await assert.rejects(db.script("INSERT INTO shop_coffee (name, price) VALUES ('Mocha', -1)"));
      await assert.rejects(db.script("INSERT INTO shop_coffee (name, price, roaster_id) VALUES ('Mocha', 1, 9)"));
      assert.deepEqual(await indexes(db, "shop_coffee"), ["shop_coffee_name_uniq", "shop_coffee_roaster_id_price_idx"]);
    });

    test("fields are added with their default, a fill, NULL, or a reference, and removed again", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      await project.step(db, { shop: { ...roaster, Coffee: { name: char({ maxLength: 30 }) } } });
      await db.script("INSERT INTO shop_roaster (name) VALUES ('Fritz'); INSERT INTO shop_coffee (name) VALUES ('Latte')");
      await project.step(
        db,
        {
          shop: {
            ...roaster,
            Coffee: {
              name: char({ maxLength: 30 }),
              price: integer({ default: 5 }),
              isIce: boolean({ default: false }),
              code: char({ maxLength: 8 }),
              note: text({ null: true }),
              roaster: foreignKey("shop.Roaster", { onDelete: "protect", null: true }),
              first: oneToOne("shop.Roaster", { onDelete: "setNull", null: true, relatedName: "+" }),
            },
          },
        },
        { defaults: ["shop.Coffee.code=it's"] },
      );
      const read = "SELECT name, price, is_ice, code, note, roaster_id, first_id FROM shop_coffee";
      const isIce = db.dialect === "sqlite" ? 0 : false;
      assert.deepEqual(await rows(db, read), [
        { name: "Latte", price: 5, is_ice: isIce, code: "it's", note: null, roaster_id: null, first_id: null },
      ]);
      await assert.rejects(db.script("UPDATE shop_coffee SET roaster_id = 7"));
      await project.migrate(db, { app: "shop", target: "0001" });
      assert.deepEqual(await rows(db, "SELECT * FROM shop_coffee"), [{ id: 1, name: "Latte" }]);
      await project.migrate(db);
      assert.equal((await rows(db, read)).length, 1);
    });

    test("altering a field keeps rows, numbering, indexes and references", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      const models = (name: Field, price: Field): Record<string, Declared> => ({
        shop: {
          Coffee: [{ name, price }, { indexes: [index(["price"], { name: "by_price" })] }],
          Order: { coffee: foreignKey("shop.Coffee", { onDelete: "cascade" }) },
        },
      });
      await project.step(db, models(char({ maxLength: 30 }), integer({ null: true })));
      await db.script(`
        INSERT INTO shop_coffee (name, price) VALUES ('Latte', 3), ('Mocha', NULL), ('Gone', 1);
        DELETE FROM shop_coffee WHERE name = 'Gone';
        INSERT INTO shop_order (coffee_id) VALUES (1), (2)`);
      await db.script("CREATE INDEX own_index ON shop_coffee (name)");
      await project.step(db, models(char({ maxLength: 60, unique: true }), integer({ default: 9 })));
      assert.deepEqual(await rows(db, "SELECT name, price FROM shop_coffee ORDER BY id"), [
        { name: "Latte", price: 3 },
        { name: "Mocha", price: 9 },
      ]);
      assert.deepEqual(await indexes(db, "shop_coffee"), ["by_price", "own_index", "shop_coffee_name_uniq"]);
      await assert.rejects(db.script("DELETE FROM shop_coffee WHERE id = 1"));
      await assert.rejects(db.script("INSERT INTO shop_coffee (name, price) VALUES ('Latte', 1)"));
      await db.script("INSERT INTO shop_coffee (name, price) VALUES ('Flat', 1)");
      const [fresh] = await rows(db, "SELECT id FROM shop_coffee WHERE name = 'Flat'");
      assert.ok(Number(fresh!["id"]) > 3, "the number of the deleted row is not given again");
      await project.migrate(db, { app: "shop", target: "0001" });
      assert.deepEqual(await indexes(db, "shop_coffee"), ["by_price", "own_index"]);
      assert.equal((await rows(db, "SELECT * FROM shop_order")).length, 2);
    });

    test("a type is changed there and back", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      await project.step(db, { shop: { Coffee: { size: integer({ default: 1 }) } } });
      await db.script("INSERT INTO shop_coffee (size) VALUES (12)");
      await project.step(db, { shop: { Coffee: { size: char({ maxLength: 10, default: "" }) } } });
      assert.deepEqual(await rows(db, "SELECT size FROM shop_coffee"), [{ size: "12" }]);
      await project.migrate(db, { app: "shop", target: "0001" });
      assert.deepEqual(await rows(db, "SELECT size FROM shop_coffee"), [{ size: 12 }]);
    });

    test("a renamed field and a renamed model keep their rows and what refers to them", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      const named = (model: string, field: string): Record<string, Declared> => ({
        shop: {
          Tag: { word: char({ maxLength: 9 }) },
          [model]: [
            { [field]: char({ maxLength: 30, unique: true }), price: integer({ default: 0 }), tags: manyToMany("shop.Tag") },
            { constraints: [unique([field, "price"])], indexes: [index([`-${field}`])] },
          ],
          Order: { coffee: foreignKey(`shop.${model}`, { onDelete: "cascade" }) },
        },
      });
      await project.step(db, named("Coffee", "name"));
      await db.script(`
        INSERT INTO shop_coffee (name, price) VALUES ('Latte', 1); INSERT INTO shop_tag (word) VALUES ('hot');
        INSERT INTO shop_coffee_tags (coffee_id, tag_id) VALUES (1, 1); INSERT INTO shop_order (coffee_id) VALUES (1)`);
      await project.step(db, named("Coffee", "title"), { rename: ["shop.Coffee.name=title"] });
      assert.deepEqual(await rows(db, "SELECT title FROM shop_coffee"), [{ title: "Latte" }]);
      await project.step(db, named("Drink", "title"), { rename: ["shop.Coffee=Drink"] });
      assert.deepEqual(await rows(db, "SELECT title FROM shop_drink"), [{ title: "Latte" }]);
      assert.deepEqual(await rows(db, "SELECT drink_id, tag_id FROM shop_drink_tags"), [{ drink_id: 1, tag_id: 1 }]);
      assert.deepEqual(await indexes(db, "shop_drink"), [
        "shop_drink_title_idx",
        "shop_drink_title_price_uniq",
        "shop_drink_title_uniq",
      ]);
      await assert.rejects(db.script("DELETE FROM shop_drink"));
      assert.deepEqual(await project.found(), []);
      await project.migrate(db, { app: "shop", target: "0001" });
      assert.deepEqual(
        await rows(db, "SELECT c.name, t.tag_id FROM shop_coffee c JOIN shop_coffee_tags t ON t.coffee_id = c.id"),
        [{ name: "Latte", tag_id: 1 }],
      );
      await assert.rejects(db.script("DELETE FROM shop_coffee"));
    });

    test("models that refer to one another, also across apps, are created and deleted", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      await project.step(db, {
        a: {
          One: {
            two: foreignKey("b.Two", { onDelete: "cascade", null: true }),
            self: foreignKey("a.One", { onDelete: "cascade", null: true }),
          },
        },
        b: { Two: { one: foreignKey("a.One", { onDelete: "cascade", null: true }) } },
      });
      await db.script(
        "INSERT INTO a_one (two_id) VALUES (NULL); INSERT INTO b_two (one_id) VALUES (1); UPDATE a_one SET two_id = 1, self_id = 1",
      );
      await assert.rejects(db.script("UPDATE a_one SET two_id = 5"));
      await project.step(db, { a: {}, b: {} });
      await assert.rejects(db.query("SELECT * FROM a_one"));
      await project.migrate(db, { app: "a", target: "zero" });
    });

    test("constraints, indexes and table names change without losing rows", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      const fields = () => ({ name: char({ maxLength: 30 }), price: integer({ default: 0 }) });
      await project.step(db, { shop: { Coffee: fields() } });
      await db.script("INSERT INTO shop_coffee (name, price) VALUES ('Latte', 1)");
      await project.step(db, {
        shop: {
          Coffee: [
            fields(),
            {
              constraints: [unique(["name", "price"]), check("positive", "price > 0")],
              indexes: [index(["price"])],
              dbTable: "drinks",
            },
          ],
        },
      });
      await assert.rejects(db.script("INSERT INTO drinks (name, price) VALUES ('Latte', 1)"));
      await assert.rejects(db.script("INSERT INTO drinks (name, price) VALUES ('Latte', 0)"));
      assert.deepEqual(await indexes(db, "drinks"), ["drinks_name_price_uniq", "drinks_price_idx"]);
      await project.step(db, { shop: { Coffee: fields() } });
      await db.script("INSERT INTO shop_coffee (name, price) VALUES ('Latte', 1), ('Latte', 0)");
      assert.deepEqual(await indexes(db, "shop_coffee"), []);
    });

    test("an index with a new name is renamed, not removed and added", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      const models = (name: string): Record<string, Declared> => ({
        shop: { Coffee: [{ price: integer({ default: 0 }) }, { indexes: [index(["price"], { name })] }] },
      });
      await project.step(db, models("by_price"));
      assert.deepEqual(await project.declare(models("price_index")).found(), [
        "shop.0002_rename_by_price_price_index: ~ Rename index by_price on Coffee to price_index",
      ]);
      await project.step(db, models("price_index"));
      assert.deepEqual(await indexes(db, "shop_coffee"), ["price_index"]);
      await project.migrate(db, { app: "shop", target: "0001" });
      assert.deepEqual(await indexes(db, "shop_coffee"), ["by_price"]);
    });

    test("a model that is managed no longer keeps its table, and its migrations leave it alone", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      const fields = () => ({ name: char({ maxLength: 30 }) });
      await project.step(db, { shop: { Coffee: fields() } });
      await db.script("INSERT INTO shop_coffee (name) VALUES ('Latte')");
      await project.step(db, { shop: { Coffee: [fields(), { managed: false }] } });
      await project.step(db, { shop: { Coffee: [{ ...fields(), size: integer({ default: 0 }) }, { managed: false }] } });
      await project.step(db, { shop: {} });
      assert.deepEqual(await rows(db, "SELECT * FROM shop_coffee"), [{ id: 1, name: "Latte" }]);
    });

    test("the key that others refer to changes its type with them", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      const models = (id: Field): Record<string, Declared> => ({
        shop: {
          Coffee: { id, name: char({ maxLength: 9 }) },
          Order: { coffee: foreignKey("shop.Coffee", { onDelete: "cascade" }) },
        },
      });
      await project.step(db, models(integer({ primaryKey: true })));
      await db.script("INSERT INTO shop_coffee (id, name) VALUES (7, 'Latte'); INSERT INTO shop_order (coffee_id) VALUES (7)");
      await project.step(db, models(char({ maxLength: 20, primaryKey: true })));
      assert.deepEqual(await rows(db, "SELECT id FROM shop_coffee"), [{ id: "7" }]);
      assert.deepEqual(await rows(db, "SELECT coffee_id FROM shop_order"), [{ coffee_id: "7" }]);
      await assert.rejects(db.script("UPDATE shop_order SET coffee_id = 'x'"));
    });
  });
}

test("a copied table keeps columns, triggers and views that no model knows", async () => {
  await using project = await ProjectFolder.make();
  const db = await project.open(backends[0]!);
  await project.step(db, { shop: { Coffee: { name: char({ maxLength: 30 }), price: integer({ default: 0 }) } } });
  await db.script(`
    ALTER TABLE shop_coffee ADD COLUMN legacy text DEFAULT 'x';
    CREATE TABLE log (what text);
    CREATE TRIGGER noted AFTER INSERT ON shop_coffee BEGIN INSERT INTO log VALUES (new.name); END;
    CREATE VIEW cheap AS SELECT name FROM shop_coffee WHERE price < 5;
    INSERT INTO shop_coffee (name, price, legacy) VALUES ('Latte', 1, 'kept')`);
  await project.step(db, { shop: { Coffee: { name: char({ maxLength: 30, null: true }), price: integer({ default: 0 }) } } });
  await db.script("INSERT INTO shop_coffee (name, price) VALUES ('Mocha', 1)");
  assert.deepEqual(await rows(db, "SELECT legacy FROM shop_coffee ORDER BY id"), [{ legacy: "kept" }, { legacy: "x" }]);
  assert.deepEqual(await rows(db, "SELECT what FROM log"), [{ what: "Latte" }, { what: "Mocha" }]);
  assert.deepEqual(await rows(db, "SELECT name FROM cheap ORDER BY name"), [{ name: "Latte" }, { name: "Mocha" }]);
});
