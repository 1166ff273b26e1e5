import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { collectDeletion, type Database, deleteRows, postDelete, preDelete } from "cortado/orm";
import { openModels, targets } from "./open-cafe.ts";
import { countedQueries } from "./relations/counted-queries.ts";
import * as models from "./relations/relation-models.ts";
import { Buyer, Contract, Egg, fallback, Farm, Hen, Lot, Note, Referrer, Sheet } from "./relations/relation-models.ts";

for (const { name, url, skip } of targets) {
  describe(`deletion on ${name}`, { skip }, () => {
    let db: Database;
    before(async () => {
      db = await openModels(url!, models);
    });
    after(() => db.close());

    test("cascades reach every level, and are counted by model", async () => {
      const farm = await Farm.objects.create({ name: "Huila" });
      await Sheet.objects.create({ farm });
      await Lot.everything.bulkCreate([
        { name: "a", farm },
        { name: "b", farm, isGone: 1 },
      ]);
      const buyer = await Buyer.objects.create({ name: "Ann" });
      await buyer.farms.add(farm, { throughDefaults: { price: 1 } });
      await farm.notes.create({ text: "sunny" });
      const { count, result } = await countedQueries(() => deleteRows([farm]));
      assert.deepEqual(result, {
        total: 6,
        byModel: { "cafe.Sheet": 1, "cafe.Lot": 2, "cafe.Contract": 1, "cafe.Note": 1, "cafe.Farm": 1 },
      });
      assert.ok(count <= 10, `${count} queries`);
      assert.equal(await Contract.objects.count(), 0);
      assert.equal(await Note.objects.count(), 0);
    });

    test("references are set to null, to the default, or to what set() says", async () => {
      const [gone, kept] = await Farm.objects.bulkCreate([{ name: "Gone" }, { name: "Kept" }]);
      fallback.key = kept!.id;
      const lot = await Lot.objects.create({ name: "c", farm: kept!, reserve: gone! });
      const referrer = await Referrer.objects.create({ byDefault: gone!, bySet: gone!, left: gone! });
      assert.equal(await gone!.delete(), 1);
      await lot.refresh();
      await referrer.refresh();
      assert.equal(lot.reserveId, null);
      assert.deepEqual([referrer.byDefaultId, referrer.bySetId], [kept!.id, kept!.id]);
      assert.notEqual(referrer.leftId, null);
      await assert.rejects(
        async () => referrer.left,
        (error) => error instanceof Farm.DoesNotExist,
      );
      fallback.key = null;
      await Referrer.objects.all().delete();
      await kept!.delete();
    });

    test("restrict forbids, names the rows, and changes nothing", async () => {
      const farm = await Farm.objects.create({ name: "Held" });
      const holders = await Referrer.objects.bulkCreate([{ restricted: farm }, { restricted: farm }]);
      await assert.rejects(farm.delete(), (error: Error & { code: string; rows: object[] }) => {
        assert.equal(error.code, "ORM_PROTECTED");
        assert.equal(
          error.message,
          `Cannot delete 1 row of Farm: referred to by 2 of Referrer (${holders[0]!.id}, ${holders[1]!.id}).`,
        );
        assert.deepEqual(
          error.rows.map((row) => (row as Referrer).id),
          holders.map((holder) => holder.id),
        );
        return true;
      });
      assert.equal(await Farm.objects.filter({ name: "Held" }).count(), 1);
      const plan = await collectDeletion([farm, ...holders]);
      assert.equal(plan.protectedBy.length, 0);
      await Referrer.objects.all().delete();
    });

    test("rows that refer to each other in a ring go together", async () => {
      const hen = await Hen.objects.create({});
      const egg = await Egg.objects.create({ hen });
      hen.egg = egg;
      await hen.save();
      const { byModel } = await deleteRows([egg]);
      assert.deepEqual({ ...byModel }, { "cafe.Hen": 1, "cafe.Egg": 1 });
    });

    test("receivers are told of every row that goes, and rows are then read", async () => {
      const told: string[] = [];
      const farm = await Farm.objects.create({ name: "Told" });
      await Lot.objects.create({ name: "d", farm });
      const stops = [
        preDelete.connect(({ instance }) => void told.push(`before ${String((instance as Farm | Lot).name)}`)),
        postDelete.connect(({ instance }) => void told.push(`after ${String((instance as Farm | Lot).name)}`)),
      ];
      assert.equal(await Farm.objects.filter({ name: "Told" }).delete(), 2);
      for (const stop of stops) stop();
      assert.deepEqual(told.toSorted(), ["after Told", "after d", "before Told", "before d"]);
    });

    test("a deleted row can be saved again, and one without a key cannot be deleted", async () => {
      const farm = await Farm.objects.create({ name: "Back" });
      await farm.delete();
      await farm.save();
      assert.equal(await Farm.objects.filter({ name: "Back" }).count(), 1);
      await assert.rejects(new Farm({ name: "never" }).delete(), { code: "ORM_NOT_SAVED" });
      assert.deepEqual(await deleteRows([]), { total: 0, byModel: {} });
    });
  });
}
