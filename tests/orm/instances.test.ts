import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import {
  char,
  type Database,
  generated,
  integer,
  manager,
  Manager,
  Model,
  rowKey,
  rowState,
  useDatabases,
  openDatabase,
} from "cortado/orm";
import { createTables } from "cortado/orm/migrations";
import { defineApp } from "#kernel";
import { openModels, targets } from "./open-cafe.ts";

class Bean extends Model({
  name: char({ maxLength: 20 }),
  price: integer({ default: 0 }),
  story: char({ maxLength: 40, default: "" }),
}) {
  static objects = manager(this);
  #loaded: number | undefined;
  fromDatabase() {
    if (!rowState(this).deferred.includes("price")) this.#loaded = this.price;
  }
  get rise(): number | undefined {
    return this.#loaded === undefined ? undefined : this.price - this.#loaded;
  }
}

/** The database fills what is not given. */
class Filled extends Model({
  name: char({ maxLength: 20 }),
  amount: integer({ dbDefault: 5 }),
  price: integer({ default: 2 }),
  total: generated({ expression: (row) => row.amount.mul(row.price), output: integer(), stored: true }),
}) {
  static objects = manager(this);
}

class BookManager extends Manager<Book> {
  getByNaturalKey(code: string) {
    return this.get({ code });
  }
}
class Book extends Model({ code: char({ maxLength: 5, primaryKey: true }), title: char({ maxLength: 20, default: "" }) }) {
  static objects = new BookManager(this);
  naturalKey() {
    return [this.code] as const;
  }
  absoluteUrl() {
    return `/books/${this.code}/`;
  }
}

const models = { Bean, Filled, Book };

