import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { defineApp } from "#kernel";
import {
  char,
  clearModels,
  type Database,
  database,
  databaseFor,
  type DatabaseRouter,
  foreignKey,
  manager,
  Model,
  openDatabase,
  readOwnWrites,
  registerModels,
  transaction,
  useDatabases,
} from "cortado/orm";
import { createTables } from "cortado/orm/migrations";

class Author extends Model({ name: char({ maxLength: 30 }) }) {
  static objects = manager(this);
}
class Book extends Model({
  title: char({ maxLength: 30 }),
  author: () => foreignKey(Author, { onDelete: "cascade", null: true, relatedName: "books" }),
}) {
  static objects = manager(this);
}
const app = defineApp({ name: "library", models: { Author, Book } });

describe("several databases", () => {
  let main: Database;
  let archive: Database;
  beforeEach(async () => {
    clearModels();
    registerModels(app);
    [main, archive] = await Promise.all([openDatabase("sqlite::memory:"), openDatabase("sqlite::memory:")]);
    for (const db of [main, archive]) await createTables([app], db);
    useDatabases({ default: main, archive });
  });
  afterEach(async () => {
    await Promise.all([main.close(), archive.close()]);
    useDatabases({});
  });
  const names = (alias: string) => Author.objects.using(alias).orderBy("name").valuesList("name", { flat: true });

  test("using() reads and writes the database that it names", async () => {
    await Author.objects.create({ name: "here" });
    await Author.objects.using("archive").create({ name: "there" });
    await Author.objects.using("archive").bulkCreate([{ name: "many" }]);
    assert.deepEqual(await names("default"), ["here"]);
    assert.deepEqual(await names("archive"), ["many", "there"]);
    assert.equal(await Author.objects.using("archive").filter({ name: "many" }).update({ name: "changed" }), 1);
    assert.equal(await Author.objects.using("archive").filter({ name: "changed" }).delete(), 1);
    assert.deepEqual(await names("archive"), ["there"]);
    assert.equal(await Author.objects.count(), 1);
  });

  test("a row remembers where it is from: saving, deleting, refreshing and its relations go there", async () => {
    await Author.objects.create({ name: "same key, other row" });
    const author = await Author.objects.using("archive").create({ name: "there" });
    await Book.objects.using("archive").create({ title: "a", authorId: author.id });
    const found = await Author.objects.using("archive").get({ name: "there" });
    found.name = "changed";
    await found.save();
    assert.deepEqual(await names("archive"), ["changed"]);
    assert.deepEqual(await names("default"), ["same key, other row"]);
    await found.refresh();
    assert.equal(found.name, "changed");
    const [book] = await Book.objects.using("archive").all();
    assert.equal((await book!.author)!.name, "changed");
    const [joined] = await Book.objects.using("archive").with("author");
    joined!.author!.name = "through a join";
    await joined!.author!.save();
    assert.deepEqual(await names("archive"), ["through a join"]);
    await found.delete();
    assert.equal(await Book.objects.using("archive").count(), 0);
    assert.equal(await Author.objects.count(), 1);
  });

  test("save({ using }) writes a row to another database", async () => {
    const author = await Author.objects.create({ name: "copied" });
    await author.save({ using: "archive", forceInsert: true });
    assert.deepEqual([await names("default"), await names("archive")], [["copied"], ["copied"]]);
  });

  test("a relation across databases is refused", async () => {
    const there = await Author.objects.using("archive").create({ name: "there" });
    const here = await Book.objects.create({ title: "here" });
    assert.throws(() => (here.author = there), {
      code: "ORM_CROSS_DATABASE",
      message: /cannot refer to a row of the database "archive" from one of "default"/,
      hint: /allowRelation/,
    });
    useDatabases({ default: main, archive }, { routers: [{ allowRelation: () => true }] });
    here.author = there;
    useDatabases({ default: main, archive }, { routers: [{ allowRelation: () => false }] });
    assert.throws(() => (here.author = there), { code: "ORM_CROSS_DATABASE" });
  });

  test("routers say where queries go, in their order, and are told the row", async () => {
    const asked: unknown[] = [];
    const router: DatabaseRouter = {
      read: ({ meta }) => (meta.name === "Author" ? "archive" : undefined),
      write: ({ meta }, { instance }) => (asked.push(instance), meta.name === "Author" ? "archive" : undefined),
    };
    useDatabases({ default: main, archive }, { routers: [{}, router, { read: () => "default" }] });
    const author = await Author.objects.create({ name: "routed" });
    assert.equal(asked.at(-1), author);
    await Book.objects.create({ title: "not routed" });
    assert.equal((await archive.query("SELECT * FROM library_author")).length, 1);
    assert.equal((await main.query("SELECT * FROM library_book")).length, 1);
    assert.equal(await Author.objects.count(), 1);
    assert.equal(await Author.objects.using("default").count(), 0);
    author.name = "changed";
    await author.save();
    assert.equal((await Author.objects.get()).name, "changed");
    assert.equal(databaseFor("read", Author.meta), archive);
    assert.equal(databaseFor("read", Book.meta), main);
  });

  test("a database that is not open is refused with those that are", async () => {
    assert.throws(() => database("archives"), { code: "ORM_NO_DATABASE", message: /Open: default, archive/ });
    await assert.rejects(async () => Author.objects.using("archives").count(), { code: "ORM_NO_DATABASE" });
  });

  test("a transaction is one of its database alone", async () => {
    const failing = transaction(
      async () => {
        await Author.objects.using("archive").create({ name: "undone" });
        await Author.objects.create({ name: "kept" });
        throw new Error("no");
      },
      { database: "archive" },
    );
    await assert.rejects(failing, /no/);
    assert.deepEqual([await names("default"), await names("archive")], [["kept"], []]);
  });
});

