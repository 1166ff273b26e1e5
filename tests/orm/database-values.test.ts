import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  bigInteger,
  buildModel,
  char,
  check,
  coalesce,
  type Database,
  dateTime,
  decimal,
  duration,
  foreignKey,
  generated,
  integer,
  json,
  manager,
  Model,
  related,
  upper,
} from "cortado/orm";
import { Decimal, Temporal } from "cortado/validation";
import { openModels, targets } from "./open-cafe.ts";

class Coffee extends Model({
  name: char({ dbDefault: "Latte" }),
  price: integer({ dbDefault: 4500 }),
  amount: integer({ default: 2 }),
  total: generated({ expression: (c) => c.price.mul(c.amount), output: integer(), stored: true }),
  shout: generated({ expression: (c) => upper(c.name), output: char({ maxLength: 40, null: true }) }),
}) {
  static objects = manager(this);
}

class Offer extends Model(
  { price: integer({ dbDefault: 5 }), sale: integer(), name: char({ dbDefault: upper("x" as never) }) },
  { constraints: [check("bargain", "Sale < PRICE"), check("named", (row) => row.name.eq("X"))] },
) {
  static objects = manager(this);
}
class Roaster extends Model({ name: char(), sales: () => related(Sale, "roaster") }) {
  static objects = manager(this);
}
class Sale extends Model({
  roaster: () => foreignKey(Roaster, { onDelete: "cascade" }),
  cost: decimal({ maxDigits: 10, decimalPlaces: 2 }),
  share: decimal({ null: true }),
  units: bigInteger(),
  took: duration(),
  made: dateTime(),
  data: json<any>({ default: () => ({}) }),
}) {
  static objects = manager(this);
}

const made = new Date("2026-01-31T23:59:59.123Z");

