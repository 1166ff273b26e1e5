import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  anyValue,
  bitOr,
  boolAnd,
  char,
  type Database,
  decimal,
  foreignKey,
  integer,
  jsonObject,
  manager,
  Model,
  related,
  rowNumber,
  stringAgg,
  transaction,
  uuid4,
  window,
} from "cortado/orm";
import {
  arrayAgg,
  corr,
  covarPop,
  covarSamp,
  jsonbAgg,
  regrAvgX,
  regrAvgY,
  regrCount,
  regrIntercept,
  regrR2,
  regrSlope,
  regrSxx,
  regrSxy,
  regrSyy,
  transactionNow,
} from "cortado/orm/postgres";
import { onPostgres, openPostgres } from "./open-postgres.ts";

class Maker extends Model({ name: char({ maxLength: 20 }), drinks: () => related(Drink, "maker") }) {
  static objects = manager(this);
}

class Drink extends Model({
  name: char({ maxLength: 20 }),
  price: integer(),
  rating: integer({ null: true }),
  cost: decimal({ maxDigits: 6, decimalPlaces: 2, default: 0 }),
  maker: () => foreignKey(Maker, { onDelete: "cascade" }),
}) {
  static objects = manager(this);
}

describe("PostgreSQL's aggregates", onPostgres, () => {
  let db: Database;
  before(async () => {
    db = await openPostgres({ Maker, Drink });
    const [fritz, ada] = await Maker.objects.bulkCreate([{ name: "Fritz" }, { name: "Ada" }, { name: "Nobody" }]);
    await Drink.objects.bulkCreate([
      { name: "Espresso", price: 1, rating: 2, cost: "0.10", maker: fritz! },
      { name: "Latte", price: 2, rating: 4, cost: "0.20", maker: fritz! },
      { name: "Mocha", price: 3, rating: 6, cost: "0.20", maker: ada! },
      { name: "Water", price: 4, rating: null, cost: "0.00", maker: ada! },
    ] as never);
  });
  after(() => db?.close());

  test("values become a list, in an order, each once, of some rows, with a default", async () => {
    const all = await Drink.objects.aggregate((d) => ({
      names: arrayAgg(d.name, { orderBy: d.price.desc() }),
      costs: arrayAgg(d.cost, { distinct: true, orderBy: d.cost }),
      ratings: arrayAgg(d.rating, { orderBy: d.price }),
      dear: arrayAgg(d.price, { filter: { price: { gte: 3 } }, orderBy: "price" }),
      none: arrayAgg(d.name, { filter: { price: 0 } }),
      empty: arrayAgg(d.name, { filter: { price: 0 }, default: [] }),
    }));
    const names: string[] | null = all.names;
    assert.deepEqual(names, ["Water", "Mocha", "Latte", "Espresso"]);
    assert.deepEqual(all.costs!.map(String), ["0", "0.1", "0.2"]);
    assert.deepEqual(all.ratings, [2, 4, 6, null]);
    assert.deepEqual([all.dear, all.none, all.empty], [[3, 4], null, []]);
  });

  test("values behind a to-many relation become a list for each row", async () => {
    const makers = await Maker.objects
      .annotate((m) => ({
        names: arrayAgg(m.drinks.name, { orderBy: "-price" }),
        cards: jsonbAgg(m.drinks.price, { orderBy: "price", default: [] }),
      }))
      .orderBy("id");
    const lists: (string[] | null)[] = makers.map((maker) => maker.names);
    assert.deepEqual(lists, [["Latte", "Espresso"], ["Water", "Mocha"], null]);
    assert.deepEqual(makers.map((maker) => maker.cards), [[1, 2], [3, 4], []]); // oxfmt-ignore
    const grouped = await Drink.objects
      .values("maker")
      .annotate((d) => ({ names: arrayAgg(d.name, { orderBy: d.name }) }))
      .orderBy("maker");
    assert.deepEqual(grouped.map((row) => row.names), [["Espresso", "Latte"], ["Mocha", "Water"]]); // oxfmt-ignore
    const found = await Maker.objects
      .annotate((m) => ({ prices: arrayAgg(m.drinks.price) }))
      .filter((m) => m.prices.contains([4]));
    assert.deepEqual(
      found.map((maker) => maker.name),
      ["Ada"],
    );
  });

  test("rows become a list of JSON", async () => {
    const { cards } = await Drink.objects.filter({ price: { lt: 3 } }).aggregate((d) => ({
      cards: jsonbAgg(jsonObject({ name: d.name, price: d.price }), { orderBy: d.price }),
    }));
    assert.deepEqual(cards, [{ name: "Espresso", price: 1 }, { name: "Latte", price: 2 }]); // oxfmt-ignore
  });

  test("a list runs along a window", async () => {
    const rows = await Drink.objects
      .annotate((d) => ({ soFar: window(arrayAgg(d.price), { orderBy: d.price }), n: window(rowNumber(), { orderBy: d.price }) }))
      .orderBy("price");
    assert.deepEqual(rows.map((row) => row.soFar), [[1], [1, 2], [1, 2, 3], [1, 2, 3, 4]]); // oxfmt-ignore
    await assert.rejects(
      Drink.objects.annotate((d) => ({ x: window(arrayAgg(d.price, { distinct: true }), { orderBy: d.price }) })).all(),
      { code: "ORM_BAD_QUERY" },
    );
  });

  test("two columns are compared by statistics; rows without one of both do not count", async () => {
    const found = await Drink.objects.aggregate((d) => ({
      corr: corr(d.rating, d.price),
      pop: covarPop(d.rating, d.price),
      samp: covarSamp(d.rating, d.price),
      avgX: regrAvgX(d.rating, d.price),
      avgY: regrAvgY(d.rating, d.price),
      count: regrCount(d.rating, d.price),
      intercept: regrIntercept(d.rating, d.price),
      r2: regrR2(d.rating, d.price),
      slope: regrSlope(d.rating, d.price),
      sxx: regrSxx(d.rating, d.price),
      sxy: regrSxy(d.rating, d.price),
      syy: regrSyy(d.rating, d.price),
      none: corr(d.rating, d.price, { filter: { price: 0 } }),
      zero: corr(d.rating, d.price, { filter: { price: 0 }, default: 0 }),
    }));
    const rounded = Object.fromEntries(
      Object.entries(found).map(([name, value]) => [name, value === null ? null : Math.round(value * 1e6) / 1e6]),
    );
    assert.deepEqual(rounded, {
      corr: 1,
      pop: 1.333333,
      samp: 2,
      avgX: 2,
      avgY: 4,
      count: 3,
      intercept: 0,
      r2: 1,
      slope: 2,
      sxx: 2,
      sxy: 4,
      syy: 8,
      none: null,
      zero: 0, // oxfmt-ignore
    });
  });

  test("what both databases have is there too: texts in a row, bits, truths, any value, random UUIDs", async () => {
    const found = await Drink.objects.aggregate((d) => ({
      text: stringAgg(d.name, ", ", { orderBy: d.price }),
      bits: bitOr(d.price),
      all: boolAnd(d.price.gt(0)),
      any: anyValue(d.cost, { filter: { price: 1 } }),
    }));
    assert.deepEqual([found.text, found.bits, found.all, String(found.any)], ["Espresso, Latte, Mocha, Water", 7, true, "0.1"]);
    const keys = await Drink.objects.annotate(() => ({ key: uuid4() })).valuesList("key", { flat: true });
    assert.equal(new Set(keys).size, 4);
  });

  test("a transaction has one present", async () => {
    await transaction(async () => {
      const now = async () => (await Maker.objects.annotate(() => ({ at: transactionNow() })).first())!.at;
      const first: Date = await now();
      await db.query("SELECT pg_sleep(0.02)");
      assert.deepEqual(await now(), first);
    });
  });
});