for (const { name, url, skip } of targets) {
  describe(`instances on ${name}`, { skip }, () => {
    let db: Database;
    before(async () => {
      db = await openModels(url!, models);
    });
    after(() => db?.close());
    beforeEach(async () => {
      await Bean.objects.all().delete();
      await Filled.objects.all().delete();
      await Book.objects.all().delete();
    });

    test("forceInsert inserts a row that was read, forceUpdate writes one that was not", async () => {
      const bean = await Bean.objects.create({ name: "Yirga", price: 3 });
      const copy = await Bean.objects.get();
      copy.pk = bean.pk + 1;
      await copy.save({ forceInsert: true });
      assert.equal(await Bean.objects.count(), 2);
      await new Bean({ id: bean.pk, name: "Sidamo", price: 4 }).save({ forceUpdate: true });
      assert.deepEqual((await Bean.objects.get({ pk: bean.pk })).pick("name", "price"), { name: "Sidamo", price: 4 });
      await assert.rejects(bean.save({ forceInsert: true }), { code: "ORM_INTEGRITY" });
      await assert.rejects(bean.save({ forceInsert: true, forceUpdate: true }), {
        code: "ORM_BAD_SAVE",
        message: /forceInsert and forceUpdate contradict/,
        hint: "Give one of them.",
      });
    });

    test("only writes the named fields, also of a row that was not read", async () => {
      const bean = await Bean.objects.create({ name: "Yirga", price: 3 });
      Object.assign(bean, { name: "Sidamo", price: 4 });
      await bean.save({ only: ["price"] });
      assert.deepEqual((await Bean.objects.get()).pick("name", "price"), { name: "Yirga", price: 4 });
      await new Bean({ id: bean.pk, price: 9 }).save({ only: ["price"] });
      assert.deepEqual((await Bean.objects.get()).pick("name", "price"), { name: "Yirga", price: 9 });
      await assert.rejects(bean.save({ only: ["prize"] }), { code: "ORM_UNKNOWN_FIELD" });
      await assert.rejects(new Bean({ price: 9 }).save({ only: ["price"] }), { code: "ORM_NOT_SAVED" });
    });

    test("an update of a row that is gone throws the model's NotUpdated", async () => {
      const bean = await Bean.objects.create({ name: "Yirga" });
      await Bean.objects.all().delete();
      bean.price = 7;
      await assert.rejects(bean.save(), (error: Error & { code: string; hint: string }) => {
        assert.deepEqual(
          [Bean, Book].map((model) => (error as unknown) instanceof model.NotUpdated),
          [true, false],
        );
        assert.deepEqual([error.code, error.hint], ["ORM_NOT_UPDATED", "save({ forceInsert: true }) inserts it anew."]);
        assert.match(error.message, /This Bean was not updated/);
        return true;
      });
      await assert.rejects(new Bean({ id: 999, name: "x" }).save({ forceUpdate: true }), Bean.NotUpdated);
      await bean.save({ forceInsert: true });
      assert.equal((await Bean.objects.get()).price, 7);
    });

    test("refresh reads the named fields alone, or through a query of one's own", async () => {
      const bean = await Bean.objects.create({ name: "Yirga", price: 3 });
      await Bean.objects.all().update({ name: "Sidamo", price: 4 });
      bean.story = "changed here";
      await bean.refresh({ fields: ["price"] });
      assert.deepEqual([bean.name, bean.price, bean.story], ["Yirga", 4, "changed here"]);
      await bean.refresh();
      assert.deepEqual([bean.name, bean.story], ["Sidamo", ""]);
      await assert.rejects(bean.refresh({ from: Bean.objects.filter({ price: 0 }) }), Bean.DoesNotExist);
      await assert.rejects(bean.refresh({ fields: ["prise"] }), { code: "ORM_UNKNOWN_FIELD" });
    });

    test("what a query left out is known, is loaded by refresh, and is not written by save", async () => {
      await Bean.objects.create({ name: "Yirga", price: 3, story: "high" });
      const slim = await Bean.objects.only("name").get();
      assert.deepEqual(rowState(slim).deferred, ["price", "story"]);
      await Bean.objects.all().update({ story: "higher" });
      slim.name = "Sidamo";
      await slim.save();
      assert.equal((await Bean.objects.get()).story, "higher");
      await slim.refresh({ fields: ["story"] });
      assert.deepEqual([slim.story, rowState(slim).deferred], ["higher", ["price"]]);
    });

    test("a row says whether it is stored, where, and whether it has a key", async () => {
      const bean = new Bean({ name: "Yirga" });
      assert.deepEqual(rowState(bean), { isAdding: true, isKeySet: false, alias: "default", deferred: [] });
      await bean.save();
      assert.deepEqual(rowState(bean), { isAdding: false, isKeySet: true, alias: "default", deferred: [] });
      await bean.delete();
      assert.equal(rowState(bean).isAdding, true);
    });

    test("rows are equal by their key, and share a text for sets", async () => {
      const bean = await Bean.objects.create({ name: "Yirga" });
      const again = await Bean.objects.get();
      assert.ok(bean.equals(again) && !bean.equals(new Bean()) && !new Bean().equals(new Bean()) && !bean.equals("x"));
      assert.equal(rowKey(bean), `cafe.Bean:${bean.pk}`);
      assert.deepEqual([rowKey(again), rowKey(new Bean())], [rowKey(bean), undefined]);
    });

    test("pk stands for the key, whatever it is called", async () => {
      const book = await Book.objects.create({ code: "a", title: "A" });
      assert.equal(book.pk, "a");
      assert.equal((await Book.objects.get({ pk: "a" })).title, "A");
      assert.deepEqual(await Book.objects.values("pk"), [{ pk: "a" }]);
    });

    test("fromDatabase is called for rows that are read, and for no others", async () => {
      const bean = await Bean.objects.create({ name: "Yirga", price: 3 });
      assert.equal(bean.rise, undefined);
      const read = await Bean.objects.get();
      read.price = 10;
      assert.equal(read.rise, 7);
    });

    test("the database's defaults and computed columns are there after a save", async () => {
      const filled = await Filled.objects.create({ name: "a" });
      assert.deepEqual([filled.amount, filled.total], [5, 10]);
      filled.price = 3;
      await filled.save();
      assert.equal(filled.total, 15);
      const given = await Filled.objects.create({ name: "b", amount: 1 });
      assert.deepEqual([given.amount, given.total], [1, 2]);
      const [first, second] = await Filled.objects.bulkCreate([{ name: "c", amount: 7 }, { name: "d" }]);
      assert.deepEqual([first!.total, second!.total], [14, 10]);
      const read = await Filled.objects.get({ name: "d" });
      read.name = "e";
      await read.save();
      assert.deepEqual([read.amount, read.total], [5, 10]);
    });

    test("a row has a natural key and an address where its class says so", async () => {
      const book = await Book.objects.create({ code: "a", title: "A" });
      assert.ok((await Book.objects.getByNaturalKey(...book.naturalKey())).equals(book));
      assert.equal(book.absoluteUrl(), "/books/a/");
    });

    test("a row becomes plain data by name, or by a clone of its values", async () => {
      const bean = await Bean.objects.create({ name: "Yirga", price: 3 });
      assert.deepEqual(structuredClone({ ...bean }), { id: bean.id, name: "Yirga", price: 3, story: "" });
      assert.deepEqual(JSON.stringify(bean.pick("name", "price")), '{"name":"Yirga","price":3}');
      assert.throws(() => JSON.stringify(bean), { code: "ORM_NOT_JSON" });
    });
  });
}

test("save({ using }) writes a copy to another database", async () => {
  const app = defineApp({ name: "cafe", models });
  const main = await openModels("sqlite::memory:", models);
  const other = await openDatabase("sqlite::memory:");
  useDatabases({ default: main, other });
  await createTables([app], other);
  const bean = await Bean.objects.create({ name: "Yirga" });
  await bean.save({ using: "other" });
  assert.equal(rowState(bean).alias, "other");
  assert.deepEqual([await Bean.objects.count(), await Bean.objects.using("other").count()], [1, 1]);
  bean.price = 8;
  await bean.save();
  assert.deepEqual([(await Bean.objects.get()).price, (await Bean.objects.using("other").get()).price], [0, 8]);
  await main.close();
  await other.close();
});