describe("a database with replicas", () => {
  const open: Record<string, Database> = {};
  beforeEach(async () => {
    clearModels();
    registerModels(app);
    // Two files that nothing copies: whoever reads them sees that it is not the primary.
    for (const alias of ["default", "near", "far"]) {
      const db = await openDatabase("sqlite::memory:");
      await createTables([app], db);
      await db.execute(`INSERT INTO library_author (name) VALUES ('${alias}')`);
      open[alias] = db;
    }
    useDatabases(open, { replicas: { near: "default", far: "default" } });
  });
  afterEach(async () => {
    for (const db of Object.values(open)) await db.close();
    useDatabases({});
  });
  const read = async () => (await Author.objects.orderBy("id").first())!.name;

  test("reads take turns among the replicas; writes, locks and transactions go to the primary", async () => {
    assert.deepEqual(new Set([await read(), await read()]), new Set(["near", "far"]));
    await Author.objects.create({ name: "written" });
    assert.equal((await open["default"]!.query("SELECT * FROM library_author")).length, 2);
    assert.equal(await transaction(read), "default");
    assert.equal(await Author.objects.using("default").count(), 2);
    const row = (await Author.objects.orderBy("id").first())!;
    row.name = "saved";
    await row.save();
    assert.equal((await Author.objects.using("default").orderBy("id").first())!.name, "saved");
    await Author.objects.using("near").create({ name: "also to the primary" });
    assert.equal(await Author.objects.using("default").count(), 3);
  });

  test("a request reads what it has written itself, and others still read the replicas", async () => {
    const request = (writes: boolean) =>
      readOwnWrites(async () => {
        const before = await read();
        if (writes) await Book.objects.create({ title: "new" });
        return [before, await read()];
      });
    const [writer, reader] = await Promise.all([request(true), request(false)]);
    assert.notEqual(writer![0], "default");
    assert.equal(writer![1], "default");
    assert.notEqual(reader![1], "default");
  });
});
