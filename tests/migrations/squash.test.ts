import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { char, foreignKey, integer, text } from "cortado/orm";
import { optimizeMigration, squashMigrations } from "cortado/orm/migrations";
import { backends, type Declared, ProjectFolder } from "./project-folder.ts";

/** Steps of one project, each a declaration whose migrations are written. */
async function written(steps: readonly Record<string, Declared>[], rename?: string[]): Promise<ProjectFolder> {
  const project = await ProjectFolder.make();
  for (const [at, step] of steps.entries())
    await project.declare(step).make({ rename: at === steps.length - 1 && rename ? rename : false });
  return project;
}

const coffees: readonly Record<string, Declared>[] = [
  { shop: { Coffee: { name: char({ maxLength: 30 }) } } },
  { shop: { Coffee: { name: char({ maxLength: 30 }), price: integer({ default: 0 }) }, Tag: { word: text() } } },
  { shop: { Coffee: { name: char({ maxLength: 60 }), cost: integer({ default: 0 }) } } },
];

/** Apps whose first migrations need one another: a → b → a. */
const ring: readonly Record<string, Declared>[] = [
  { a: { One: { name: char({ maxLength: 9 }) } }, b: {} },
  { a: { One: { name: char({ maxLength: 9 }) } }, b: { Two: { one: foreignKey("a.One", { onDelete: "cascade" }) } } },
  {
    a: { One: { name: char({ maxLength: 9 }), two: foreignKey("b.Two", { onDelete: "cascade", null: true }) } },
    b: { Two: { one: foreignKey("a.One", { onDelete: "cascade" }) } },
  },
];

