import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { char, type Database, extend, genericForeignKey, genericRelation, integer, manager, Model, Q } from "cortado/orm";
import { openModels, targets } from "./open-cafe.ts";
import { countedQueries } from "./relations/counted-queries.ts";
import * as models from "./relations/relation-models.ts";
import { Buyer, Country, Farm, Note } from "./relations/relation-models.ts";

const texts = (notes: readonly Note[]) => notes.map((note) => note.text);

for (const { name, url, skip } of targets) {
  describe(`generic relations on ${name}`, { skip }, () => {
    let db: Database;
    let huila: Farm;
    let ann: Buyer;
    before(async () => {
      db = await openModels(url!, models);
      await Country.objects.create({ code: "CO", name: "Colombia" });
      huila = await Farm.objects.create({ name: "Huila", countryId: "CO" });
      ann = await Buyer.objects.create({ name: "Ann" });
      await Note.objects.create({ text: "sunny", subject: huila });
      await Note.objects.create({ text: "pays", subject: ann });
      await ann.notes.create({ text: "tall" });
      await Note.objects.create({ text: "about nothing" });
    });
    after(() => db.close());

    test("a reference to a row of any model is kept as the model's key and the row's", async () => {
      const [note] = await Note.objects.filter({ text: "sunny" });
      assert.deepEqual([note!.contentType, note!.objectId], ["cafe.Farm", huila.id]);
      assert.equal((await note!.subject)?.name, "Huila");
      assert.equal((await Note.objects.get({ text: "about nothing" })).subject, null);
      note!.subject = ann;
      assert.deepEqual([note!.contentType, note!.objectId, await note!.subject], ["cafe.Buyer", ann.id, ann]);
      assert.throws(() => (note!.subject = 3 as never), { code: "ORM_BAD_VALUE" });
      assert.throws(() => (note!.subject = new Buyer({ name: "new" })), { code: "ORM_NOT_SAVED" });
    });

    test("a reference to a row of a model that is gone leads to nothing", async () => {
      const stale = await Note.objects.create({ text: "stale", contentType: "cafe.Gone", objectId: 1 });
      assert.equal(await (await Note.objects.get({ text: "stale" })).subject, null);
      const [ours] = await Note.objects.filter({ text: "stale" }).with("subject");
      assert.equal(ours!.subject, null);
      await stale.delete();
    });

    test("awaited in a loop or told to with(), it is loaded with one query for each model", async () => {
      const loop = await countedQueries(async () => {
        const found: (string | undefined)[] = [];
        for (const note of await Note.objects.all()) found.push((await note.subject)?.name);
        return found;
      });
      assert.deepEqual(loop.result, ["Huila", "Ann", "Ann", undefined]);
      assert.equal(loop.count, 3);
      const loaded = await countedQueries(() => Note.objects.with("subject"));
      assert.equal(loaded.count, 3);
      assert.equal(loaded.result[0]!.subject?.name, "Huila");
      const own = await Note.objects.with({ subject: [Farm.objects.with("country"), Buyer.objects.all()] });
      assert.equal((own[0]!.subject as { country: { name: string } }).country.name, "Colombia");
    });

    test("the way back is filtered through, counted, loaded and changed", async () => {
      assert.deepEqual(texts(await ann.notes), ["pays", "tall"]);
      assert.deepEqual(
        (await Buyer.objects.filter({ notes: { text: "tall" } })).map((buyer) => buyer.name),
        ["Ann"],
      );
      assert.equal(await Farm.objects.filter({ notes: { text: "tall" } }).count(), 0);
      const [counted] = await Buyer.objects.annotate((b) => ({ n: b.notes.count() }));
      assert.equal(counted!.n, 2);
      const [buyer] = await Buyer.objects.with({ notes: Note.objects.orderBy("-text").slice(0, 1) });
      assert.deepEqual(texts(buyer!.notes.rows), ["tall"]);
      const stray = await Note.objects.get({ text: "about nothing" });
      await ann.notes.add(stray);
      assert.equal(await ann.notes.count(), 3);
      await stray.refresh();
      assert.equal(stray.contentType, "cafe.Buyer");
      await Note.objects.filter({ pk: stray.pk }).update({ contentType: null, objectId: null });
    });

    test("notes are found by what they are about", async () => {
      assert.deepEqual(texts(await Note.objects.filter({ subject: huila } as never)), ["sunny"]);
      assert.deepEqual(texts(await Note.objects.filter(Q.not({ subject: null }))), ["sunny", "pays", "tall"]);
      await assert.rejects(async () => Note.objects.filter({ subject: 3 } as never), { code: "ORM_BAD_LOOKUP_VALUE" });
    });

    test("deleting a row deletes what is about it", async () => {
      assert.equal(await ann.delete(), 3);
      assert.deepEqual(texts(await Note.objects.all()), ["sunny", "about nothing"]);
    });
  });
}

class Item extends Model({ name: char({ maxLength: 20 }), remarks: () => genericRelation(Remark, "subject") }) {
  static objects = manager(this);
}
class Book extends extend(Item, { pages: integer() }) {
  static objects = manager(this);
}
class Remark extends Model({
  text: char({ maxLength: 20 }),
  contentType: char({ maxLength: 100, null: true }),
  objectId: integer({ null: true }),
  subject: () => genericForeignKey<Item | Book>("contentType", "objectId"),
}) {
  static objects = manager(this);
}

for (const { name, url, skip } of targets) {
  test(`a child's rows are referred to by its own key, and go with it, on ${name}`, { skip }, async () => {
    const db = await openModels(url!, { Item, Book, Remark });
    const book = await Book.objects.create({ name: "Coffee", pages: 200 });
    const remark = await Remark.objects.create({ text: "long", subject: book });
    assert.equal(remark.contentType, "cafe.Book");
    await book.remarks.create({ text: "good" });
    assert.equal(await book.remarks.count(), 2);
    assert.deepEqual(await Book.objects.filter({ remarks: { text: "good" } }).valuesList("name", { flat: true }), ["Coffee"]);
    const [read] = await Book.objects.with("remarks");
    assert.deepEqual(read!.remarks.rows.map(({ text }) => text).sort(), ["good", "long"]);
    await Item.objects.filter({ name: "Coffee" }).delete();
    assert.equal(await Remark.objects.count(), 0);
    await db.close();
  });
}
