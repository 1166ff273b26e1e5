import assert from "node:assert/strict";
import { test } from "node:test";
import { lintMigrations, type LintOptions } from "cortado/orm/migrations";
import { ProjectFolder } from "./project-folder.ts";

const tables = `m.createModel({ name: "Roaster", fields: { id: orm.auto({ primaryKey: true }) } }),
  m.createModel({ name: "Coffee", fields: { id: orm.auto({ primaryKey: true }), name: orm.char({ maxLength: 30 }), note: orm.text({ null: true }), price: orm.integer() } })`;

/** What the linter says of operations on tables that are there already, as `kind: message`. */
async function risksOf(operations: string, rest = "", options: LintOptions = {}): Promise<string[]> {
  await using project = await ProjectFolder.make();
  project.declare({ shop: {} });
  await project.write("shop", "0001_initial", `{ operations: [${tables}] }`);
  await project.write("shop", "0002_next", `{ dependencies: [["shop", "0001_initial"]], ${rest} operations: [${operations}] }`);
  const notes = await lintMigrations(project.apps, options);
  for (const note of notes) {
    assert.equal(note.migration, "shop.0002_next", "the tables of 0001 are new, nobody waits for them");
    assert.ok(note.safer.length > 10, "every risk comes with what to do instead");
  }
  return notes.filter((note) => !note.accepted).map(({ kind, message }) => `${kind}: ${message}`);
}

test("what loses data or takes something away from running code is named", async () => {
  assert.deepEqual(await risksOf('m.deleteModel({ name: "Coffee" })'), [
    "losesData: deletes every row of shop.Coffee",
    "breaksRunningCode: takes the table of shop.Coffee away from code that still runs",
  ]);
  assert.deepEqual(await risksOf('m.removeField({ model: "Coffee", name: "note" })'), [
    "losesData: deletes every value of shop.Coffee.note",
    "breaksRunningCode: takes the column shop.Coffee.note away from code that still reads it",
  ]);
  assert.deepEqual(await risksOf('m.renameField({ model: "Coffee", from: "name", to: "title" })'), [
    "breaksRunningCode: renames the column shop.Coffee.name under code that still uses the old name",
  ]);
  const renamed = ["breaksRunningCode: renames the table of shop.Coffee under code that still uses the old name"];
  assert.deepEqual(await risksOf('m.renameModel({ from: "Coffee", to: "Cafe" })'), renamed);
  assert.deepEqual(await risksOf('m.alterModelTable({ model: "Coffee", table: "x" })'), renamed);
  assert.deepEqual(await risksOf('m.runSQL({ forward: "DROP TABLE x", backward: "" })'), [
    "losesData: deletes tables, columns or rows",
  ]);
});

test("a new column is fine where running code may leave it out", async () => {
  const add = (field: string): Promise<string[]> =>
    risksOf(`m.addField({ model: "Coffee", name: "size", field: ${field}, fill: 1 })`);
  assert.deepEqual(await add("orm.integer({ null: true })"), []);
  assert.deepEqual(await add("orm.integer({ dbDefault: 0 })"), []);
  assert.deepEqual(await add("orm.integer()"), [
    "breaksRunningCode: makes shop.Coffee.size required, which code that still runs does not set",
  ]);
  assert.deepEqual(await add("orm.integer({ null: true, unique: true })"), [
    "locks: blocks writes while the index of shop.Coffee.size is built",
  ]);
});

test("a change of a column is named by what it reads, rewrites, refuses or loses", async () => {
  const alter = (name: string, field: string): Promise<string[]> =>
    risksOf(`m.alterField({ model: "Coffee", name: "${name}", field: ${field}, fill: 1 })`);
  assert.deepEqual(await alter("name", "orm.char({ maxLength: 60 })"), []);
  assert.deepEqual(await alter("name", "orm.text()"), []);
  assert.deepEqual(await alter("name", "orm.char({ maxLength: 10 })"), [
    "losesData: values of shop.Coffee.name longer than 10 are refused",
    "locks: reads or rewrites every row of shop.Coffee",
  ]);
  assert.deepEqual(await alter("price", "orm.bigInteger()"), ["locks: reads or rewrites every row of shop.Coffee"]);
  assert.deepEqual(await alter("note", "orm.text()"), [
    "locks: reads or rewrites every row of shop.Coffee",
    "breaksRunningCode: makes shop.Coffee.note required while running code may leave it empty",
  ]);
  assert.deepEqual(await alter("price", "orm.integer({ dbIndex: true })"), [
    "locks: blocks writes while the index of shop.Coffee.price is built",
  ]);
});

test("indexes and constraints lock, unless they are built and validated apart", async () => {
  const index = (more: string): string => `m.addIndex({ model: "Coffee", index: orm.index(["price"])${more} })`;
  assert.deepEqual(await risksOf(index("")), ["locks: blocks writes while the index of shop.Coffee is built"]);
  assert.deepEqual(await risksOf(index(", concurrently: true"), "atomic: false,"), []);
  const rule = (more: string): string => `m.addConstraint({ model: "Coffee", constraint: orm.check("p", "price > 0")${more} })`;
  assert.deepEqual(await risksOf(rule("")), [
    "locks: reads every row of shop.Coffee while nobody can write",
    "mayFail: fails where rows of shop.Coffee break the rule",
  ]);
  assert.deepEqual(await risksOf(rule(", validate: false")), []);
  assert.deepEqual(await risksOf('m.runSQL({ forward: "CREATE INDEX x ON y (z)", backward: "" })'), [
    "locks: blocks writes while an index is built",
  ]);
});

test("steps that cannot be undone, or work on rows while tables are locked, are named", async () => {
  assert.deepEqual(await risksOf("m.run({ forward: () => {} })"), ["irreversible: cannot be undone"]);
  assert.deepEqual(
    await risksOf(
      'm.addField({ model: "Coffee", name: "n", field: orm.integer({ null: true }) }), m.run({ forward: () => {}, backward: () => {} })',
    ),
    ["locks: works on rows while its transaction holds the locks of the operations before it"],
  );
});

test("a migration accepts what its author has thought of, and SQLite's locks are no news", async () => {
  const gone = 'm.removeField({ model: "Coffee", name: "note" })';
  assert.deepEqual(await risksOf(gone, 'accepts: ["losesData", "breaksRunningCode"],'), []);
  assert.deepEqual(await risksOf(gone, 'accepts: ["locks"],'), [
    "losesData: deletes every value of shop.Coffee.note",
    "breaksRunningCode: takes the column shop.Coffee.note away from code that still reads it",
  ]);
  assert.deepEqual(await risksOf('m.addIndex({ model: "Coffee", index: orm.index(["price"]) })', "", { dialect: "sqlite" }), []);
  assert.deepEqual(await risksOf(gone, "", { app: "shop", from: "0001" }), [
    "losesData: deletes every value of shop.Coffee.note",
    "breaksRunningCode: takes the column shop.Coffee.note away from code that still reads it",
  ]);
});