for (const { name: target, url, skip } of targets) {
  describe(`values of the database on ${target}`, { skip }, () => {
    let db: Database;
    let roaster: Roaster;
    before(async () => {
      db = await openModels(url!, { Coffee, Offer, Roaster, Sale });
      roaster = await Roaster.objects.create({ name: "Fritz" });
      const sale = (cost: string, units: bigint, took: string) =>
        Sale.objects.create({ roaster, cost: new Decimal(cost), share: new Decimal(cost), units, took: Temporal.Duration.from(took), made }); // oxfmt-ignore
      await sale("0.10", 9_007_199_254_740_993n, "PT0.000001S");
      await sale("0.20", 1n, "P1DT0.000002S");
    });
    after(() => db?.close());

    test("a column's own default fills what was not given, and the row knows it", async () => {
      const coffee = new Coffee({});
      assert.equal(coffee.price, undefined);
      await coffee.fullClean();
      await coffee.save();
      assert.deepEqual([coffee.name, coffee.price, coffee.total, coffee.shout], ["Latte", 4500, 9000, "LATTE"]);
      const given = await Coffee.objects.create({ name: "Mocha", price: 5000 });
      assert.deepEqual([given.name, given.price, given.total], ["Mocha", 5000, 10_000]);
    });

    test("a constraint counts on the column's own default", async () => {
      await assert.rejects(new Offer({ sale: 6 }).fullClean(), /“bargain” is violated/);
      await new Offer({ sale: 4 }).fullClean();
      await assert.rejects(new Offer({ sale: 4, name: "Y" }).fullClean(), /“named” is violated/);
    });

    test("a generated column follows the others, is found, sorts, and cannot be written", async () => {
      await Coffee.objects.all().delete();
      await Coffee.objects.bulkCreate([{ name: "a", price: 1 }, { name: "b", price: 3 }, { name: "c", price: 2 }]); // oxfmt-ignore
      assert.deepEqual(await Coffee.objects.orderBy("-total").valuesList("shout", { flat: true }), ["B", "C", "A"]);
      assert.equal(await Coffee.objects.filter({ total: { gte: 4 } }).count(), 2);
      const coffee = await Coffee.objects.get({ name: "a" });
      coffee.amount = 10;
      await coffee.save();
      assert.equal((await Coffee.objects.get({ pk: coffee.pk })).total, 10);
      assert.equal(Coffee.meta.field("total").editable, false);
      assert.equal(Coffee.meta.field("total").databaseValue, "generated");
    });

    test("a migration keeps defaults and expressions of the database as SQL", () => {
      const { kind, options } = Coffee.meta.field("total").deconstruct();
      assert.equal(kind, "generated");
      assert.deepEqual(options, {
        expression: { sql: '("price" * "amount")' },
        output: { kind: "integer", options: {} },
        stored: true,
      });
      assert.deepEqual(Coffee.meta.field("price").deconstruct().options, { dbDefault: 4500 });
      const past = generated({ expression: { sql: "price * 2" }, output: integer() });
      assert.equal(buildModel({ app: "past", name: "Coffee", fields: { past } }).meta.field("past").kind, "integer");
    });

    test("decimals, bigints and durations stay exact in sums, extremes and JSON of a row", async () => {
      const found = await Sale.objects.aggregate((s) => ({
        cost: s.cost.sum(),
        share: s.share.sum(),
        mean: s.cost.avg(),
        most: s.units.max(),
        units: s.units.sum(),
        took: s.took.sum(),
        longest: s.took.max(),
        last: s.made.max(),
        none: coalesce(s.share.max(), new Decimal(0)),
      }));
      assert.equal(String(found.cost), "0.3");
      assert.equal(String(found.share), "0.3");
      assert.equal(Number(found.mean), 0.15);
      assert.equal(found.most, 9_007_199_254_740_993n);
      assert.equal(found.units, 9_007_199_254_740_994n);
      assert.equal(String(found.took), "P1DT0.000003S");
      assert.equal(String(found.longest), "P1DT0.000002S");
      assert.deepEqual(found.last, made);
      assert.equal(String(found.none), "0.2");
      const [row] = await Roaster.objects.annotate((r) => ({ cost: r.sales.cost.sum(), most: r.sales.units.max(), took: r.sales.took.max() })); // oxfmt-ignore
      assert.deepEqual([String(row!.cost), row!.most, String(row!.took)], ["0.3", 9_007_199_254_740_993n, "P1DT0.000002S"]);
      const [sale] = await Sale.objects.with("roaster").orderBy("pk");
      assert.deepEqual(JSON.parse(JSON.stringify(sale!.pick("cost", "share", "units", "took", "made"))), {
        cost: "0.10",
        share: "0.1",
        units: "9007199254740993",
        took: "PT0.000001S",
        made: "2026-01-31T23:59:59.123Z",
      });
    });

    test("arithmetic of the database keeps decimals and moments", async () => {
      await Sale.objects.filter({ units: 1n }).update((s) => ({ share: s.share.add(new Decimal("0.1")), cost: s.cost.mul(3) }));
      const sale = await Sale.objects.get({ units: 1n });
      assert.deepEqual([String(sale.share), sale.cost.toFixed(2)], ["0.3", "0.60"]);
      assert.equal(await Sale.objects.filter({ share: new Decimal("0.30") }).count(), 1);
    });

    test("microseconds that another program wrote survive a save", { skip: url?.startsWith("sqlite") }, async () => {
      await db.execute("UPDATE cafe_sale SET made = '2026-01-31T23:59:59.123456Z'");
      const [sale] = await Sale.objects.orderBy("pk");
      assert.deepEqual(sale!.made, made);
      sale!.share = null;
      await sale!.save();
      const [row] = await db.rows("SELECT to_char(made, 'US') FROM cafe_sale ORDER BY id LIMIT 1");
      assert.deepEqual(row, ["123456"]);
      await db.execute("UPDATE cafe_sale SET made = '2026-01-31T23:59:59.123457Z' WHERE id <> $1", [sale!.pk]);
      const other = await sale!.getNextBy("made");
      assert.notEqual(other.pk, sale!.pk);
      assert.deepEqual(other.made, made);
      await assert.rejects(other.getNextBy("made"), Sale.DoesNotExist);
    });
  });
}
