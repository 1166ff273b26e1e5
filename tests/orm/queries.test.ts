import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import type { CortadoError } from "cortado";
import { caseWhen, coalesce, concat, count, type Database, lower, Q, when } from "cortado/orm";
import { Engine } from "cortado/templates";
import { Decimal, Temporal } from "cortado/validation";
import { Coffee, Node, Profile, Roaster, Sample, Shelf, Tag } from "./cafe-models.ts";
import { openCafe, targets } from "./open-cafe.ts";

const names = async (rows: PromiseLike<{ name: string }[]>) => (await rows).map((row) => row.name);

/** Counts the SELECTs that a piece of work sends. */
async function statements(db: Database, work: () => Promise<unknown>): Promise<number> {
  const { rows, rowsNow } = db;
  let sent = 0;
  db.rows = (...args) => {
    sent++;
    return rows.apply(db, args);
  };
  if (rowsNow) {
    db.rowsNow = (...args) => {
      sent++;
      return rowsNow.apply(db, args);
    };
  }
  await work().finally(() => Object.assign(db, { rows, rowsNow }));
  return sent;
}

for (const { name, url, skip } of targets) {
  describe(`queries on ${name}`, { skip }, () => {
    let db: Database;
    let fritz: Roaster;
    let yirga: Roaster;
    before(async () => {
      db = await openCafe(url!);
    });
    after(() => db?.close());
    beforeEach(async () => {
      await Coffee.objects.all().delete();
      await Tag.objects.all().delete();
      await Roaster.objects.all().delete();
      await Sample.objects.all().delete();
      await Node.objects.all().delete();
      fritz = await Roaster.objects.create({ name: "Fritz", country: "KR" });
      yirga = await Roaster.objects.create({ name: "Yirga", country: "ET" });
      await Coffee.objects.bulkCreate([
        { name: "Latte", price: 4500, roaster: fritz },
        { name: "Mocha", price: 5000, roaster: fritz },
        { name: "Cold Brew", price: 3000, isIce: true, roasterId: yirga.id },
        { name: "Élan 100%", price: 100 },
      ]);
    });

    test("filter compares fields, relations and their fields", async () => {
      assert.deepEqual(
        await names(Coffee.objects.filter({ price: { gte: 4000 }, roaster: { country: "KR" } }).orderBy("-price")),
        ["Mocha", "Latte"],
      );
      assert.deepEqual(await names(Coffee.objects.filter({ roaster: yirga })), ["Cold Brew"]);
      assert.deepEqual(await names(Coffee.objects.filter({ roaster: null })), ["Élan 100%"]);
      assert.deepEqual(await names(Coffee.objects.filter({ roaster: { in: [fritz, yirga.id] }, isIce: true })), ["Cold Brew"]);
      assert.deepEqual(await names(Roaster.objects.filter({ coffees: { price: { lt: 4000 } } })), ["Yirga"]);
      assert.deepEqual(await names(Roaster.objects.exclude({ coffees: { name: "Latte" } })), ["Yirga"]);
    });

    test("exclude keeps rows without a value", async () => {
      assert.deepEqual(await names(Coffee.objects.exclude({ roaster: { country: "KR" } })), ["Cold Brew", "Élan 100%"]);
    });

    test("every text lookup means what it says", async () => {
      const matching = (lookup: object) => names(Coffee.objects.filter({ name: lookup }));
      assert.deepEqual(await matching({ contains: "o" }), ["Mocha", "Cold Brew"]);
      assert.deepEqual(await matching({ contains: "L" }), ["Latte"]);
      assert.deepEqual(await matching({ contains: "0%" }), ["Élan 100%"]);
      assert.deepEqual(await matching({ contains: "_" }), []);
      assert.deepEqual(await matching({ icontains: "BREW" }), ["Cold Brew"]);
      assert.deepEqual(await matching({ icontains: "éL" }), ["Élan 100%"]);
      assert.deepEqual(await matching({ startsWith: "L" }), ["Latte"]);
      assert.deepEqual(await matching({ istartsWith: "l" }), ["Latte"]);
      assert.deepEqual(await matching({ endsWith: "Brew" }), ["Cold Brew"]);
      assert.deepEqual(await matching({ iendsWith: "BREW" }), ["Cold Brew"]);
      assert.deepEqual(await matching({ iexact: "latte" }), ["Latte"]);
      assert.deepEqual(await matching({ regex: "^[LM]" }), ["Latte", "Mocha"]);
      assert.deepEqual(await matching({ iregex: "^[lm]" }), ["Latte", "Mocha"]);
      assert.deepEqual(await matching({ in: ["Latte", "x'; DROP TABLE cafe_coffee; --"] }), ["Latte"]);
      assert.deepEqual(await matching({ in: [] }), []);
    });

    test("number lookups", async () => {
      assert.deepEqual(await names(Coffee.objects.filter({ price: { range: [3000, 4500] } })), ["Latte", "Cold Brew"]);
      assert.deepEqual(await names(Coffee.objects.filter({ price: { gt: 100, lt: 4500 } })), ["Cold Brew"]);
      assert.deepEqual(await names(Coffee.objects.filter({ roaster: { isNull: true } })), ["Élan 100%"]);
    });

    test("Q joins conditions of every kind", async () => {
      const either = Coffee.objects.filter(Q.or({ price: { lt: 200 } }, (c: any) => c.name.startsWith("L")));
      assert.deepEqual(await names(either), ["Latte", "Élan 100%"]);
      assert.deepEqual(await names(Coffee.objects.filter(Q.not({ isIce: false }))), ["Cold Brew"]);
      assert.deepEqual(
        await names(Coffee.objects.filter(Q.and({ isIce: false }, Q.not(Q.or({ name: "Latte" }, { name: "Mocha" }))))),
        ["Élan 100%"],
      );
    });

    test("several aggregates over to-many relations never multiply", async () => {
      const [hot, sweet] = [await Tag.objects.create({ label: "hot" }), await Tag.objects.create({ label: "sweet" })];
      for (const coffee of await Coffee.objects.all()) await coffee.tags.add(hot, sweet);
      const rows = await Coffee.objects.annotate((c) => ({ tagCount: c.tags.count() })).filter({ tagCount: 2 });
      assert.equal(rows.length, 4);
      const roasters = await Roaster.objects
        .annotate((r) => ({
          n: r.coffees.count(),
          total: r.coffees.price.sum(),
          mean: r.coffees.price.avg(),
          iced: r.coffees.filter({ isIce: true }).count(),
        }))
        .filter((r) => r.n.gt(1));
      assert.deepEqual(
        roasters.map(({ name, n, total, mean, iced }) => ({ name, n, total, mean, iced })),
        [{ name: "Fritz", n: 2, total: 9500, mean: 4750, iced: 0 }],
      );
    });

    test("aggregate and group", async () => {
      assert.deepEqual(await Coffee.objects.aggregate((c) => ({ n: count(), most: c.price.max(), total: c.price.sum() })), {
        n: 4,
        most: 5000,
        total: 12600,
      });
      assert.deepEqual(await Coffee.objects.none().aggregate((c) => ({ total: c.price.sum() })), { total: null });
      assert.deepEqual(
        await Coffee.objects
          .values("isIce")
          .annotate(() => ({ n: count() }))
          .orderBy("isIce"),
        [
          { isIce: false, n: 3 },
          { isIce: true, n: 1 },
        ],
      );
      assert.deepEqual(await Coffee.objects.slice(0, 2).aggregate(() => ({ n: count() })), { n: 2 });
    });

    test("expressions and functions compute in the database", async () => {
      const rows = await Coffee.objects
        .annotate((c) => ({
          size: caseWhen([when(c.price.gte(4500), "dear")], "cheap"),
          title: concat(c.name, " / ", c.roaster.name),
          small: lower(c.name),
          owner: coalesce(c.roaster.name, "nobody"),
        }))
        .orderBy((c) => c.price.desc())
        .values("size", "title", "small", "owner");
      assert.deepEqual(rows[0], { size: "dear", title: "Mocha / Fritz", small: "mocha", owner: "Fritz" });
      assert.deepEqual(rows[3], { size: "cheap", title: "Élan 100% / ", small: "élan 100%", owner: "nobody" });
    });

    test("conditions and plain values can be annotated", async () => {
      const rows = await Roaster.objects
        .annotate((r) => ({
          dear: r.coffees.filter({ price: { gt: 4900 } }).exists(),
          rank: caseWhen([when(r.country.eq("KR"), 1)], 2),
          isKorean: r.country.eq("KR"),
        }))
        .values("dear", "rank", "isKorean");
      assert.deepEqual(rows, [
        { dear: true, rank: 1, isKorean: true },
        { dear: false, rank: 2, isKorean: false },
      ]);
    });

    test("update takes values and expressions, also through relations", async () => {
      assert.equal(await Coffee.objects.filter({ roaster: { country: "KR" } }).update((c) => ({ price: c.price.add(100) })), 2);
      assert.deepEqual(await Coffee.objects.valuesList("price", { flat: true }), [4600, 5100, 3000, 100]);
      const first = Coffee.objects.slice(0, 1);
      await assert.rejects(first.update({ isIce: true }), /cannot follow a query that was sliced/);
      assert.equal(await Coffee.objects.filter({ id: { in: first } }).update({ isIce: true }), 1);
      assert.equal(await Coffee.objects.filter({ isIce: true }).count(), 2);
    });

    test("values, valuesList and paths over relations", async () => {
      assert.deepEqual(await Coffee.objects.filter({ name: "Latte" }).values("name", "roaster.country", "roasterId"), [
        { name: "Latte", "roaster.country": "KR", roasterId: fritz.id },
      ]);
      assert.deepEqual(await Coffee.objects.valuesList("name", "isIce").slice(2, 3), [["Cold Brew", true]]);
    });

    test("get, first, last, earliest, latest, exists, contains, inBulk", async () => {
      const latte = await Coffee.objects.get({ name: "Latte" });
      assert.equal(latte.label(), "Latte 4500 beans");
      await assert.rejects(
        Coffee.objects.get({ name: "Tea" }),
        (error) => error instanceof Coffee.DoesNotExist && !(error instanceof Roaster.DoesNotExist),
      );
      await assert.rejects(Coffee.objects.get({ isIce: false }), Coffee.MultipleObjectsReturned);
      assert.equal((await Coffee.objects.orderBy("price").first())?.name, "Élan 100%");
      assert.equal((await Coffee.objects.last())?.name, "Élan 100%");
      assert.equal(await Coffee.objects.none().first(), null);
      assert.equal((await Coffee.objects.latest("price")).name, "Mocha");
      assert.equal((await Coffee.objects.earliest("price")).name, "Élan 100%");
      assert.equal(await Coffee.objects.filter({ price: { gt: 9999 } }).exists(), false);
      assert.equal(await Coffee.objects.filter({ price: { gt: 1000 } }).contains(latte), true);
      assert.deepEqual([...(await Coffee.objects.inBulk([latte.id, -1])).keys()], [latte.id]);
    });

    test("a template prints nothing for a row that does not exist", async () => {
      const context = { row: Coffee.objects.get({ id: -1 }) };
      assert.equal(await new Engine({}).renderString("[{{ row.name }}]", context), "[]");
    });

    test("keys of 64 bits lead over relations of many to many", async () => {
      const shelf = await Shelf.objects.create({ name: "top" });
      const other = await Shelf.objects.create({ name: "low" });
      await shelf.neighbours.add(other);
      const [first, second] = await Shelf.objects.orderBy("id");
      assert.deepEqual(
        [typeof first!.id, await names(first!.neighbours), await names(second!.neighbours)],
        ["bigint", ["low"], []],
      );
      assert.deepEqual(await names(Shelf.objects.filter({ neighbours: { name: "low" } })), ["top"]);
    });

    test("a query is lazy, immutable and can be awaited again", async () => {
      const all = Coffee.objects.filter({ isIce: false });
      const cheap = all.filter({ price: { lt: 4600 } });
      assert.equal((await all).length, 3);
      assert.equal((await cheap).length, 2);
      await Coffee.objects.create({ name: "New", price: 1 });
      assert.equal((await cheap).length, 3);
      assert.equal((await all.slice(1, 3)).length, 2);
      const seen: string[] = [];
      for await (const coffee of all.iterator({ batchSize: 2 })) seen.push(coffee.name);
      assert.equal(seen.length, 4);
    });

    test("with joins, and awaiting a relation loads it for every row with one query", async () => {
      const joined = await Coffee.objects.with("roaster");
      assert.deepEqual(
        joined.map((coffee) => coffee.roaster?.name ?? null),
        ["Fritz", "Fritz", "Yirga", null],
      );
      const sent = await statements(db, async () => {
        const rows = await Coffee.objects.all();
        const owners = await Promise.all(rows.map((coffee) => coffee.roaster));
        assert.equal(owners[2]?.name, "Yirga");
        for (const coffee of rows) await coffee.tags;
      });
      assert.equal(sent, 3);
      const lists = await statements(db, async () => {
        for (const roaster of await Roaster.objects.with("coffees.tags"))
          for (const coffee of await roaster.coffees) assert.deepEqual(await coffee.tags, []);
      });
      assert.equal(lists, 3);
    });

    test("many-to-many: add, remove, set, clear, create, and the way back", async () => {
      const latte = await Coffee.objects.get({ name: "Latte" });
      const hot = await latte.tags.create({ label: "hot" });
      const sweet = await Tag.objects.create({ label: "sweet" });
      await latte.tags.add(hot, sweet, sweet.id);
      assert.deepEqual(
        (await latte.tags).map((tag) => tag.label),
        ["hot", "sweet"],
      );
      assert.deepEqual(await names(sweet.coffees.all()), ["Latte"]);
      assert.deepEqual(await names(Coffee.objects.filter({ tags: { label: { startsWith: "s" } } })), ["Latte"]);
      await latte.tags.remove(hot);
      await latte.tags.set([hot]);
      assert.deepEqual(
        (await latte.tags).map((tag) => tag.label),
        ["hot"],
      );
      await latte.tags.clear();
      assert.equal(await latte.tags.count(), 0);
    });

    test("one-to-one and trees", async () => {
      const profile = await Profile.objects.create({ roaster: fritz, story: "Seoul" });
      const found = await Roaster.objects.get({ profile: { story: "Seoul" } });
      assert.equal((await found.profile)?.id, profile.id);
      assert.equal(await yirga.profile, null);
      const root = await Node.objects.create({ title: "root" });
      await root.children.create({ title: "leaf" });
      assert.equal((await Node.objects.get({ parent: { title: "root" } })).title, "leaf");
      assert.equal(await root.delete(), 2);
    });

    test("values of every kind come back as they went", async () => {
      const moment = new Date("2026-01-31T12:34:56.789Z");
      const values = {
        key: "0b9f0d2e-6c5a-4b7e-9a3d-111122223333",
        big: 9_007_199_254_740_993n,
        cost: new Decimal("12.50"),
        huge: new Decimal("12345678901234567890.0123456789"),
        day: Temporal.PlainDate.from("2026-02-03"),
        moment,
        data: { a: [1, 2] },
      };
      const { id } = await Sample.objects.create(values);
      const row = await Sample.objects.get({ id });
      assert.equal(row.key, values.key);
      assert.equal(row.big, values.big);
      assert.equal(row.cost?.toFixed(2), "12.50");
      assert.equal(row.huge?.toString(), "12345678901234567890.0123456789");
      assert.equal(row.day?.equals(values.day), true);
      assert.equal(row.moment?.getTime(), moment.getTime());
      assert.deepEqual(row.data, { a: [1, 2] });
      assert.equal(
        await Sample.objects
          .filter({ day: values.day, moment: { year: 2026, month: { gte: 1 }, weekDay: 7, date: "2026-01-31" }, big: values.big })
          .count(),
        1,
      );
    });

    test("decimals compare, order and add exactly", async () => {
      const costs = ["2.50", "10.00", "-3.75", "0.10"];
      await Sample.objects.bulkCreate(costs.map((cost, left) => ({ cost: new Decimal(cost), huge: new Decimal(cost), left })));
      const list = async (rows: PromiseLike<{ cost: Decimal | null }[]>) => (await rows).map((row) => row.cost!.toFixed(2));
      assert.deepEqual(await list(Sample.objects.orderBy("cost")), ["-3.75", "0.10", "2.50", "10.00"]);
      assert.deepEqual(await list(Sample.objects.orderBy("-huge")), ["10.00", "2.50", "0.10", "-3.75"]);
      assert.deepEqual(await list(Sample.objects.filter({ cost: { gt: new Decimal("2.5") } })), ["10.00"]);
      assert.deepEqual(await list(Sample.objects.filter({ huge: { lte: new Decimal("0.1") } }).orderBy("huge")), [
        "-3.75",
        "0.10",
      ]);
      assert.equal(await Sample.objects.filter({ cost: new Decimal("2.5") }).count(), 1);
      assert.equal(await Sample.objects.filter({ cost: new Decimal("2.505") }).count(), 0);
      const sums = await Sample.objects.aggregate((s) => ({ total: s.cost.sum(), least: s.cost.min(), mean: s.cost.avg() }));
      assert.deepEqual([sums.total?.toFixed(2), sums.least?.toFixed(2), sums.mean?.toFixed(4)], ["8.85", "-3.75", "2.2125"]);
      await Sample.objects.filter({ left: 3 }).update((s) => ({ cost: s.cost.add(new Decimal("0.2")) }));
      assert.equal((await Sample.objects.get({ cost: new Decimal("0.3") })).left, 3);
    });

    test("only and defer leave fields out, and reading one says so", async () => {
      const [latte] = await Coffee.objects.only("name");
      assert.equal(latte!.name, "Latte");
      assert.throws(() => latte!.price, {
        code: "ORM_DEFERRED_FIELD",
        message: "Coffee.price was left out by only() or defer().",
      });
      latte!.price = 7;
      await latte!.save();
      assert.equal((await Coffee.objects.get({ id: latte!.id })).price, 7);
    });

    test("raw gives instances", async () => {
      const [coffee] = await Coffee.objects.raw(
        `SELECT * FROM cafe_coffee WHERE name = ${db.dialect === "sqlite" ? "?" : "$1"}`,
        ["Mocha"],
      );
      assert.equal(coffee!.label(), "Mocha 5000 beans");
    });

    test("a mistake in a query names what was given and what there is", async () => {
      await assert.rejects(Coffee.objects.filter({ prise: 3 } as never).all(), (error: CortadoError) => {
        assert.equal(error.code, "ORM_UNKNOWN_FIELD");
        assert.match(error.message, /^Coffee has no field "prise"\. It has: id, name, price, isIce, roaster, roasterId, tags\.$/);
        assert.equal(error.hint, 'Did you mean "price"?');
        return true;
      });
      await assert.rejects(Coffee.objects.filter({ name: { startswith: "L" } } as never).all(), {
        code: "ORM_UNKNOWN_LOOKUP",
        hint: 'Did you mean "startsWith"?',
      });
      await assert.rejects(Coffee.objects.filter({ name: undefined } as never).all(), { code: "ORM_UNDEFINED_VALUE" });
      await assert.rejects(Coffee.objects.filter({ roaster: { country: undefined } } as never).count(), {
        code: "ORM_UNDEFINED_VALUE",
      });
      await assert.rejects(Coffee.objects.filter({ price: { in: 3 } } as never).all(), { code: "ORM_BAD_LOOKUP_VALUE" });
      await assert.rejects(Coffee.objects.orderBy("prize" as never).all(), {
        code: "ORM_UNKNOWN_FIELD",
        hint: 'Did you mean "price"?',
      });
      assert.throws(() => Coffee.objects.with("name" as never), { code: "ORM_BAD_QUERY" });
      assert.throws(() => Coffee.objects.slice(0, 2).filter({ id: 1 }), { code: "ORM_BAD_QUERY" });
      await assert.rejects(Coffee.objects.filter({ roaster: new Roaster({ name: "x" }) }).all(), { code: "ORM_NOT_SAVED" });
    });
  });
}
