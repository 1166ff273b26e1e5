import assert from "node:assert/strict";
import { join } from "node:path";
import { suite, test } from "node:test";
import type { CortadoError } from "#kernel";
import { char, type Database, foreignKey, integer, openDatabase } from "cortado/orm";
import { showMigrations, unappliedMigrations } from "cortado/orm/migrations";
import { migrateInProcess } from "./migrate-in-process.ts";
import { backends, type Declared, ProjectFolder } from "./project-folder.ts";

const coffee = (): Record<string, Declared> => ({
  shop: { Coffee: { name: char({ maxLength: 30 }), price: integer({ default: 0 }) } },
});

async function tables(db: Database): Promise<string[]> {
  const sql =
    db.dialect === "sqlite"
      ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'shop%'"
      : "SELECT tablename AS name FROM pg_tables WHERE tablename LIKE 'shop%'";
  return (await db.query(sql)).map((row) => String(row["name"])).sort();
}

for (const backend of backends) {
  suite(`migrate on ${backend.name}`, () => {
    test("goes forward, back, to a shortened name and to zero, and says what it did", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      await project.declare(coffee()).make();
      await project.write(
        "shop",
        "0002_second",
        '{ dependencies: [["shop", "0001_initial"]], operations: [m.addField({ model: "Coffee", name: "note", field: orm.text({ null: true }) })] }',
      );
      const planned = await project.migrate(db, { plan: true });
      assert.deepEqual(planned.done, []);
      assert.deepEqual(
        planned.plan.map(({ name, direction, operations }) => [name, direction, ...operations]),
        [
          ["0001_initial", "forward", "Create model Coffee"],
          ["0002_second", "forward", "Add field note to Coffee"],
        ],
      );
      assert.deepEqual(await tables(db), []);
      const events: string[] = [];
      await project.migrate(db, { report: ({ state, name, direction }) => void events.push(`${state} ${direction} ${name}`) });
      assert.deepEqual(events, [
        "started forward 0001_initial",
        "finished forward 0001_initial",
        "started forward 0002_second",
        "finished forward 0002_second",
      ]);
      assert.deepEqual((await project.migrate(db)).plan, []);
      assert.deepEqual((await project.migrate(db, { app: "shop", target: "0001" })).done, ["shop.0002_second"]);
      const [shown] = await showMigrations(project.apps, db);
      assert.deepEqual(
        shown!.migrations.map(({ name, applied }) => [name, applied instanceof Date]),
        [
          ["0001_initial", true],
          ["0002_second", false],
        ],
      );
      assert.deepEqual(await unappliedMigrations(project.apps, db), ["shop.0002_second"]);
      assert.deepEqual((await project.migrate(db, { app: "shop", target: "zero" })).done, ["shop.0001_initial"]);
      assert.deepEqual(await tables(db), []);
    });

    test("a failing migration keeps nothing, and says which operation failed and what was completed before", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      await project.declare(coffee()).make();
      await project.write(
        "shop",
        "0002_bad",
        `{ dependencies: [["shop", "0001_initial"]], operations: [
          m.createModel({ name: "Tag", fields: { id: orm.auto({ primaryKey: true }) } }),
          m.run({ forward: async ({ db }) => { await db.script("INSERT INTO shop_coffee (name, price) VALUES ('lost', 1)"); } }),
          m.runSQL({ forward: "SELECT nonsense" }) ] }`,
      );
      await assert.rejects(project.migrate(db), (error: CortadoError) => {
        assert.equal(error.code, "MIGRATIONS_FAILED");
        assert.match(error.message, /^Applying shop\.0002_bad failed at operation 3 of 3, "Run SQL": .*nonsense/s);
        assert.match(error.message, /Nothing of this migration was kept\. Completed before it: shop\.0001_initial\.$/);
        assert.equal(error.hint, "Mend the migration or the data, and run migrate again.");
        return true;
      });
      assert.deepEqual(await tables(db), ["shop_coffee"]);
      assert.equal((await db.query("SELECT * FROM shop_coffee")).length, 0);
      assert.deepEqual(await unappliedMigrations(project.apps, db), ["shop.0002_bad"]);
    });

    test("an error in a function of a migration names the line, and keeps what it says itself", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      await project.declare(coffee()).make();
      await project.write(
        "shop",
        "0002_bad",
        `{ dependencies: [["shop", "0001_initial"]], operations: [
          m.run({ forward: async ({ models }) => { models.get("shop", "Coffe"); } }) ] }`,
      );
      await assert.rejects(project.migrate(db), {
        code: "MIGRATIONS_FAILED",
        message:
          /operation 1 of 1, "Run a function", line 5:59 of its file: .*shop has no model "Coffe"\. It has: Coffee\. Nothing/,
        hint: 'Did you mean "Coffee"? Mend the migration or the data, and run migrate again.',
      });
    });

    test("a migration that is not atomic keeps the operations before the one that failed, and says so", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      project.declare({ shop: {} });
      await project.write(
        "shop",
        "0001_bad",
        `{ atomic: false, operations: [
          m.createModel({ name: "Tag", fields: { id: orm.auto({ primaryKey: true }) } }), m.runSQL({ forward: "SELECT nonsense" }) ] }`,
      );
      await assert.rejects(
        project.migrate(db),
        /operation 2 of 2, "Run SQL".*It is not atomic; kept of it: "Create model Tag"\. No migration was completed before it\.$/s,
      );
      assert.deepEqual(await tables(db), ["shop_tag"]);
    });

    test("rows that would refer to nothing make a migration fail", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      await project.step(db, {
        shop: { Coffee: { name: char({ maxLength: 9 }) }, Order: { coffee: foreignKey("shop.Coffee", { onDelete: "cascade" }) } },
      });
      await db.script("INSERT INTO shop_coffee (name) VALUES ('Latte')");
      await db.script("INSERT INTO shop_order (coffee_id) VALUES (1)");
      await project.write(
        "shop",
        "0002_bad",
        '{ dependencies: [["shop", "0001_initial"]], operations: [m.runSQL({ forward: "DELETE FROM shop_coffee" })] }',
      );
      await assert.rejects(project.migrate(db), (error: CortadoError) => error.code === "MIGRATIONS_FAILED");
      assert.equal((await db.query("SELECT * FROM shop_coffee")).length, 1);
      await assert.rejects(db.script("DELETE FROM shop_coffee"), "foreign keys are on again");
    });

    test("fake records without running, and undoes the record without running", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      await project.declare(coffee()).make();
      assert.deepEqual((await project.migrate(db, { fake: true })).done, ["shop.0001_initial"]);
      assert.deepEqual(await tables(db), []);
      await project.migrate(db, { app: "shop", target: "zero", fake: true });
      await project.migrate(db);
      assert.deepEqual(await tables(db), ["shop_coffee"]);
    });

    test("what has no way back is refused before anything is undone", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      project.declare({ shop: {} });
      await project.write("shop", "0001_one_way", '{ operations: [m.runSQL({ forward: "CREATE TABLE shop_own (a integer)" })] }');
      await project.write(
        "shop",
        "0002_both_ways",
        '{ dependencies: [["shop", "0001_one_way"]], operations: [m.runSQL({ forward: "CREATE TABLE shop_two (a integer)", backward: "DROP TABLE shop_two" })] }',
      );
      await project.migrate(db);
      await assert.rejects(project.migrate(db, { app: "shop", target: "zero" }), {
        code: "MIGRATIONS_IRREVERSIBLE",
        message: 'shop.0001_one_way cannot be undone: "Run SQL" has no way back.',
        hint: "Give the operation its `backward`, or restore a backup.",
      });
      assert.deepEqual(await tables(db), ["shop_own", "shop_two"]);
    });

    test("a migration applied before the one it depends on is refused", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      await project.step(db, coffee());
      await project.write("shop", "0000_before", "{ operations: [] }");
      await project.write("shop", "0001_initial", '{ dependencies: [["shop", "0000_before"]], operations: [] }');
      await assert.rejects(project.migrate(db), {
        code: "MIGRATIONS_INCONSISTENT",
        message: "shop.0001_initial is applied, but shop.0000_before, which it depends on, is not.",
        hint: "Apply it, or record it: cortado migrate shop 0000_before --fake",
      });
    });

    test("two processes that migrate at once do every migration once", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      project.declare({ shop: {} });
      for (let n = 1; n <= 6; n++) {
        const dependencies = n === 1 ? "[]" : `[["shop", "000${n - 1}_step"]]`;
        const create = n === 1 ? 'm.runSQL({ forward: "CREATE TABLE shop_steps (n integer)" }),' : "";
        await project.write(
          "shop",
          `000${n}_step`,
          `{ dependencies: ${dependencies}, operations: [${create} m.runSQL({ forward: "INSERT INTO shop_steps VALUES (${n})" })] }`,
        );
      }
      const url = backend.name === "SQLite" ? `sqlite:${join(project.folder, "test.sqlite3")}` : db.url;
      const codes = await Promise.all([1, 2, 3].map(() => migrateInProcess(url, join(project.folder, "shop"))));
      assert.deepEqual(codes, [0, 0, 0]);
      const steps = (await db.query("SELECT n FROM shop_steps ORDER BY n")).map((row) => row["n"]);
      assert.deepEqual(steps, [1, 2, 3, 4, 5, 6]);
      assert.deepEqual(await unappliedMigrations(project.apps, db), []);
    });
  });
}

test("a killed migration leaves the database as it was", async () => {
  await using project = await ProjectFolder.make();
  const url = `sqlite:${join(project.folder, "test.sqlite3")}`;
  project.declare({ shop: {} });
  await project.write(
    "shop",
    "0001_slow",
    `{ operations: [ m.runSQL({ forward: "CREATE TABLE shop_half (n integer)" }),
      m.run({ forward: async () => { process.kill(process.pid, "SIGKILL"); await new Promise(() => {}); } }) ] }`,
  );
  await migrateInProcess(url, join(project.folder, "shop"));
  const db = await openDatabase(url);
  assert.deepEqual(await tables(db), []);
  assert.deepEqual(await unappliedMigrations(project.apps, db), ["shop.0001_slow"]);
  await db.close();
});
