import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { collectDeletion, type Database, onCommit, transaction } from "cortado/orm";
import type { ValidationError } from "cortado/validation";
import { Coffee, Node, Profile, Roaster, Sample, Tag } from "./cafe-models.ts";
import { openCafe, targets } from "./open-cafe.ts";

for (const { name, url, skip } of targets) {
  describe(`saving on ${name}`, { skip }, () => {
    let db: Database;
    before(async () => {
      db = await openCafe(url!);
    });
    after(() => db?.close());
    beforeEach(async () => {
      for (const model of [Coffee, Tag, Roaster, Sample, Node]) await (model.objects as typeof Coffee.objects).all().delete();
    });

    test("save writes only what changed", async () => {
      const coffee = await Coffee.objects.create({ name: "Latte", price: 4500 });
      await Coffee.objects.all().update({ name: "Renamed elsewhere" });
      coffee.price = 4600;
      await coffee.save();
      await coffee.refresh();
      assert.deepEqual(coffee.pick("name", "price"), { name: "Renamed elsewhere", price: 4600 });
    });

    test("getOrCreate and updateOrCreate", async () => {
      const [first, made] = await Tag.objects.getOrCreate({ label: "hot" });
      const [again, madeAgain] = await Tag.objects.getOrCreate({ label: "hot" });
      assert.deepEqual([made, madeAgain, first.id === again.id], [true, false, true]);
      const [coffee] = await Coffee.objects.updateOrCreate({ name: "Latte" }, { price: 1 });
      const [same, created] = await Coffee.objects.updateOrCreate({ name: "Latte" }, { price: 2 });
      assert.deepEqual([same.id === coffee.id, created, same.price], [true, false, 2]);
    });

    test("ten at once make one", async () => {
      const made = await Promise.all(Array.from({ length: 10 }, () => Tag.objects.getOrCreate({ label: "same" })));
      assert.equal(new Set(made.map(([tag]) => tag.id)).size, 1);
      assert.equal(await Tag.objects.count(), 1);
    });

    test("bulkCreate gives keys, bulkUpdate writes the named fields", async () => {
      const rows = await Coffee.objects.bulkCreate(Array.from({ length: 1200 }, (_, i) => ({ name: `c${i}`, price: i })));
      assert.equal(new Set(rows.map((row) => row.id)).size, 1200);
      for (const row of rows) Object.assign(row, { price: row.price + 1, name: "unwritten" });
      assert.equal(await Coffee.objects.bulkUpdate(rows.slice(0, 10), ["price"]), 10);
      assert.deepEqual((await Coffee.objects.get({ id: rows[3]!.id })).pick("name", "price"), { name: "c3", price: 4 });
    });

    test("the database's refusals name the rule and the field", async () => {
      await Tag.objects.create({ label: "hot" });
      await assert.rejects(Tag.objects.create({ label: "hot" }), (error: Error & { code: string }) => {
        assert.equal(error.code, "ORM_INTEGRITY");
        assert.match(error.message, /not unique \(cafe_tag\.label\)/);
        return true;
      });
      await assert.rejects(
        Roaster.objects.create({ name: null as never, country: "KR" }),
        /must not be null \(cafe_roaster\.name\)/,
      );
      await assert.rejects(Coffee.objects.create({ name: "x", roasterId: 999_999 }), /foreign key/);
    });

    test("fullClean collects every field's refusals", async () => {
      await Tag.objects.create({ label: "hot" });
      await assert.rejects(new Roaster({ country: "XX" as never }).fullClean(), (error: ValidationError) => {
        assert.deepEqual(error.toJSON(), { name: ["This field cannot be null."], country: ["Value XX is not a valid choice."] });
        return true;
      });
      await assert.rejects(new Tag({ label: "hot" }).fullClean(), /Tag with this Label already exists\./);
      await Sample.objects.create({});
      await assert.rejects(new Sample({}).fullClean(), (error: ValidationError) => {
        assert.deepEqual(error.byField?.["__all__"]?.messages, ["Sample with this Left and Right already exists."]);
        return true;
      });
      await new Coffee({ name: "Latte", price: "12" as never }).fullClean();
    });

    test("deletion follows onDelete", async () => {
      const roaster = await Roaster.objects.create({ name: "Fritz", country: "KR" });
      await Profile.objects.create({ roaster });
      const coffee = await Coffee.objects.create({ name: "Latte", roaster });
      await coffee.tags.create({ label: "hot" });
      await assert.rejects(roaster.delete(), {
        code: "ORM_PROTECTED",
        message: `Cannot delete 1 row of Roaster: referred to by 1 of Coffee (${coffee.id}).`,
      });
      const plan = await collectDeletion([coffee]);
      assert.deepEqual(
        plan.deleted.map(({ model, instances }) => [model.meta.name, instances.length]),
        [
          ["CoffeeTags", 1],
          ["Coffee", 1],
        ],
      );
      assert.equal(await coffee.delete(), 2);
      assert.equal(await roaster.delete(), 2);
    });

    test("a transaction is all or nothing, and one inside another is a savepoint", async () => {
      const done: string[] = [];
      await transaction(async () => {
        await Tag.objects.create({ label: "kept" });
        await onCommit(() => void done.push("outer"));
        await assert.rejects(
          transaction(async () => {
            await Tag.objects.create({ label: "lost" });
            await onCommit(() => void done.push("inner"));
            throw new Error("no");
          }),
        );
        assert.deepEqual(done, []);
      });
      assert.deepEqual(done, ["outer"]);
      assert.deepEqual(await Tag.objects.valuesList("label", { flat: true }), ["kept"]);
      await assert.rejects(
        transaction(async () => Promise.reject(new Error((await Tag.objects.create({ label: "gone" })).label))),
        /gone/,
      );
      assert.equal(await Tag.objects.count(), 1);
    });

    test("transactions side by side do not mix", async () => {
      await Promise.allSettled(
        Array.from({ length: 20 }, (_, i) =>
          transaction(async () => {
            await Tag.objects.create({ label: `t${i}` });
            await sleep(1);
            if (i % 2) throw new Error("odd");
          }),
        ),
      );
      assert.equal(await Tag.objects.count(), 10);
    });

    test("a query of a finished transaction is refused", async () => {
      let late: Promise<unknown> | undefined;
      await transaction(async () => {
        late = sleep(10).then(() => Tag.objects.create({ label: "late" }));
        late.catch(() => undefined);
      });
      await assert.rejects(late!, {
        code: "ORM_TRANSACTION_FINISHED",
        hint: "Await every query inside transaction(async () => { … }).",
      });
    });

    test("a whole instance does not go into JSON", async () => {
      const tag = await Tag.objects.create({ label: "hot" });
      assert.throws(() => JSON.stringify(tag), { code: "ORM_NOT_JSON" });
      assert.deepEqual(JSON.stringify(tag.pick("label")), '{"label":"hot"}');
    });
  });
}
