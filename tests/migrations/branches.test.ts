import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { char, foreignKey, integer } from "cortado/orm";
import { backends, type Declared, ProjectFolder } from "./project-folder.ts";

const coffee = (fields: Declared[string] = {}): Record<string, Declared> => ({
  shop: { Coffee: { name: char({ maxLength: 30 }), ...fields } },
});

/** A project with two branches over its first migration, each with these operations. */
async function forked(one: string, other: string): Promise<ProjectFolder> {
  const project = await ProjectFolder.make();
  await project.declare(coffee()).make();
  const body = (operations: string): string => `{ dependencies: [["shop", "0001_initial"]], operations: [${operations}] }`;
  await project.write("shop", "0002_price", body(one));
  await project.write("shop", "0002_size", body(other));
  return project;
}

const add = (name: string): string => `m.addField({ model: "Coffee", name: "${name}", field: orm.integer({ default: 0 }) })`;
const alter = (length: number): string =>
  `m.alterField({ model: "Coffee", name: "name", field: orm.char({ maxLength: ${length} }) })`;

for (const backend of backends) {
  suite(`branches on ${backend.name}`, () => {
    test("branches are joined without a new number, whichever of them a database has", async () => {
      await using project = await forked(add("price"), add("size"));
      const db = await project.open(backend);
      await assert.rejects(project.migrate(db), {
        code: "MIGRATIONS_CONFLICT",
        hint: "Join them: cortado makemigrations --merge",
      });
      const [merged] = await project.make({ merge: true });
      assert.equal(merged!.name, "0003_merge_price_size");
      await project.migrate(db, { app: "shop", target: "0002_size" });
      assert.deepEqual((await project.migrate(db)).done, ["shop.0002_price", "shop.0003_merge_price_size"]);
      project.declare(coffee({ price: integer({ default: 0 }), size: integer({ default: 0 }) }));
      assert.deepEqual(await project.found(), []);
    });

    test("a branch can follow the other one instead, and no file gets another name", async () => {
      await using project = await forked(alter(40), alter(50));
      const db = await project.open(backend);
      await assert.rejects(project.make({ merge: true }), {
        code: "MIGRATIONS_MERGE_CLASH",
        message:
          "The branches of shop that end in 0002_price, 0002_size cannot be joined as they are: they change shop.Coffee in ways that depend on which comes first.",
        hint: "Let one follow the other, and look at what it changes: cortado makemigrations shop --rebase 0002_size",
      });
      const [shown] = await project.make({ app: "shop", rebase: "0002_size", dryRun: true });
      assert.deepEqual(shown?.operations, ["~ Follow 0002_price"]);
      assert.notEqual(await project.read("shop", "0002_size"), shown?.source);
      await project.make({ app: "shop", rebase: "0002_size" });
      assert.equal(await project.read("shop", "0002_size"), shown?.source);
      assert.match(await project.read("shop", "0002_size"), /dependencies: \[\["shop", "0002_price"\]\]/);
      assert.deepEqual((await project.migrate(db)).done, ["shop.0001_initial", "shop.0002_price", "shop.0002_size"]);
      await assert.rejects(project.make({ app: "shop", rebase: "0002_size" }), {
        code: "MIGRATIONS_CANNOT_REBASE",
        message: "shop.0002_size cannot be put after the other branch: shop has no other branch.",
        hint: "Change its `dependencies` by hand, or join the branches: cortado makemigrations --merge",
      });
    });
  });
}

test("branches of which one takes away what the other needs are not joined", async () => {
  await using project = await forked('m.deleteModel({ name: "Coffee" })', add("size"));
  await assert.rejects(
    project.make({ merge: true }),
    /one after the other they do not work: At operation 1 of 1 of shop\.0002_size, "Add field size to Coffee": shop has no model "Coffee"/,
  );
});

