import assert from "node:assert/strict";
import { join } from "node:path";
import { suite, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { char, type Database, integer, useDatabases } from "cortado/orm";
import { type MigrationEvent, postMigrate, preMigrate, showPlan } from "cortado/orm/migrations";
import { migrateInProcess } from "./migrate-in-process.ts";
import { backends, type Declared, ProjectFolder } from "./project-folder.ts";

const coffee = (): Record<string, Declared> => ({
  shop: { Coffee: { name: char({ maxLength: 30 }), price: integer({ default: 0 }) } },
});

const names = async (db: Database): Promise<string[]> => {
  const sql =
    db.dialect === "sqlite"
      ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'shop%'"
      : "SELECT tablename AS name FROM pg_tables WHERE tablename LIKE 'shop%'";
  return (await db.query(sql)).map((row) => String(row["name"])).sort();
};

for (const backend of backends) {
  suite(`ways to migrate on ${backend.name}`, () => {
    test("an app's first migration is only recorded where its tables are there, and run where they are not", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      await project.declare(coffee()).make();
      await db.script("CREATE TABLE shop_coffee (id integer, name varchar(30))");
      await assert.rejects(project.migrate(db, { fakeInitial: true }), { code: "MIGRATIONS_FAILED" });
      await db.script("ALTER TABLE shop_coffee ADD COLUMN price integer");
      const events: MigrationEvent[] = [];
      await project.migrate(db, { fakeInitial: true, report: (event) => void events.push(event) });
      assert.deepEqual(
        events.map(({ state, faked }) => `${state} ${faked}`),
        ["started false", "finished true"],
      );
      assert.deepEqual((await project.migrate(db)).plan, []);
    });

    test("records of migrations whose files are gone are removed, unless a squashed one counts on them", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      project.declare({ shop: {} });
      await project.write("shop", "0001_a", "{ operations: [] }");
      await project.migrate(db);
      await db.execute("INSERT INTO cortado_migrations (app, name, applied) VALUES ('shop', '0000_old', '2026-01-01')");
      await project.write("shop", "0001_squashed", '{ replaces: [["shop", "0000_old"], ["shop", "0001_a"]], operations: [] }');
      await assert.rejects(project.migrate(db, { app: "shop", prune: true }), {
        code: "MIGRATIONS_CANNOT_PRUNE",
        message: "The records of 0000_old of shop cannot be removed: shop.0001_squashed lists them in `replaces`.",
        hint: "Take `replaces` out of the squashed migration first, once every database has it.",
      });
      await project.migrate(db);
      await project.remove("shop", "0001_a");
      await project.write("shop", "0001_squashed", "{ operations: [ ] }");
      assert.deepEqual((await project.migrate(db, { app: "shop", prune: true })).pruned.toSorted(), [
        "shop.0000_old",
        "shop.0001_a",
      ]);
      assert.deepEqual((await project.migrate(db)).plan, []);
    });

    test("apps without migrations get their tables when asked for, once", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      project.declare(coffee());
      assert.deepEqual((await project.migrate(db)).synced, []);
      assert.deepEqual((await project.migrate(db, { runSyncdb: true })).synced, ["shop_coffee"]);
      assert.deepEqual((await project.migrate(db, { runSyncdb: true })).synced, []);
      assert.deepEqual(await names(db), ["shop_coffee"]);
    });

    test("a router keeps tables out of a database, and the record is kept all the same", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      await project.declare({ shop: { ...coffee()["shop"]!, Tag: { word: char({ maxLength: 9 }) } } }).make();
      await project.write(
        "shop",
        "0002_sql",
        '{ dependencies: [["shop", "0001_initial"]], operations: [m.runSQL({ forward: "CREATE TABLE shop_notes (n integer)", hints: { target: "elsewhere" } })] }',
      );
      const allowMigrate = (_alias: string, _app: string, hints: { model?: unknown; target?: unknown }) =>
        hints.model !== "Tag" && hints.target !== "elsewhere";
      useDatabases({ default: db }, { routers: [{ allowMigrate }] });
      try {
        assert.equal((await project.migrate(db)).done.length, 2);
      } finally {
        useDatabases({});
      }
      assert.deepEqual(await names(db), ["shop_coffee"]);
    });

    test("others are told before and after, with what is done", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      await project.declare(coffee()).make();
      const told: string[] = [];
      const stops = [
        preMigrate.connect(
          async ({ plan, sender }) => void told.push(`pre ${plan.length} ${(await names(sender as Database)).length}`),
        ),
        postMigrate.connect(
          async ({ plan, sender }) => void told.push(`post ${plan.length} ${(await names(sender as Database)).length}`),
        ),
      ];
      try {
        await project.migrate(db);
        await project.migrate(db);
      } finally {
        for (const stop of stops) stop();
      }
      assert.deepEqual(told, ["pre 1 0", "post 1 1", "pre 0 1", "post 0 1"]);
    });

    test("a table that is already as the models want it is taken over without being touched", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      await project.declare({ shop: { Coffee: { name: char({ maxLength: 30 }) } } }).make();
      await project.write(
        "shop",
        "0002_take_over",
        `{ dependencies: [["shop", "0001_initial"]], operations: [m.separateDatabaseAndState({
          database: [m.runSQL({ forward: "ALTER TABLE shop_coffee ADD COLUMN size integer", backward: "ALTER TABLE shop_coffee DROP COLUMN size" })],
          state: [m.addField({ model: "Coffee", name: "size", field: orm.integer({ null: true }) })] })] }`,
      );
      project.declare({ shop: { Coffee: { name: char({ maxLength: 30 }), size: integer({ null: true }) } } });
      assert.deepEqual(await project.found(), []);
      await project.migrate(db);
      await db.script("INSERT INTO shop_coffee (name, size) VALUES ('Latte', 3)");
      await project.migrate(db, { app: "shop", target: "0001" });
      await assert.rejects(db.script("SELECT size FROM shop_coffee"));
      assert.equal((await db.query("SELECT * FROM shop_coffee")).length, 1);
    });

    test("an operation of one's own changes models and tables, and says what it folds with", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      project.declare({ shop: {} });
      await project.write(
        "shop",
        "0001_own",
        `{ operations: [{
          kind: "createView", options: { name: "one" }, symbol: "+", fragment: "view", reversible: true,
          describe: () => "Create view one",
          applyToState: (app, state) => state.put({ app, name: "One", fields: { id: orm.auto({ primaryKey: true }).deconstruct() }, options: { managed: false } }),
          forward: ({ editor }) => editor.execute("CREATE VIEW shop_one AS SELECT 1 AS id"),
          backward: ({ editor }) => editor.execute("DROP VIEW shop_one"),
          risks: () => [{ kind: "locks", message: "nothing much" }],
        }, m.run({ forward: async ({ models }) => { if ((await models.get("shop", "One").objects.all().count()) !== 1) throw new Error("no view"); }, backward: () => {} })] }`,
      );
      await project.migrate(db);
      await project.migrate(db, { app: "shop", target: "zero" });
      await assert.rejects(db.script("SELECT * FROM shop_one"));
    });

    test("the order of application and what depends on what can be shown", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      await project.step(db, coffee());
      await project.write("shop", "0002_b", '{ dependencies: [["shop", "0001_initial"]], operations: [] }');
      assert.deepEqual(await showPlan(project.apps, db), [
        { app: "shop", key: "shop.0001_initial", isApplied: true, after: [] },
        { app: "shop", key: "shop.0002_b", isApplied: false, after: ["shop.0001_initial"] },
      ]);
    });

    test("processes that migrate at once do migrations that are not atomic one after the other", async () => {
      await using project = await ProjectFolder.make();
      const db = await project.open(backend);
      project.declare({ shop: {} });
      await project.write(
        "shop",
        "0001_slow",
        `{ atomic: false, operations: [
          m.runSQL({ forward: "CREATE TABLE shop_steps (n integer)" }),
          m.run({ forward: async () => { await new Promise((done) => setTimeout(done, 150)); } }),
          m.runSQL({ forward: "INSERT INTO shop_steps VALUES (1)" })] }`,
      );
      const url = backend.name === "SQLite" ? `sqlite:${join(project.folder, "test.sqlite3")}` : db.url;
      const codes = await Promise.all([1, 2].map(() => migrateInProcess(url, join(project.folder, "shop"))));
      assert.deepEqual(codes, [0, 0]);
      assert.equal((await db.query("SELECT n FROM shop_steps")).length, 1);
      assert.deepEqual(
        (await project.files("")).filter((name) => name.endsWith("-migrating")),
        [],
      );
    });
  });
}

