import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Database, prefetch, prefetchRelated } from "cortado/orm";
import { openModels, targets } from "../open-cafe.ts";
import * as models from "./relation-models.ts";
import { Buyer, Contract, Country, Farm, Lot, Sheet } from "./relation-models.ts";
import { countedQueries } from "./counted-queries.ts";

const names = (rows: readonly { name: string }[]) => rows.map((row) => row.name);

for (const { name, url, skip } of targets) {
  describe(`relations on ${name}`, { skip }, () => {
    let db: Database;
    let [huila, yirga, sidamo]: Farm[] = [] as unknown as [Farm, Farm, Farm];
    let [ann, bob, cleo]: Buyer[] = [] as unknown as [Buyer, Buyer, Buyer];

    before(async () => {
      db = await openModels(url!, models);
      await Country.objects.bulkCreate([
        { code: "CO", name: "Colombia" },
        { code: "ET", name: "Ethiopia" },
      ]);
      [huila, yirga, sidamo] = await Farm.objects.bulkCreate([
        { name: "Huila", countryId: "CO" },
        { name: "Yirga", countryId: "ET" },
        { name: "Sidamo", countryId: "ET" },
      ]);
      for (const farm of [huila!, yirga!])
        for (let i = 1; i <= 4; i++) await Lot.objects.create({ name: `${farm.name} ${i}`, weight: i * 10, farm });
      await Lot.objects.create({ name: "Gone", isGone: 1, farm: huila! });
      [ann, bob, cleo] = await Buyer.objects.bulkCreate([{ name: "Ann" }, { name: "Bob" }, { name: "Cleo" }]);
    });
    after(() => db.close());

    test("a foreign key to another unique field joins, filters, loads and is set by it", async () => {
      const farm = await Farm.objects.with("country").get({ name: "Huila" });
      assert.equal(farm.country?.name, "Colombia");
      assert.equal(farm.countryId, "CO");
      const ethiopia = await Country.objects.get({ code: "ET" });
      assert.deepEqual(names(await Farm.objects.filter({ country: ethiopia })), ["Sidamo", "Yirga"]);
      assert.deepEqual(names(await Farm.objects.filter({ country: { in: [ethiopia] } })), ["Sidamo", "Yirga"]);
      assert.deepEqual(names(await Farm.objects.filter({ country: { name: "Ethiopia" } })), ["Sidamo", "Yirga"]);
      assert.deepEqual(names(await ethiopia.farms), ["Sidamo", "Yirga"]);
      assert.deepEqual(names(await Country.objects.filter({ farms: { name: "Huila" } })), ["Colombia"]);
      const pending = (await Farm.objects.get({ name: "Yirga" })).country;
      assert.equal((await pending)?.name, "Ethiopia");
      const made = await ethiopia.farms.create({ name: "Guji" });
      assert.equal(made.countryId, "ET");
      made.country = await Country.objects.get({ code: "CO" });
      assert.equal(made.countryId, "CO");
      await made.delete();
    });

    test("with() loads a relation by a query of one's own, sliced for each row", async () => {
      const heavy = Lot.objects.orderBy("-weight").slice(0, 2).with("farm");
      const farms = await Farm.objects.with({ lots: heavy });
      assert.deepEqual(
        farms.map((farm) => names(farm.lots.rows)),
        [["Huila 4", "Huila 3"], [], ["Yirga 4", "Yirga 3"]],
      );
      assert.equal(farms[0]!.lots.rows[0]!.farm.name, "Huila");
      assert.deepEqual(names(await farms[0]!.lots), ["Huila 4", "Huila 3"]);
      assert.deepEqual(names(await farms[0]!.lots.all()), ["Huila 4", "Huila 3"]);
      const later = await Farm.objects.with({ lots: Lot.objects.orderBy("name").slice(3) });
      assert.deepEqual(names(later[0]!.lots.rows), ["Huila 4"]);
    });

    test("prefetch() keeps a filtered relation under a name of its own", async () => {
      const farms = await Farm.objects.with({
        big: prefetch("lots", Lot.objects.filter({ weight: { gt: 30 } })),
        lots: Lot.objects.all(),
      });
      assert.deepEqual(
        farms.map((farm) => names(farm.big)),
        [["Huila 4"], [], ["Yirga 4"]],
      );
      assert.equal(farms[0]!.lots.rows.length, 4);
      await assert.rejects(async () => Farm.objects.with({ lots: Buyer.objects.all() as never }), {
        code: "ORM_BAD_QUERY",
        message: "Farm.lots leads to rows of Lot, and was to be loaded by a query of Buyer.",
        hint: "Give a query of its rows: with({ lots: Lot.objects.filter(…) }).",
      });
      assert.throws(() => Farm.objects.with({ name: prefetch("lots", Lot.objects.all()) }), { code: "ORM_BAD_QUERY" });
      assert.throws(() => Farm.objects.with("lotz" as never), { code: "ORM_UNKNOWN_FIELD" });
    });

    test("rows of a relation that is not loaded are not there at once", async () => {
      const farm = await Farm.objects.get({ name: "Huila" });
      assert.throws(() => (farm.lots as unknown as { rows: unknown }).rows, {
        code: "ORM_BAD_QUERY",
        message: "The rows of Farm.lots are not loaded.",
        hint: 'Await them, or load them with the query: .with("lots").',
      });
    });

    test("prefetchRelated loads relations of rows that are there already", async () => {
      const farms = await Farm.objects.all();
      const { count, result } = await countedQueries(() => prefetchRelated(farms, "lots.farm", "country"));
      assert.equal(count, 2);
      assert.deepEqual(names(result[0]!.lots.rows), ["Huila 1", "Huila 2", "Huila 3", "Huila 4"]);
      assert.equal(result[0]!.country?.name, "Colombia");
      const again = await countedQueries(() => prefetchRelated(farms, "lots", "country"));
      assert.equal(again.count, 0);
      const filtered = await prefetchRelated(await Farm.objects.all(), { lots: Lot.objects.filter({ weight: 10 }) });
      assert.deepEqual(names(filtered[0]!.lots.rows), ["Huila 1"]);
    });

    test("rows that a model's manager hides are hidden behind relations too", async () => {
      assert.equal(await huila!.lots.count(), 4);
      assert.equal((await Farm.objects.with("lots").get({ name: "Huila" })).lots.rows.length, 4);
      assert.equal(await Lot.everything.filter({ farm: huila! }).count(), 5);
    });

    test("a way back has another name in filters where the relation says so", async () => {
      await Lot.objects.filter({ name: "Yirga 1" }).update({ reserveId: huila!.id });
      assert.deepEqual(names(await (Farm.objects as any).filter({ reservedLot: { weight: 10 } })), ["Huila"]);
      assert.deepEqual(names(await (huila as any).reserved), ["Yirga 1"]);
    });

    test("a middle model gets its defaults, and is found by throughFields", async () => {
      await ann!.farms.add(huila!, yirga!.id, { throughDefaults: { price: 500 } });
      assert.deepEqual(
        (await Contract.objects.orderBy("farm")).map(({ buyerId, farmId, price }) => [buyerId, farmId, price]),
        [
          [ann!.id, huila!.id, 500],
          [ann!.id, yirga!.id, 500],
        ],
      );
      assert.deepEqual(names(await huila!.buyers), ["Ann"]);
      await ann!.farms.set([yirga!, sidamo!], { throughDefaults: { price: 700 } });
      assert.deepEqual(names(await ann!.farms.all()), ["Sidamo", "Yirga"]);
      const made = await ann!.farms.create({ name: "Nyeri" }, { throughDefaults: { price: 1 } });
      const [same, created] = await ann!.farms.getOrCreate({ name: "Nyeri" });
      assert.deepEqual([same.id, created], [made.id, false]);
      const [, fresh] = await ann!.farms.updateOrCreate({ name: "Kiambu" }, {}, { throughDefaults: { price: 2 } });
      assert.equal(fresh, true);
      await ann!.farms.bulkCreate([{ name: "Embu" }], { throughDefaults: { price: 3 } });
      assert.equal(await ann!.farms.count(), 5);
      await ann!.farms.remove(made);
      await ann!.farms.clear();
      assert.equal(await Contract.objects.count(), 0);
      await Farm.objects.filter({ name: { in: ["Nyeri", "Kiambu", "Embu"] } }).delete();
    });

    test("a relation of a model with itself holds both ways unless it says otherwise", async () => {
      await ann!.friends.add(bob!);
      assert.deepEqual(names(await bob!.friends.all()), ["Ann"]);
      await bob!.friends.remove(ann!);
      assert.equal(await ann!.friends.count(), 0);
      await ann!.rivals.add(cleo!);
      assert.equal(await cleo!.rivals.count(), 0);
      assert.deepEqual(names(await (cleo as any).rivalOf), ["Ann"]);
      assert.equal(Number((await db.query("SELECT COUNT(*) AS n FROM cafe_rivalry"))[0]!["n"]), 1);
    });

    test("a row that does not belong here by a foreign key is not taken out", async () => {
      const lot = await Lot.objects.get({ name: "Huila 1" });
      await assert.rejects((huila as any).reserved.remove(lot), (error) => error instanceof Lot.DoesNotExist);
      await assert.rejects(huila!.lots.remove(lot), { code: "ORM_BAD_QUERY" });
    });

    test("a one-to-one is null without a row, and a reference that was never set says so", async () => {
      assert.equal(await huila!.sheet, null);
      const sheet = await Sheet.objects.create({ farm: huila!, text: "1,800 m" });
      assert.equal((await (await Farm.objects.get({ name: "Huila" })).sheet)?.text, "1,800 m");
      assert.equal((await Farm.objects.with("sheet").get({ name: "Huila" })).sheet instanceof Sheet, true);
      await assert.rejects(
        async () => new Sheet({}).farm,
        (error: Error) => error instanceof Farm.DoesNotExist && error.message === "No farm of this Sheet matches the query.",
      );
      yirga!.sheet = sheet;
      assert.equal(sheet.farmId, yirga!.id);
    });

    test("conditions of one filter speak of the same related row", async () => {
      const both = await Farm.objects.filter({ lots: { weight: 10, name: { endsWith: "2" } } });
      assert.deepEqual(names(both), []);
      const either = await Farm.objects.filter({ lots: { weight: 10 } }, { lots: { name: { endsWith: "2" } } });
      assert.deepEqual(names(either), ["Huila", "Yirga"]);
      const counted = await Farm.objects.annotate((f) => ({ big: f.lots.filter({ weight: { gt: 20 } }).count() }));
      assert.deepEqual(
        counted.map((farm) => farm.big),
        [2, 0, 2],
      );
    });
  });
}
