import assert from "node:assert/strict";
import { test } from "node:test";
import { char, integer } from "cortado/orm";
import { checkMigrations, sqlMigrate } from "cortado/orm/migrations";
import { backends, ProjectFolder } from "./project-folder.ts";

const empty = (...dependencies: [string, string][]): string =>
  `{ dependencies: ${JSON.stringify(dependencies)}, operations: [] }`;

/** A project of two apps whose migrations are empty files with these dependencies. */
async function projectOf(files: Record<string, [string, string][]>): Promise<ProjectFolder> {
  const project = await ProjectFolder.make();
  project.declare({ shop: {}, other: {} });
  for (const [key, dependencies] of Object.entries(files)) {
    const [app, name] = key.split(".") as [string, string];
    await project.write(app, name, empty(...dependencies));
  }
  return project;
}

test("two last migrations are a conflict, which a merge joins", async () => {
  await using project = await projectOf({
    "shop.0001_a": [],
    "shop.0002_b": [["shop", "0001_a"]],
    "shop.0002_c": [["shop", "0001_a"]],
  });
  const db = await project.open(backends[0]!);
  const conflict = {
    code: "MIGRATIONS_CONFLICT",
    message: "The app shop has several last migrations: 0002_b, 0002_c.",
    hint: "Join them: cortado makemigrations --merge",
  };
  await assert.rejects(project.migrate(db), conflict);
  await assert.rejects(project.make(), conflict);
  const [merged] = await project.make({ merge: true });
  assert.equal(merged!.name, "0003_merge_b_c");
  assert.deepEqual((await project.migrate(db)).done, ["shop.0001_a", "shop.0002_b", "shop.0002_c", "shop.0003_merge_b_c"]);
  assert.deepEqual((await project.migrate(db, { app: "shop", target: "0001" })).done, [
    "shop.0003_merge_b_c",
    "shop.0002_c",
    "shop.0002_b",
  ]);
  await assert.rejects(project.make({ merge: true }), {
    code: "MIGRATIONS_NOTHING_TO_MERGE",
    message: "There is nothing to merge: each of shop, other has at most one last migration.",
    hint: "Branches are joined where an app has several: cortado showmigrations",
  });
});

test("going back in one app takes along what depends on it in others", async () => {
  await using project = await projectOf({
    "shop.0001_a": [],
    "shop.0002_b": [["shop", "0001_a"]],
    "other.0001_x": [["shop", "0002_b"]],
  });
  const db = await project.open(backends[0]!);
  assert.deepEqual((await project.migrate(db, { app: "other" })).done, ["shop.0001_a", "shop.0002_b", "other.0001_x"]);
  assert.deepEqual((await project.migrate(db, { app: "shop", target: "0001" })).done, ["other.0001_x", "shop.0002_b"]);
});

test("a missing dependency and a ring are refused with their names", async () => {
  await using missing = await projectOf({ "shop.0001_a": [], "shop.0002_b": [["shop", "0001_aa"]] });
  await assert.rejects(missing.make(), {
    code: "MIGRATIONS_MISSING_DEPENDENCY",
    message: "The migration shop.0002_b depends on shop.0001_aa, which does not exist.",
    hint: 'Did you mean "shop.0001_a"?',
  });
  await using ring = await projectOf({ "shop.0001_a": [["other", "0001_x"]], "other.0001_x": [["shop", "0001_a"]] });
  await assert.rejects(ring.make(), {
    code: "MIGRATIONS_CYCLE",
    message: "These migrations depend on one another in a ring: other.0001_x → shop.0001_a → other.0001_x.",
    hint: "Move the operation that needs the other app into a later migration of its own.",
  });
});

