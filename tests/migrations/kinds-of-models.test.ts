import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { defineApp } from "#kernel";
import {
  char,
  clearModels,
  compositePrimaryKey,
  extend,
  foreignKey,
  generated,
  integer,
  Model,
  type ModelClass,
  proxy,
} from "cortado/orm";
import { backends, ProjectFolder } from "./project-folder.ts";

/** Declares classes instead of tables of fields: `shop: { Place }`. */
function declareClasses(project: ProjectFolder, apps: Record<string, Record<string, unknown>>): ProjectFolder {
  clearModels();
  project.apps = Object.entries(apps).map(([name, models]) =>
    defineApp({ name, models: models as Record<string, ModelClass>, directory: `${project.folder}/${name}` }),
  );
  return project;
}

const operations = (made: readonly { app: string; operations: readonly string[] }[]): string[] =>
  made.flatMap(({ app, operations: own }) => own.map((operation) => `${app}: ${operation}`));

for (const backend of backends) {
  suite(`kinds of models on ${backend.name}`, () => {
    test("a child of a model with a table is created after it, and a proxy without a table", async () => {
      class Place extends Model({ name: char({ maxLength: 9 }) }) {}
      class Restaurant extends extend(Place, { stars: integer({ default: 0 }) }) {}
      class Cheap extends proxy(Place) {}
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      const made = await declareClasses(project, { shop: { Cheap, Restaurant, Place } }).make();
      assert.deepEqual(operations(made), [
        "shop: + Create model Place",
        "shop: + Create model Restaurant",
        "shop: + Create proxy model Cheap",
      ]);
      assert.deepEqual(await project.found(), []);
      await project.migrate(db);
      await db.script("INSERT INTO shop_place (name) VALUES ('Bar')");
      assert.equal((await db.query("SELECT stars FROM shop_restaurant")).length, 0);
      await assert.rejects(db.query("SELECT * FROM shop_cheap"));
      const gone = await declareClasses(project, { shop: { Place } }).make();
      assert.deepEqual(operations(gone).toSorted(), ["shop: - Delete model Cheap", "shop: - Delete model Restaurant"]);
      await project.migrate(db);
      await project.migrate(db, { app: "shop", target: "0001" });
      await project.migrate(db, { app: "shop", target: "zero" });
    });

    test("a proxy of another app's model waits for it", async () => {
      class Place extends Model({ name: char({ maxLength: 9 }) }) {}
      class Cheap extends proxy(Place) {}
      class Visit extends Model({ place: () => foreignKey(Cheap, { onDelete: "cascade" }) }) {}
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      const made = await declareClasses(project, { a: { Visit }, b: { Cheap }, c: { Place } }).make();
      assert.deepEqual(operations(made), ["c: + Create model Place", "b: + Create proxy model Cheap", "a: + Create model Visit"]);
      assert.deepEqual((await project.migrate(db)).done, ["c.0001_initial", "b.0001_initial", "a.0001_initial"]);
    });

    test("rows get an order beneath a relation, and lose it", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      const question = { Question: { text: char({ maxLength: 9 }) } };
      const fields = { question: foreignKey("shop.Question", { onDelete: "cascade" }) };
      await project.step(db, { shop: { ...question, Answer: fields } });
      await db.script("INSERT INTO shop_question (text) VALUES ('why'); INSERT INTO shop_answer (question_id) VALUES (1)");
      const ordered = { shop: { ...question, Answer: [fields, { orderWithRespectTo: "question" }] as const } };
      assert.deepEqual(
        (await project.declare(ordered).found()).map((line) => line.replace(/^.*: /, "")),
        ["~ Set orderWithRespectTo on Answer to question"],
      );
      await project.step(db, ordered);
      assert.equal((await db.query("SELECT _order FROM shop_answer")).length, 1);
      await project.step(db, { shop: { ...question, Answer: fields } });
      await assert.rejects(db.query("SELECT _order FROM shop_answer"));
    });

    test("a computed column comes after the columns that it is computed from, and goes before them", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      await project.step(db, { shop: { Coffee: { price: integer({ default: 1 }) } } });
      const total = () => generated({ expression: (c: any) => c.price.mul(c.count), output: integer(), stored: true });
      project.declare({ shop: { Coffee: { total: total(), price: integer({ default: 1 }), count: integer({ default: 2 }) } } });
      assert.deepEqual(
        (await project.found()).map((line) => line.replace(/^.*: /, "")),
        ["+ Add field count to Coffee", "+ Add field total to Coffee"],
      );
      await project.make();
      await project.migrate(db);
      await db.script("INSERT INTO shop_coffee (price, count) VALUES (3, 4)");
      assert.deepEqual(
        (await db.query("SELECT total FROM shop_coffee")).map((row) => Number(row["total"])),
        [12],
      );
      project.declare({ shop: { Coffee: { price: integer({ default: 1 }) } } });
      assert.deepEqual(
        (await project.found()).map((line) => line.replace(/^.*: /, "")),
        ["- Remove field total from Coffee", "- Remove field count from Coffee"],
      );
      await project.make();
      await project.migrate(db);
    });

    test("a key of several columns is created with its table", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      await project.step(db, {
        shop: { Line: { pk: compositePrimaryKey("order", "number"), order: integer(), number: integer() } },
      });
      assert.deepEqual(await project.found(), []);
      assert.match(await project.read("shop", "0001_initial"), /pk: compositePrimaryKey\("order", "number"\),/);
      await db.script('INSERT INTO shop_line ("order", number) VALUES (1, 1), (1, 2)');
      await assert.rejects(db.script('INSERT INTO shop_line ("order", number) VALUES (1, 2)'));
    });
  });
}
