// Aggregates of rows that lie behind several relations to many, and of what is computed from them.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { count, type Database } from "cortado/orm";
import { Coffee, Roaster, Tag } from "./cafe-models.ts";
import { openCafe, targets } from "./open-cafe.ts";

for (const { name, url, skip } of targets) {
  describe(`aggregates behind several relations on ${name}`, { skip, concurrency: false }, () => {
    let db: Database;
    before(async () => {
      db = await openCafe(url!);
      const [kim, lee] = [
        await Roaster.objects.create({ name: "Kim", country: "KR" }),
        await Roaster.objects.create({ name: "Lee", country: "ET" }),
      ];
      const [milk, cold] = [await Tag.objects.create({ label: "milk" }), await Tag.objects.create({ label: "cold" })];
      const latte = await Coffee.objects.create({ name: "Latte", price: 40, roaster: kim });
      const mocha = await Coffee.objects.create({ name: "Mocha", price: 50, isIce: true, roaster: kim });
      await Coffee.objects.create({ name: "Black", price: 30, roaster: lee });
      await latte.tags.add(milk);
      await mocha.tags.add(milk, cold);
    });
    after(() => db?.close());

    test("rows behind two relations to many are counted, added up and looked for", async () => {
      const rows = await Roaster.objects
        .orderBy("name")
        .annotate((r) => ({
          tags: r.coffees.tags.count(),
          kinds: r.coffees.tags.label.count({ distinct: true }),
          last: r.coffees.tags.label.max(),
          iced: r.coffees.filter({ isIce: true }).tags.filter({ label: "cold" }).count(),
          n: r.coffees.count(),
        }))
        .values("name", "tags", "kinds", "last", "iced", "n");
      assert.deepEqual(rows, [
        { name: "Kim", tags: 3, kinds: 2, last: "milk", iced: 1, n: 2 },
        { name: "Lee", tags: 0, kinds: 0, last: null, iced: 0, n: 1 },
      ]);
      const cold = Roaster.objects.filter((r) => r.coffees.tags.filter({ label: "cold" }).exists());
      assert.deepEqual(await cold.valuesList("name", { flat: true }), ["Kim"]);
    });

    test("the way may lead back, and over one row in between", async () => {
      const rows = await Tag.objects.annotate((t) => ({ n: t.coffees.roaster.coffees.price.sum() })).values("label", "n");
      assert.deepEqual(rows, [
        { label: "cold", n: 90 },
        { label: "milk", n: 180 },
      ]);
    });

    test("what is computed from related rows is aggregated", async () => {
      const rows = await Roaster.objects
        .orderBy("name")
        .annotate((r) => ({
          double: r.coffees.aggregate((c) => c.price.mul(c.price.add(1)).sum()),
          n: r.coffees.filter({ isIce: true }).aggregate(() => count()),
        }))
        .filter((r) => r.double.gt(0))
        .values("name", "double", "n");
      assert.deepEqual(rows, [
        { name: "Kim", double: 40 * 41 + 50 * 51, n: 1 },
        { name: "Lee", double: 30 * 31, n: 0 },
      ]);
    });
  });
}