const postgres = backends.find(({ name }) => name === "PostgreSQL");

suite("what only PostgreSQL does", { skip: postgres === undefined }, () => {
  test("an index is built without blocking writes, also after a try that failed, and refuses to be atomic", async () => {
    await using project = await ProjectFolder.make();
    const db = await project.open(postgres!);
    await project.step(db, coffee());
    await db.script("INSERT INTO shop_coffee (name, price) VALUES ('a', 1), ('b', 1)");
    const body = (atomic: boolean): string => `{ dependencies: [["shop", "0001_initial"]], atomic: ${atomic}, operations: [
      m.addIndex({ model: "Coffee", index: orm.index(["price"], { name: "by_price" }), concurrently: true })] }`;
    await project.write("shop", "0002_index", body(true));
    await assert.rejects(project.migrate(db), {
      code: "MIGRATIONS_NOT_ATOMIC",
      message: '"Create index by_price on Coffee" cannot run inside a transaction, and shop.0002_index is one.',
      hint: "Say `atomic: false` in the migration, with nothing else in it.",
    });
    await assert.rejects(db.script("CREATE UNIQUE INDEX CONCURRENTLY by_price ON shop_coffee (price)"));
    await project.write("shop", "0002_index", body(false));
    await project.migrate(db);
    const [row] = await db.query("SELECT indisvalid, indisunique FROM pg_index WHERE indexrelid = to_regclass('by_price')");
    assert.deepEqual({ ...row }, { indisvalid: true, indisunique: false });
    await project.migrate(db, { app: "shop", target: "0001" });
  });

  test("a constraint holds for new rows first and is validated later", async () => {
    await using project = await ProjectFolder.make();
    const db = await project.open(postgres!);
    await project.step(db, coffee());
    await db.script("INSERT INTO shop_coffee (name, price) VALUES ('a', -1)");
    await project.write(
      "shop",
      "0002_check",
      `{ dependencies: [["shop", "0001_initial"]], operations: [
        m.addConstraint({ model: "Coffee", constraint: orm.check("price_positive", "price >= 0"), validate: false })] }`,
    );
    await project.write(
      "shop",
      "0003_validate",
      '{ dependencies: [["shop", "0002_check"]], operations: [m.validateConstraint({ model: "Coffee", name: "price_positive" })] }',
    );
    await assert.rejects(project.migrate(db), { code: "MIGRATIONS_FAILED", message: /Completed before it: shop\.0002_check\.$/ });
    await assert.rejects(db.script("INSERT INTO shop_coffee (name, price) VALUES ('b', -1)"));
    await db.script("UPDATE shop_coffee SET price = 0");
    await project.migrate(db);
  });

  test("a migration does not wait long for a table in use, and says so", async () => {
    await using project = await ProjectFolder.make();
    const db = await project.open(postgres!);
    await project.step(db, coffee());
    await project.declare({ shop: { Coffee: { name: char({ maxLength: 30 }) } } }).make();
    const held = Promise.withResolvers<void>();
    const holder = db.transaction(async () => {
      await db.query("SELECT * FROM shop_coffee");
      await held.promise;
    });
    await wait(50);
    try {
      await assert.rejects(project.migrate(db, { lockTimeout: 0.05 }), {
        code: "MIGRATIONS_LOCK_TIMEOUT",
        message:
          'shop.0002_remove_coffee_price waited 0.05 s at operation 1 of 1, "Remove field price from Coffee", for a table that others use. It gave up, so that they do not wait behind it; nothing of it was kept.',
        hint: "Run migrate again when the table is less busy, or let it wait longer: cortado migrate --lock-timeout 60",
      });
    } finally {
      held.resolve();
      await holder;
    }
    await project.migrate(db);
  });
});