for (const backend of backends) {
  suite(`squashed migrations on ${backend.name}`, () => {
    test("a range becomes one migration that a new database runs and an old one has already", async () => {
      await using project = await written(coffees, ["shop.Coffee.price=cost"]);
      const old = await project.open(backend);
      await project.migrate(old);
      const [squashed] = await squashMigrations(project.apps, { app: "shop", end: "0003" });
      assert.match(squashed!.name, /^0001_squashed_0003_/);
      assert.deepEqual(squashed!.operations, ["+ Create model Coffee"]);
      assert.equal(squashed!.before, 6);
      assert.match(squashed!.source, /replaces: \[\n {4}\["shop", "0001_initial"\],/);
      assert.deepEqual(await project.found(), []);
      assert.deepEqual((await project.migrate(old)).plan, []);
      const fresh = await project.open(backend);
      if (fresh.url !== old.url) assert.deepEqual((await project.migrate(fresh)).done, [`shop.${squashed!.name}`]);
      for (const file of await project.files("shop"))
        if (!file.includes("squashed")) await rm(join(project.folder, "shop/migrations", file));
      assert.deepEqual((await project.migrate(old)).plan, []);
    });

    test("a database that has a part of what was squashed runs the rest of it first", async () => {
      await using project = await written(coffees, ["shop.Coffee.price=cost"]);
      const db = await project.open(backend);
      await project.migrate(db, { app: "shop", target: "0002" });
      await squashMigrations(project.apps, { app: "shop", end: "0003" });
      const { done } = await project.migrate(db);
      assert.equal(done.length, 1);
      assert.match(done[0]!, /^shop\.0003_/);
      assert.deepEqual((await project.migrate(db)).plan, []);
      const names = await db.query("SELECT name FROM cortado_migrations WHERE name LIKE '0001_squashed%'");
      assert.equal(names.length, 1, "the squashed one counts as applied from the next run on");
    });

    test("a whole project whose apps need one another in a ring gets fresh first migrations", async () => {
      await using project = await written(ring);
      const old = await project.open(backend);
      await project.migrate(old);
      await assert.rejects(squashMigrations(project.apps, { app: "a", end: "0002" }), {
        code: "MIGRATIONS_SQUASH_CYCLE",
        message:
          /^Squashed like this, the migrations of a would depend on one another in a ring: .*a\.0001_squashed_0002_one_two.*→/,
        hint: "Squash a shorter range, or every app of the project together: cortado squashmigrations --all",
      });
      const squashed = await squashMigrations(project.apps, { all: true });
      assert.deepEqual(
        squashed.map(({ app, name, operations }) => `${app}.${name}: ${operations.join(", ")}`),
        [
          "a.0001_squashed_0002_one_two: + Create model One",
          "b.0001_squashed_0001_initial: + Create model Two",
          "a.0002_squashed_0002_one_two: + Add field two to One",
        ],
      );
      assert.deepEqual(await project.found(), []);
      assert.deepEqual((await project.migrate(old)).plan, []);
      project.declare({ ...ring[2]!, a: { One: { ...(ring[2]!["a"]!["One"] as object), size: integer({ default: 1 }) } } });
      const [next] = await project.make();
      assert.equal(next!.name, "0003_one_size");
      assert.deepEqual((await project.migrate(old)).done, ["a.0003_one_size"]);
    });

    test("a project's squash waits in every app while a database has only a part of one", async () => {
      await using project = await written(ring);
      const db = await project.open(backend);
      await project.migrate(db, { app: "b" });
      await squashMigrations(project.apps, { all: true });
      assert.deepEqual((await project.migrate(db)).done, ["a.0002_one_two"]);
      assert.deepEqual((await project.migrate(db)).plan, []);
      assert.deepEqual(await project.found(), []);
    });

    test("a squashed migration may be squashed again", async () => {
      await using project = await written(coffees.slice(0, 2));
      const db = await project.open(backend);
      await project.migrate(db);
      await squashMigrations(project.apps, { app: "shop", end: "0002" });
      await project.migrate(db);
      await project.declare(coffees[2]!).make({ rename: ["shop.Coffee.price=cost"] });
      const [again] = await squashMigrations(project.apps, { app: "shop", end: "0003" });
      assert.deepEqual(again!.operations, ["+ Create model Coffee"]);
      assert.equal((await project.migrate(db)).done.length, 1);
      assert.deepEqual((await project.migrate(db)).plan, []);
      assert.deepEqual(await project.found(), []);
    });
  });
}

test("functions are copied, steps that new databases do not need are left out, and a project's squash asks about the others", async () => {
  await using project = await written(coffees.slice(0, 1));
  const body = (operations: string): string => `{ dependencies: [["shop", "0001_initial"]], operations: [${operations}] }`;
  await project.write(
    "shop",
    "0002_fill",
    body(
      'm.run({ async forward({ models }) { await models.get("shop", "Coffee").objects.all().delete(); }, backward: () => {} }), m.runSQL({ forward: "SELECT 1", elidable: true })',
    ),
  );
  const [squashed] = await squashMigrations(project.apps, { app: "shop", end: "0002", name: "start", dryRun: true });
  assert.equal(squashed!.name, "0001_start");
  assert.deepEqual(squashed!.operations, ["+ Create model Coffee", "c Run a function"]);
  assert.deepEqual(squashed!.copied, ["shop.0002_fill"]);
  assert.match(squashed!.source, /run\(\{\n {6}forward: async function forward\(\{ models \}\) \{ await models\.get/);
  await assert.rejects(squashMigrations(project.apps, { all: true }), {
    code: "MIGRATIONS_SQUASH_STEPS",
    message: "A squash of the whole project keeps models only. It would leave out: shop.0002_fill: Run a function.",
    hint: "Mark those that new databases do not need with `elidable: true`; to leave out all of them: --leave-out-steps. What new databases need, write into a migration after the squash.",
  });
  const [left] = await squashMigrations(project.apps, { all: true, leaveOutSteps: true, dryRun: true });
  assert.deepEqual(left!.operations, ["+ Create model Coffee"]);
});

test("a squash needs two migrations at least, in their order; operations can be kept as they are", async () => {
  await using project = await written(coffees, ["shop.Coffee.price=cost"]);
  await assert.rejects(squashMigrations(project.apps, { app: "shop", end: "0001" }), {
    code: "MIGRATIONS_NOTHING_TO_SQUASH",
    message: "There is nothing to squash in shop: 0001_initial stands alone.",
    hint: "Name a later migration, or leave the first one out.",
  });
  await assert.rejects(squashMigrations(project.apps, { app: "shop", start: "0003", end: "0002" }), {
    message: "There is nothing to squash in shop: 0003 does not come before 0002_tag_coffee_price.",
  });
  const [range] = await squashMigrations(project.apps, {
    app: "shop",
    start: "0002",
    end: "0003",
    optimize: false,
    dryRun: true,
  });
  assert.equal(range!.operations.length, range!.before);
  assert.match(range!.name, /^0002_squashed_0003/);
});

test("a migration's operations that come to less are joined in its file", async () => {
  await using project = await written(coffees.slice(0, 1));
  await project.write(
    "shop",
    "0002_back_and_forth",
    `{ dependencies: [["shop", "0001_initial"]], operations: [
      m.addField({ model: "Coffee", name: "price", field: orm.integer({ default: 0 }) }),
      m.createModel({ name: "Tag", fields: { id: orm.auto({ primaryKey: true }) } }),
      m.renameField({ model: "Coffee", from: "price", to: "cost" }),
      m.alterField({ model: "Coffee", name: "cost", field: orm.integer({ default: 1 }) }),
      m.deleteModel({ name: "Tag" }) ] }`,
  );
  const options = { app: "shop", name: "0002" };
  assert.deepEqual((await optimizeMigration(project.apps, { ...options, check: true })).after, 1);
  assert.equal((await optimizeMigration(project.apps, options)).before, 5);
  assert.match(
    await project.read("shop", "0002_back_and_forth"),
    /operations: \[\n {4}addField\(\{ model: "Coffee", name: "cost", field: integer\(\{ default: 1 \}\) \}\),\n {2}\]/,
  );
  assert.equal((await optimizeMigration(project.apps, options)).written, undefined);
});