test("the last migration is changed instead of a new one written, while nothing has it or needs it", async () => {
  await using project = await ProjectFolder.make();
  const db = await project.open(backends[0]!);
  await project.declare(coffee()).make();
  await project.declare(coffee({ price: integer({ default: 0 }) })).make();
  project.declare(coffee({ price: integer({ default: 1 }), size: integer({ default: 0 }) }));
  const [updated] = await project.make({ app: "shop", update: true, db });
  assert.deepEqual(updated!.operations, ["+ Add field size to Coffee", "+ Add field price to Coffee"]);
  assert.deepEqual(await project.files("shop"), ["0001_initial.ts", "0002_coffee_price.ts"]);
  assert.deepEqual(await project.found(), []);
  await project.migrate(db);
  project.declare(coffee());
  await assert.rejects(project.make({ app: "shop", update: true, db }), {
    code: "MIGRATIONS_CANNOT_UPDATE",
    message:
      "The last migration of shop cannot be updated: 0002_coffee_price is applied; take it back first: cortado migrate shop ….",
    hint: "Leave --update out: a new migration is written.",
  });
  const [renamed] = await project.make({ app: "shop", update: true, name: "nothing" });
  assert.equal(renamed!.name, "0002_nothing");
  assert.deepEqual(await project.files("shop"), ["0001_initial.ts", "0002_nothing.ts"]);
});

test("a migration may say that one of another app comes after it", async () => {
  await using project = await ProjectFolder.make();
  project.declare({ a: {}, b: {} });
  await project.write("a", "0001_a", "{ operations: [] }");
  await project.write("b", "0001_b", '{ operations: [], runBefore: [["a", "0001_a"]] }');
  const db = await project.open(backends[0]!);
  assert.deepEqual((await project.migrate(db)).done, ["b.0001_b", "a.0001_a"]);
});

test("an app may keep its migrations elsewhere, or have none", async () => {
  await using project = await ProjectFolder.make();
  project.declare(coffee());
  const [app] = project.apps;
  project.apps = [{ ...app!, migrations: `${project.folder}/elsewhere` }];
  const [made] = await project.make();
  assert.equal(made!.path, `${project.folder}/elsewhere/0001_initial.ts`);
  project.apps = [{ ...app!, migrations: false }];
  await assert.rejects(project.make(), { code: "MIGRATIONS_NO_DIRECTORY" });
});

test("a model moves to another app with its rows, its references and its middle table", async (t) => {
  for (const backend of backends)
    await t.test(backend.name, async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      const models = (app: "shop" | "menu"): Record<string, Declared> => {
        const apps: Record<string, Declared> = {
          shop: { Order: { coffee: foreignKey(`${app}.Coffee`, { onDelete: "cascade" }) } },
          menu: {},
        };
        apps[app]!["Coffee"] = { name: char({ maxLength: 30 }) };
        return apps;
      };
      await project.step(db, models("shop"));
      await db.script("INSERT INTO shop_coffee (name) VALUES ('Latte')");
      await db.script("INSERT INTO shop_order (coffee_id) VALUES (1)");
      project.declare(models("menu"));
      await assert.rejects(project.make(), {
        code: "MIGRATIONS_RENAME_UNANSWERED",
        message: "Was the model shop.Coffee moved to menu.Coffee? There is no terminal to ask on, and a wrong guess loses data.",
        hint: "Answer with --rename shop.Coffee=menu.Coffee if it was, or with --no-rename if it was not.",
      });
      const [moved] = await project.make({ rename: ["shop.Coffee=menu.Coffee"] });
      assert.equal(moved!.name, "0001_initial");
      assert.deepEqual(moved!.operations, ["~ Move model Coffee here from shop"]);
      assert.match(moved!.source, /dependencies: \[\["shop", "0001_initial"\]\]/);
      assert.deepEqual(await project.found(), []);
      assert.deepEqual((await project.migrate(db)).renamed, [{ from: "shop.Coffee", to: "menu.Coffee" }]);
      const sql = "SELECT c.name FROM shop_order o JOIN menu_coffee c ON c.id = o.coffee_id";
      assert.deepEqual(
        (await db.query(sql)).map((row) => row["name"]),
        ["Latte"],
      );
      await assert.rejects(db.script("INSERT INTO shop_order (coffee_id) VALUES (7)"), "the foreign key leads to the new table");
      const { renamed } = await project.migrate(db, { app: "menu", target: "zero" });
      assert.deepEqual(renamed, [{ from: "menu.Coffee", to: "shop.Coffee" }]);
      assert.deepEqual(
        (await db.query("SELECT name FROM shop_coffee")).map((row) => row["name"]),
        ["Latte"],
      );
      await project.migrate(db);
      // A new model may take the old name, after the move.
      const again = models("menu");
      again["shop"]!["Coffee"] = { label: char({ maxLength: 9 }) };
      await project.step(db, again);
      assert.equal((await db.query("SELECT * FROM shop_coffee")).length, 0);
    });
});
