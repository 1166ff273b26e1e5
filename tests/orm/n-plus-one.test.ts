import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Database, failOnQueriesInLoops } from "cortado/orm";
import { openModels, targets } from "./open-cafe.ts";
import { countedQueries } from "./relations/counted-queries.ts";
import * as models from "./relations/relation-models.ts";
import { Country, Farm, Lot } from "./relations/relation-models.ts";

for (const { name, url, skip } of targets) {
  describe(`queries in loops on ${name}`, { skip }, () => {
    let db: Database;
    before(async () => {
      db = await openModels(url!, models);
      await Country.objects.create({ code: "CO", name: "Colombia" });
      const farms = await Farm.objects.bulkCreate(
        ["a", "b", "c", "d", "e", "f"].map((letter) => ({ name: letter, countryId: "CO" })),
      );
      await Lot.objects.bulkCreate(farms.flatMap((farm) => [1, 2].map((n) => ({ name: `${farm.name}${n}`, farm }))));
    });
    after(() => db.close());

    test("an awaited relation is loaded for every row of the query, in a loop or side by side", async () => {
      const toOne = await countedQueries(async () => {
        for (const farm of await Farm.objects.all()) assert.equal((await farm.country)?.name, "Colombia");
      });
      assert.equal(toOne.count, 2);
      const toMany = await countedQueries(async () => {
        for (const farm of await Farm.objects.all()) assert.equal((await farm.lots).length, 2);
      });
      assert.equal(toMany.count, 2);
      const sideBySide = await countedQueries(async () =>
        Promise.all((await Farm.objects.all()).map(async (farm) => (await farm.lots.all()).length)),
      );
      assert.deepEqual([sideBySide.count, ...sideBySide.result], [2, 2, 2, 2, 2, 2, 2]);
      const nested = await countedQueries(async () => {
        for (const farm of await Farm.objects.all())
          for (const lot of await farm.lots) assert.equal((await lot.farm).name, farm.name);
      });
      assert.equal(nested.count, 2);
    });

    test("all() asks once for all rows, again at a row's second call, and after a write", async () => {
      const { count } = await countedQueries(async () => {
        for (const farm of await Farm.objects.all()) {
          assert.equal((await farm.lots.all()).length, 2);
          assert.equal((await farm.lots.all()).length, 2);
        }
      });
      assert.equal(count, 3);
      const [first, second] = await Farm.objects.all();
      assert.equal((await first!.lots.all()).length, 2);
      const made = await Lot.objects.create({ name: "new", farm: second! });
      assert.equal((await second!.lots.all()).length, 3);
      await second!.lots.all().filter({ pk: made.pk }).delete();
      assert.equal((await second!.lots.all()).length, 2);
    });

    test("a query in a loop is refused, with its line and what to write instead", async () => {
      await assert.rejects(
        failOnQueriesInLoops(async () => {
          for (const farm of await Farm.objects.all()) await Lot.objects.filter({ farm }).count();
        }),
        (error: Error & { code: string; hint: string }) => {
          assert.equal(error.code, "ORM_QUERY_IN_LOOP");
          assert.match(
            error.message,
            /^tests\/orm\/n-plus-one\.test\.ts:\d+:\d+ sends the same query for the 5th time: a query in a loop\.\n {2}SELECT/,
          );
          assert.equal(
            error.hint,
            'Ask once, before the loop: .with("relation"), prefetchRelated(rows, "relation"), inBulk(keys), or filter({ field: { in: values } }).',
          );
          return true;
        },
      );
      const advice = async (work: (farm: Farm) => Promise<unknown>) =>
        assert.rejects(
          failOnQueriesInLoops(async () => {
            for (const farm of await Farm.objects.all()) await work(farm);
          }),
          (error: Error & { hint: string }) => {
            told.push(error.hint);
            return true;
          },
        );
      const told: string[] = [];
      await advice((farm) => Farm.objects.filter({ pk: farm.pk }).update({ name: farm.name }));
      await advice((farm) => Lot.objects.filter({ pk: -farm.id }).delete());
      await advice((farm) => Lot.objects.create({ name: "x", farm }));
      assert.deepEqual(told, [
        "Change all rows at once: filter(…).update(…), or bulkUpdate(rows, […]).",
        "Delete all rows at once: filter({ pk: { in: keys } }).delete().",
        "Insert all rows at once: bulkCreate([…]).",
      ]);
      await Lot.objects.filter({ name: "x" }).delete();
    });

    test("a loop over loaded relations is none", async () => {
      const total = await failOnQueriesInLoops(async () => {
        let lots = 0;
        for (const farm of await Farm.objects.with("country")) {
          lots += (await farm.lots.all()).length;
          assert.equal(farm.country?.code, "CO");
        }
        return lots;
      });
      assert.equal(total, 12);
    });
  });
}