test("apps and migrations are found by name or a unique beginning, and near misses get a hint", async () => {
  await using project = await projectOf({ "shop.0001_initial": [], "shop.0002_price": [["shop", "0001_initial"]] });
  const db = await project.open(backends[0]!);
  await assert.rejects(project.migrate(db, { app: "shpo" }), {
    code: "MIGRATIONS_UNKNOWN_APP",
    message: 'The project has no app "shpo". Its apps are: shop, other.',
    hint: 'Did you mean "shop"?',
  });
  await assert.rejects(project.migrate(db, { app: "other" }), {
    code: "MIGRATIONS_NO_MIGRATIONS",
    message: "The app other has no migrations.",
    hint: "Write its first one: cortado makemigrations other",
  });
  await assert.rejects(project.migrate(db, { app: "shop", target: "0001_inital" }), {
    code: "MIGRATIONS_UNKNOWN_MIGRATION",
    message: 'The app shop has no migration "0001_inital". It has: 0001_initial, 0002_price.',
    hint: 'Did you mean "0001_initial"?',
  });
  await assert.rejects(project.migrate(db, { app: "shop", target: "000" }), {
    code: "MIGRATIONS_AMBIGUOUS_NAME",
    message: '"000" is the beginning of several migrations of shop: 0001_initial, 0002_price.',
    hint: "Write more of the name.",
  });
});

test("a file that is not a migration is refused, and files set aside are not read", async () => {
  await using project = await projectOf({ "shop._notes": [["shop", "nowhere"]], "shop.0001_a": [] });
  const { writeFile } = await import("node:fs/promises");
  await writeFile(`${project.folder}/shop/migrations/0001_a.d.ts`, "nonsense");
  assert.deepEqual(await project.found(), []);
  await writeFile(`${project.folder}/shop/migrations/0002_b.ts`, "export default {};");
  await assert.rejects(project.make(), {
    code: "MIGRATIONS_BAD_FILE",
    message: `${project.folder}/shop/migrations/0002_b.ts is not a migration: its default export is not made by migration().`,
    hint: "Write `export default migration({ dependencies: [], operations: [] })`.",
  });
});

test("a file that cannot be read is refused with the line at fault", async () => {
  await using project = await projectOf({ "shop.0001_a": [] });
  const { writeFile } = await import("node:fs/promises");
  await writeFile(`${project.folder}/shop/migrations/0002_b.ts`, "export const size = 3;\nexport default (;\n");
  await assert.rejects(project.make(), {
    code: "MIGRATIONS_BAD_FILE",
    message: /0002_b\.ts is not a migration: it cannot be loaded \(Expression expected in 0002_b\.ts, line 2\)\.$/,
  });
});

test("an operation that names a model of an app without migrations leads to makemigrations", async () => {
  await using project = await projectOf({ "shop.0001_a": [] });
  await project.write("shop", "0001_a", '{ operations: [m.deleteModel({ name: "Coffee" })] }');
  await assert.rejects(project.found(), {
    code: "MIGRATIONS_UNKNOWN_MODEL",
    message: 'At operation 1 of 1 of shop.0001_a, "Delete model Coffee": shop has no model "Coffee". It has: none.',
    hint: "Where shop has no migrations yet: npx cortado makemigrations shop.",
  });
});

