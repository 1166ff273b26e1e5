import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { caseWhen, type Database, openDatabase, postSave, preSave, transaction, useDatabases, when } from "cortado/orm";
import { Decimal } from "cortado/validation";
import { Coffee, Node, Profile, Roaster, Sample, Tag } from "./cafe-models.ts";
import { openCafe, targets } from "./open-cafe.ts";

/** Counts the statements that a piece of work sends. */
async function statements(db: Database, work: () => Promise<unknown>): Promise<number> {
  const { rows, execute } = db;
  let sent = 0;
  db.rows = (...args) => (sent++, rows.apply(db, args));
  db.execute = (...args) => (sent++, execute.apply(db, args));
  await work().finally(() => Object.assign(db, { rows, execute }));
  return sent;
}

for (const { name, url, skip } of targets) {
  describe(`many rows at once on ${name}`, { skip }, () => {
    let db: Database;
    let fritz: Roaster;
    before(async () => {
      db = await openCafe(url!);
    });
    after(() => db?.close());
    beforeEach(async () => {
      for (const model of [Coffee, Tag, Profile, Roaster, Sample, Node])
        await (model.objects as typeof Coffee.objects).all().delete();
      fritz = await Roaster.objects.create({ name: "Fritz", country: "KR" });
    });

    test("bulkCreate inserts in batches and gives keys, defaults and autoNow", async () => {
      const rows = Array.from({ length: 1200 }, (_, i) => ({ name: `c${i}`, price: i }));
      let made: Coffee[] = [];
      assert.equal(await statements(db, async () => (made = await Coffee.objects.bulkCreate(rows))), 3);
      assert.equal(new Set(made.map((row) => row.id)).size, 1200);
      assert.equal((await Coffee.objects.get({ id: made[700]!.id })).name, "c700");
      made[3]!.price = 1;
      await made[3]!.save();
      assert.equal((await Coffee.objects.get({ name: "c3" })).price, 1);
      const [sample] = await Sample.objects.bulkCreate([{ cost: new Decimal("1.50") }]);
      assert.ok(sample!.changed instanceof Date);
      assert.equal(sample!.left, 1);
      assert.equal(
        await statements(db, () => Tag.objects.bulkCreate([{ label: "a" }, { label: "b" }, { label: "c" }], { batchSize: 2 })),
        2,
      );
      assert.deepEqual(await Coffee.objects.bulkCreate([]), []);
      await assert.rejects(Coffee.objects.bulkCreate([fritz as never]), /was given a Roaster/);
    });

    test("a batch that breaks a rule leaves nothing", async () => {
      await Tag.objects.create({ label: "hot" });
      await assert.rejects(Tag.objects.bulkCreate([{ label: "x" }, { label: "hot" }], { batchSize: 1 }), {
        code: "ORM_INTEGRITY",
      });
      assert.equal(await Tag.objects.count(), 1);
    });

    test("bulkCreate ignores rows that are there, or updates them", async () => {
      await Sample.objects.create({ left: 1, right: 1, cost: new Decimal("1.00") });
      const rows = [
        { left: 1, right: 1, cost: new Decimal("2.00") },
        { left: 2, right: 2, cost: new Decimal("3.00") },
      ];
      await Sample.objects.bulkCreate(rows, { ignoreConflicts: true });
      const costs = () =>
        Sample.objects
          .orderBy("left")
          .valuesList("cost", { flat: true })
          .then((all) => all.map(String));
      assert.deepEqual(await costs(), ["1", "3"]);
      const made = await Sample.objects.bulkCreate(rows, {
        updateConflicts: true,
        updateFields: ["cost"],
        uniqueFields: ["left", "right"],
      });
      assert.deepEqual(await costs(), ["2", "3"]);
      assert.deepEqual(new Set(made.map((row) => row.id)), new Set(await Sample.objects.valuesList("id", { flat: true })));
      await assert.rejects(
        Sample.objects.bulkCreate(rows, { updateConflicts: true, updateFields: ["cost"] }),
        /does not say what to do/,
      );
      await assert.rejects(
        Sample.objects.bulkCreate(rows, { ignoreConflicts: true, updateConflicts: true }),
        /does not say what to do/,
      );
      const key = { updateConflicts: true, updateFields: ["id"], uniqueFields: ["left"] };
      await assert.rejects(Sample.objects.bulkCreate(rows, key), /cannot update the primary key/);
    });

    test("hooks run for each row when they are asked for", async () => {
      const seen: string[] = [];
      const stops = [
        preSave.connect(({ instance }) => void (instance.name += "!"), { sender: Coffee }),
        postSave.connect(({ instance, created }) => void seen.push(`${instance.name} ${created}`), { sender: Coffee }),
      ];
      try {
        await Coffee.objects.bulkCreate([{ name: "silent" }]);
        const made = await Coffee.objects.bulkCreate([{ name: "a" }, { name: "b" }], { hooks: true });
        await Coffee.objects.bulkUpdate(made, ["name"], { hooks: true });
      } finally {
        for (const stop of stops) stop();
      }
      assert.deepEqual(seen, ["a! true", "b! true", "a!! false", "b!! false"]);
      assert.deepEqual(await Coffee.objects.valuesList("name", { flat: true }), ["silent", "a!!", "b!!"]);
    });

    test("bulkUpdate writes a batch with one statement, expressions too", async () => {
      const rows = await Coffee.objects.bulkCreate(
        Array.from({ length: 600 }, (_, i) => ({ name: `c${i}`, price: i, roaster: fritz })),
      );
      for (const row of rows) {
        row.price += 10;
        row.isIce = row.price % 2 === 0;
        row.roaster = null;
      }
      assert.equal(await statements(db, () => Coffee.objects.bulkUpdate(rows, ["price", "isIce", "roaster"])), 2);
      assert.deepEqual(
        await Coffee.objects
          .filter({ price: { gt: 600 } })
          .values("name", "price", "isIce", "roasterId")
          .slice(0, 1),
        [{ name: "c591", price: 601, isIce: false, roasterId: null }],
      );
      assert.equal(await statements(db, () => rows[0]!.save()), 0);
      const [first, second] = rows as [Coffee, Coffee];
      await Coffee.objects.filter({ id: first.id }).update((c) => ({ price: c.price.mul(100) }));
      const doubled = Coffee.objects.all();
      await doubled.update((c) => ({ price: caseWhen([when(c.id.eq(first.id), 7)], c.price) }));
      second.price = 5;
      assert.equal(await Coffee.objects.bulkUpdate([first, second], ["price"]), 2);
      assert.deepEqual(await Coffee.objects.valuesList("price", { flat: true }).slice(0, 2), [10, 5]);
      const samples = await Sample.objects.bulkCreate([{ left: 1, big: 1n, cost: new Decimal("1.5"), data: { a: [1] } }]);
      Object.assign(samples[0]!, { big: 9007199254740993n, cost: new Decimal("2.25"), data: { a: [2] }, moment: new Date(0) });
      await Sample.objects.bulkUpdate(samples, ["big", "cost", "data", "moment", "changed"]);
      const [read] = await Sample.objects.all();
      assert.deepEqual(
        [read!.big, String(read!.cost), read!.data, read!.moment],
        [9007199254740993n, "2.25", { a: [2] }, new Date(0)],
      );
      await assert.rejects(Coffee.objects.bulkUpdate(rows, ["id"]), /by which it finds the rows/);
      await assert.rejects(Coffee.objects.bulkUpdate(rows, []), /names no field/);
      await assert.rejects(Coffee.objects.bulkUpdate([new Coffee()], ["price"]), { code: "ORM_NOT_SAVED" });
    });

    test("a row of bulkUpdate may have an expression of its own", async () => {
      const rows = await Coffee.objects.bulkCreate([{ price: 1 }, { price: 2 }, { price: 3 }]);
      Coffee.objects.annotate((c) => {
        (rows[0] as any).price = c.price.add(100);
        return {};
      });
      rows[1]!.price = 20;
      await Coffee.objects.bulkUpdate(rows, ["price"]);
      assert.deepEqual(await Coffee.objects.valuesList("price", { flat: true }), [101, 20, 3]);
    });

    test("update reads related rows, annotations and sub-queries, and ignores the order", async () => {
      await Coffee.objects.bulkCreate([
        { name: "Latte", price: 4500, roaster: fritz },
        { name: "Tea", price: 1000 },
      ]);
      assert.equal(
        await Coffee.objects
          .orderBy("-price")
          .update((c) => ({ name: c.roaster.name }))
          .catch(() => 0),
        0,
      );
      assert.equal(await Coffee.objects.filter({ roaster: { country: "KR" } }).update((c) => ({ name: c.roaster.name })), 1);
      assert.deepEqual(await Coffee.objects.valuesList("name", { flat: true }), ["Fritz", "Tea"]);
      await Coffee.objects
        .annotate((c) => ({ half: c.price.div(2) }))
        .filter((c) => c.half.gt(500))
        .update((c) => ({ price: c.half }));
      assert.deepEqual(await Coffee.objects.valuesList("price", { flat: true }), [2250, 1000]);
      await Roaster.objects.update((r) => ({ name: caseWhen([when(r.coffees.count().gt(0), "busy")], "idle") }));
      assert.equal((await Roaster.objects.get({ id: fritz.id })).name, "busy");
      await assert.rejects(
        Coffee.objects.update((c) => ({ price: c.price.max() })),
        /an aggregate of the query's own rows/,
      );
      await assert.rejects(Coffee.objects.update({ price: undefined as never }), { code: "ORM_UNDEFINED_VALUE" });
      assert.equal(await Coffee.objects.none().update({ price: 1 }), 0);
    });

    test("what was sliced, or chosen as values, is neither updated nor deleted", async () => {
      await assert.rejects(Coffee.objects.slice(0, 1).delete(), /delete\(\) on Coffee cannot follow a query that was sliced/);
      await assert.rejects(Coffee.objects.distinct("price").update({ price: 1 }), /made distinct by fields/);
      await assert.rejects(Coffee.objects.values("name").delete(), /cannot follow values\(\)/);
    });

    test("delete needs one statement where nothing depends on the rows, and batches elsewhere", async () => {
      await Node.objects.bulkCreate(Array.from({ length: 2500 }, (_, i) => ({ title: `n${i}` })));
      const [first] = await Node.objects.orderBy("id").slice(0, 1);
      await Node.objects.filter({ title: { in: ["n1", "n2", "n2400"] } }).update({ parent: first! });
      assert.equal(await Node.objects.filter({ parent: null }).delete(), 2500);
      await Tag.objects.bulkCreate([{ label: "a" }, { label: "b" }]);
      await Coffee.objects.bulkCreate([{ name: "Latte", roaster: fritz }]);
      await assert.rejects(Roaster.objects.delete(), { code: "ORM_PROTECTED" });
      await Profile.objects.create({ roaster: fritz, story: "" });
      assert.equal(await statements(db, () => Profile.objects.filter({ roaster: { name: "Fritz" } }).delete()), 1);
    });

    test("getOrCreate takes lookups and lazy defaults, updateOrCreate defaults for new rows", async () => {
      const [latte, isNew] = await Coffee.objects.getOrCreate({ name: { iexact: "latte" } }, () => ({ name: "Latte", price: 1 }));
      assert.deepEqual([latte.name, isNew], ["Latte", true]);
      let asked = false;
      const [same] = await Coffee.objects.getOrCreate({ name: { iexact: "LATTE" } }, () => ((asked = true), { price: 2 }));
      assert.deepEqual([same.id, same.price, asked], [latte.id, 1, false]);
      const upsert = () =>
        Coffee.objects.updateOrCreate({ name: "Mocha" }, { price: 2 }, { createDefaults: { price: 9, isIce: true } });
      const [made] = await upsert();
      assert.deepEqual([made.price, made.isIce], [9, true]);
      const [changed, created] = await upsert();
      assert.deepEqual([changed.price, changed.isIce, created], [2, true, false]);
      await Coffee.objects.create({ name: "Latte" });
      await assert.rejects(Coffee.objects.getOrCreate({ name: "Latte" }), Coffee.MultipleObjectsReturned);
    });

    test("who asks for the same row at once gets the same row, also inside of a transaction", async () => {
      const made = await Promise.all(
        Array.from({ length: 8 }, () => transaction(() => Tag.objects.getOrCreate({ label: "one" }))),
      );
      assert.equal(new Set(made.map(([tag]) => tag.id)).size, 1);
      assert.equal(made.filter(([, created]) => created).length, 1);
      await Promise.all(Array.from({ length: 8 }, () => Tag.objects.updateOrCreate({ label: "two" })));
      assert.equal(await Tag.objects.filter({ label: "two" }).count(), 1);
    });

    test("using() writes to another database, and its rows stay there", async () => {
      const archive = await openDatabase("sqlite::memory:");
      try {
        await archive.script("CREATE TABLE cafe_tag (id integer primary key, label varchar(20) unique)");
        useDatabases({ default: db, archive });
        const tags = Tag.objects.using("archive");
        const tag = await tags.create({ label: "old" });
        await tags.bulkCreate([{ label: "older" }]);
        await tags.getOrCreate({ label: "oldest" });
        tag.label = "past";
        await tag.save();
        assert.equal(await tags.filter({ label: "past" }).update({ label: "gone" }), 1);
        assert.deepEqual(await tags.valuesList("label", { flat: true }), ["gone", "older", "oldest"]);
        assert.equal(await Tag.objects.count(), 0);
      } finally {
        useDatabases({ default: db });
        await archive.close();
      }
    });
  });
}