test("operations that name what is not there are refused with what there is", async () => {
  await using project = await projectOf({ "shop.0001_a": [] });
  const attempt = async (operation: string): Promise<void> => {
    const table =
      'm.createModel({ name: "Coffee", fields: { id: orm.auto({ primaryKey: true }) }, options: { indexes: [orm.index(["id"], { name: "by_id" })] } })';
    await project.write("shop", "0001_a", `{ operations: [${table}, ${operation}] }`);
    await project.found();
  };
  await assert.rejects(attempt('m.deleteModel({ name: "Cofee" })'), {
    code: "MIGRATIONS_UNKNOWN_MODEL",
    message: 'At operation 2 of 2 of shop.0001_a, "Delete model Cofee": shop has no model "Cofee". It has: Coffee.',
    hint: 'Did you mean "Coffee"?',
  });
  await assert.rejects(attempt('m.removeField({ model: "Coffee", name: "ids" })'), {
    code: "MIGRATIONS_UNKNOWN_FIELD",
    message: 'At operation 2 of 2 of shop.0001_a, "Remove field ids from Coffee": shop.Coffee has no field "ids". It has: id.',
    hint: 'Did you mean "id"?',
  });
  await assert.rejects(attempt('m.removeIndex({ model: "Coffee", index: orm.index(["id"], { name: "by_ids" }) })'), {
    code: "MIGRATIONS_UNKNOWN_PART",
    message:
      'At operation 2 of 2 of shop.0001_a, "Remove index by_ids from Coffee": Coffee has no index "by_ids". It has: by_id.',
    hint: 'Did you mean "by_id"?',
  });
  await attempt('m.addField({ model: "Coffee", name: "x", field: { kind: "chart", options: {} } })');
  await assert.rejects(
    sqlMigrate(project.apps, "sqlite", { app: "shop", name: "0001" }),
    (error: Error & { code: string; hint: string }) => {
      assert.equal(error.code, "MIGRATIONS_UNKNOWN_KIND");
      assert.match(error.message, /^No field is of the kind "chart"\. The kinds are: .*char/);
      assert.equal(error.hint, 'Did you mean "char"?');
      return true;
    },
  );
});

test("a squashed migration stands for those it replaces, applied or not", async () => {
  await using project = await projectOf({ "shop.0001_a": [], "shop.0002_b": [["shop", "0001_a"]] });
  const db = await project.open(backends[0]!);
  await project.migrate(db);
  await project.write("shop", "0001_squashed", '{ replaces: [["shop", "0001_a"], ["shop", "0002_b"]], operations: [] }');
  await project.write("shop", "0003_c", empty(["shop", "0002_b"]));
  assert.deepEqual((await project.migrate(db)).done, ["shop.0003_c"]);
  assert.deepEqual(await project.found(), []);
});

test("checks warn of models without migrations and of migrations that the database lacks", async () => {
  await using project = await ProjectFolder.make();
  const db = await project.open(backends[0]!);
  await project.declare({ shop: { Coffee: { name: char({ maxLength: 9 }) } } }).make();
  project.declare({ shop: { Coffee: { name: char({ maxLength: 9 }), size: integer() } } });
  assert.deepEqual(await checkMigrations(project.apps, db), [
    {
      level: "warning",
      code: "MIGRATIONS_CHECK_MISSING",
      message: "The models of shop have changed: + Add field size to Coffee.",
      hint: "Run: cortado makemigrations shop",
      object: "shop",
    },
    {
      level: "warning",
      code: "MIGRATIONS_CHECK_UNAPPLIED",
      message: "The database lacks 1 migration: shop.0001_initial.",
      hint: "Run: cortado migrate",
    },
  ]);
});

test("the SQL of a migration is shown for either database, there and back, without one", async () => {
  await using project = await ProjectFolder.make();
  await project.declare({ shop: { Tag: { word: char({ maxLength: 9, unique: true }) } } }).make();
  assert.deepEqual(await sqlMigrate(project.apps, "postgres", { app: "shop", name: "0001" }), [
    "BEGIN;",
    "-- Create model Tag",
    'CREATE TABLE "shop_tag" (\n  "id" bigint GENERATED BY DEFAULT AS IDENTITY NOT NULL,\n  "word" varchar(9) NOT NULL,\n  CONSTRAINT "shop_tag_pkey" PRIMARY KEY ("id"),\n  CONSTRAINT "shop_tag_word_uniq" UNIQUE ("word")\n);',
    "COMMIT;",
  ]);
  assert.deepEqual(await sqlMigrate(project.apps, "sqlite", { app: "shop", name: "0001", backwards: true }), [
    "BEGIN;",
    "-- Create model Tag",
    'DROP TABLE "shop_tag";',
    "COMMIT;",
  ]);
});
