import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import {
  count,
  cte,
  type Database,
  deferredFields,
  loadFields,
  openDatabase,
  outerRef,
  recursive,
  rowNumber,
  rowsOf,
  transaction,
  useDatabases,
  value,
  window,
} from "cortado/orm";
import { Decimal } from "cortado/validation";
import { Coffee, Node, Roaster, Sample, Tag } from "./cafe-models.ts";
import { openCafe, targets } from "./open-cafe.ts";

const names = async (rows: PromiseLike<{ name: string }[]>) => (await rows).map((row) => row.name);

for (const { name, url, skip } of targets) {
  describe(`query methods on ${name}`, { skip }, () => {
    let db: Database;
    let fritz: Roaster;
    let yirga: Roaster;
    before(async () => {
      db = await openCafe(url!);
    });
    after(() => db?.close());
    beforeEach(async () => {
      for (const model of [Coffee, Tag, Roaster, Sample, Node]) await (model.objects as typeof Coffee.objects).all().delete();
      fritz = await Roaster.objects.create({ name: "Fritz", country: "KR" });
      yirga = await Roaster.objects.create({ name: "Yirga", country: "ET" });
      await Coffee.objects.bulkCreate([
        { name: "Latte", price: 4500, roaster: fritz },
        { name: "Mocha", price: 5000, roaster: fritz },
        { name: "Americano", price: 3000, roaster: fritz },
        { name: "Cold Brew", price: 3000, isIce: true, roaster: yirga },
        { name: "Iced Tea", price: 2000, isIce: true },
      ]);
    });

    test("union, intersection and difference give rows that are ordered, sliced, filtered and counted", async () => {
      const cheap = Coffee.objects.filter({ price: { lte: 3000 } });
      const iced = Coffee.objects.filter({ isIce: true });
      const both = cheap.union(iced);
      assert.deepEqual(await names(both.orderBy("-name")), ["Iced Tea", "Cold Brew", "Americano"]);
      assert.equal(await cheap.union(iced, { all: true }).count(), 5);
      assert.deepEqual(await names(both.orderBy("name").slice(1, 3)), ["Cold Brew", "Iced Tea"]);
      assert.deepEqual(await names(cheap.intersection(iced).orderBy("name")), ["Cold Brew", "Iced Tea"]);
      assert.deepEqual(await names(cheap.difference(iced)), ["Americano"]);
      assert.deepEqual(await names(both.filter({ roaster: { country: "KR" } })), ["Americano"]);
      assert.equal((await both.with("roaster").orderBy("name"))[0]!.roaster?.name, "Fritz");
      assert.deepEqual(await both.aggregate((c) => ({ total: c.price.sum() })), { total: 8000 });
      assert.equal(await both.exists(), true);
      assert.equal((await both.orderBy("price").first())?.name, "Iced Tea");
      assert.equal(await both.filter({ name: "Iced Tea" }).update({ price: 2100 }), 1);
      const dearest = Coffee.objects.orderBy("-price").slice(0, 1);
      assert.deepEqual((await names(dearest.union(iced.orderBy("price").slice(0, 1)))).sort(), ["Iced Tea", "Mocha"]);
      assert.deepEqual(
        await Coffee.objects.values("name").filter({ price: 5000 }).union(Roaster.objects.values("name")).orderBy("name"),
        [{ name: "Fritz" }, { name: "Mocha" }, { name: "Yirga" }],
      );
      assert.equal(await both.none().count(), 0);
      assert.equal(await cheap.union(iced.none()).count(), 3);
    });

    test("a union refuses rows of another shape and locks", async () => {
      assert.throws(
        () => Coffee.objects.values("name").union(Coffee.objects.values("name", "price") as never),
        /\(name\) of Coffee .* \(name, price\)/,
      );
      assert.throws(() => Coffee.objects.union(Roaster.objects as never), /whole rows of Coffee .* whole rows of Roaster/);
      assert.throws(() => Coffee.objects.selectForUpdate().union(Coffee.objects.all()), /cannot be part of a union/);
      const values = Coffee.objects.values("name").union(Coffee.objects.values("name"));
      await assert.rejects(values.filter({ price: 3 }), /not among the values of the query/);
    });

    test("values() before an aggregate groups; filters and orders speak of the groups", async () => {
      const groups = Coffee.objects.values("roaster.name").annotate((c) => ({ n: count(), total: c.price.sum() }));
      assert.deepEqual(await groups.orderBy("-n", "roaster.name"), [
        { "roaster.name": "Fritz", n: 3, total: 12500 },
        { "roaster.name": null, n: 1, total: 2000 },
        { "roaster.name": "Yirga", n: 1, total: 3000 },
      ]);
      assert.deepEqual(await groups.filter((g) => g.n.gt(1)), [{ "roaster.name": "Fritz", n: 3, total: 12500 }]);
      assert.deepEqual(await groups.filter({ n: 1 }).orderBy("total").valuesList("total", { flat: true }), [2000, 3000]);
      assert.equal(await groups.count(), 3);
      assert.deepEqual(await groups.aggregate((g) => ({ most: g.n.max() })), { most: 3 });
      const dear = Coffee.objects.annotate((c) => ({ isDear: c.price.gte(4500) })).values("isDear");
      assert.deepEqual(await dear.annotate(() => ({ n: count() })).orderBy("isDear"), [
        { isDear: false, n: 3 },
        { isDear: true, n: 2 },
      ]);
      assert.deepEqual(
        await dear
          .annotate((c) => ({ least: c.price.min() }))
          .filter((c) => c.price.gt(2000))
          .orderBy("isDear"),
        [
          { isDear: false, least: 3000 },
          { isDear: true, least: 4500 },
        ],
      );
    });

    test("aggregates of a query that was annotated, sliced or made distinct are over its rows", async () => {
      const priced = Roaster.objects.annotate((r) => ({ n: r.coffees.count() }));
      assert.deepEqual(await priced.aggregate((r) => ({ most: r.n.max(), all: r.n.sum() })), { most: 3, all: 4 });
      assert.deepEqual(
        await Coffee.objects
          .orderBy("-price")
          .slice(0, 2)
          .aggregate((c) => ({ total: c.price.sum() })),
        { total: 9500 },
      );
      assert.deepEqual(
        await Coffee.objects
          .values("price")
          .distinct()
          .aggregate((c) => ({ total: c.price.sum(), n: count() })),
        {
          total: 14500,
          n: 4,
        },
      );
      assert.equal(await Coffee.objects.values("price").distinct().count(), 4);
      assert.equal(await Coffee.objects.values("price").distinct().exists(), true);
      assert.deepEqual(await Coffee.objects.values("isIce").distinct().orderBy("price").slice(0, 1), [{ isIce: true }]);
      const byPrice = Coffee.objects.orderBy("-price").valuesList("isIce", { flat: true }).distinct();
      assert.deepEqual([await byPrice, await byPrice.count(), await byPrice.reverse()], [[false, true], 2, [true, false]]);
      assert.equal(await Coffee.objects.count({ upTo: 2 }), 2);
      assert.equal(await Coffee.objects.slice(1, 3).count(), 2);
    });

    test("alias() computes for filters and orders what rows do not have", async () => {
      const rows = await Roaster.objects
        .alias((r) => ({ n: r.coffees.count() }))
        .filter((r) => r.n.gt(0))
        .orderBy("-n");
      assert.deepEqual(await names(Promise.resolve(rows)), ["Fritz", "Yirga"]);
      assert.equal("n" in rows[0]!, false);
      const [shown] = await Roaster.objects
        .alias((r) => ({ n: r.coffees.count() }))
        .annotate((r) => ({ twice: r.n.mul(2) }))
        .orderBy("name");
      assert.equal(shown!.twice, 6);
      assert.throws(() => Roaster.objects.alias((r) => ({ n: r.coffees.count() })).values("n"), /was computed by alias\(\)/);
    });

    test("sliceEach gives the first rows of each group, distinct with names the first", async () => {
      const dearest = Coffee.objects.orderBy("-price").sliceEach("roaster", 0, 2);
      assert.deepEqual(await names(dearest), ["Mocha", "Latte", "Cold Brew", "Iced Tea"]);
      assert.deepEqual(await names(Coffee.objects.orderBy("-price").sliceEach(["roaster"], 1)), ["Latte", "Americano"]);
      assert.equal(await dearest.count(), 4);
      assert.deepEqual(await dearest.values("name").slice(0, 1), [{ name: "Mocha" }]);
      assert.deepEqual(await names(Coffee.objects.orderBy("roaster", "-price").distinct("roaster").filter({ roaster: fritz })), [
        "Mocha",
      ]);
      assert.deepEqual(await names(Coffee.objects.orderBy("-price").distinct("isIce")), ["Mocha", "Cold Brew"]);
      assert.equal(await Coffee.objects.distinct("price").count(), 4);
      assert.throws(() => dearest.filter({ price: 3 }), /was sliced cannot be filtered/);
    });

    test("a window can be filtered by", async () => {
      const placed = Coffee.objects.annotate((c) => ({
        place: window(rowNumber(), { partitionBy: c.isIce, orderBy: c.price.desc() }),
      }));
      assert.deepEqual(await names(placed.filter((c) => c.place.eq(1)).orderBy("name")), ["Cold Brew", "Mocha"]);
      assert.equal(await placed.filter({ place: { lte: 2 } }).count(), 4);
      assert.deepEqual(
        await placed
          .filter({ price: { lt: 5000 } })
          .filter({ place: 1 })
          .values("name", "place")
          .orderBy("name"),
        [
          { name: "Cold Brew", place: 1 },
          { name: "Latte", place: 1 },
        ],
      );
    });

    test("a named query is joined, read and filtered by", async () => {
      const totals = cte(
        "totals",
        Coffee.objects.values("roasterId").annotate((c) => ({ total: c.price.sum(), n: count() })),
      );
      const roasters = Roaster.objects
        .join(totals, (roaster, one) => one.roasterId.eq(roaster.id))
        .annotate(() => ({ total: totals.columns.total }))
        .orderBy("-total");
      const rows = await roasters.filter((r) => r.total.gt(100));
      assert.deepEqual(
        rows.map((row) => [row.name, row.total]),
        [
          ["Fritz", 12500],
          ["Yirga", 3000],
        ],
      );
      assert.equal(await roasters.filter(() => totals.columns.n.gt(1)).count(), 1);
      assert.match(roasters.toSql().sql, /^WITH "totals" AS \(/);
      assert.equal(await totals.all().count(), 3);
      assert.deepEqual(await totals.all().filter({ roasterId: fritz.id }), [{ roasterId: fritz.id, total: 12500, n: 3 }]);
      const cheap = cte("cheap", Coffee.objects.filter({ price: { lte: 3000 } }), { materialized: true });
      assert.deepEqual(await names(cheap.all().filter({ isIce: false })), ["Americano"]);
      const without = await Roaster.objects
        .join(cheap, (r, c) => c.roasterId.eq(r.id).and(c.isIce.eq(true)), { left: true })
        .filter(() => cheap.columns.id.isNull());
      assert.deepEqual(await names(Promise.resolve(without)), ["Fritz"]);
      assert.equal(await Roaster.objects.filter({ id: { in: totals.all().values("roasterId") } }).count(), 2);
      await assert.rejects(
        Roaster.objects.annotate(() => ({ total: totals.columns.total })),
        /does not join "totals"/,
      );
      const other = cte("totals", Coffee.objects.all());
      await assert.rejects(
        roasters.join(other, (r, c) => c.id.eq(r.id)),
        /Two queries of one statement are named "totals"/,
      );
    });

    test("a recursive query walks a tree, and ends on a circle", async () => {
      const root = await Node.objects.create({ title: "root" });
      const left = await Node.objects.create({ title: "left", parent: root });
      await Node.objects.create({ title: "right", parent: root });
      const leaf = await Node.objects.create({ title: "leaf", parent: left });
      await Node.objects.create({ title: "elsewhere" });
      const below = recursive("below", {
        start: Node.objects.filter({ title: "root" }).annotate(() => ({ depth: value(0) })),
        step: (found) =>
          Node.objects
            .join(found, (node, parent) => node.parentId.eq(parent.id))
            .annotate(() => ({ depth: found.columns.depth.add(1) })),
      });
      const rows = await below.all().orderBy("depth", "title");
      assert.deepEqual(
        rows.map((row) => [row.title, row.depth]),
        [
          ["root", 0],
          ["left", 1],
          ["right", 1],
          ["leaf", 2],
        ],
      );
      assert.ok(rows[0] instanceof Node);
      assert.equal(await Node.objects.filter({ id: { in: below.all().values("id") } }).count(), 4);
      await Node.objects.filter({ id: root.id }).update({ parent: leaf });
      const around = recursive("around", {
        start: Node.objects.filter({ id: root.id }),
        step: (found) => Node.objects.join(found, (node, parent) => node.parentId.eq(parent.id)),
      });
      assert.equal(await around.all().count(), 4);
      const dearer = (start: typeof coffees) =>
        recursive("dearer", {
          start,
          step: (found) => Coffee.objects.join(found, (coffee, last) => coffee.price.gt(last.price)),
        });
      const coffees = Coffee.objects.filter({ name: "Latte" });
      assert.deepEqual(await names(dearer(coffees).all().orderBy("price")), ["Latte", "Mocha"]);
      assert.equal(await dearer(Coffee.objects.orderBy("-price").slice(0, 1)).all().count(), 1);
      assert.throws(
        () =>
          recursive("bad", {
            start: Node.objects.annotate(() => ({ depth: value(0) })),
            step: (found) => Node.objects.join(found, (n, p) => n.parentId.eq(p.id)),
          }),
        /does not give depth/,
      );
    });

    test("rowsOf gives the rows of a query as a value, exact decimals and dates too", async () => {
      const rows = await Roaster.objects
        .annotate((r) => ({
          dearest: rowsOf(
            Coffee.objects
              .filter({ roaster: outerRef(r.id) })
              .orderBy("-price")
              .values("name", "price", "isIce")
              .slice(0, 2),
          ),
          names: rowsOf(
            Coffee.objects
              .filter({ roaster: outerRef(r.id) })
              .orderBy("name")
              .valuesList("name", { flat: true }),
          ),
        }))
        .orderBy("name");
      assert.deepEqual(rows[0]!.dearest, [
        { name: "Mocha", price: 5000, isIce: false },
        { name: "Latte", price: 4500, isIce: false },
      ]);
      assert.deepEqual(rows[1]!.names, ["Cold Brew"]);
      const moment = new Date("2026-01-31T12:00:00.123Z");
      await Sample.objects.create({ big: 9007199254740993n, cost: new Decimal("12.50"), moment, data: { a: [1] } });
      const [row] = await Roaster.objects
        .annotate(() => ({ all: rowsOf(Sample.objects.values("big", "cost", "moment", "data")) }))
        .slice(0, 1);
      const [sample] = row!.all;
      assert.equal(sample!.big, 9007199254740993n);
      assert.equal(String(sample!.cost), "12.5");
      assert.deepEqual([sample!.moment, sample!.data], [moment, { a: [1] }]);
      assert.throws(() => rowsOf(Coffee.objects.all()), /is given whole rows of Coffee/);
    });

    test("dates and dateTimes give each day and moment once", async () => {
      for (const [left, moment] of [
        "2026-03-09T23:30:00Z",
        "2026-03-10T01:00:00Z",
        "2026-03-10T01:40:00Z",
        "2025-12-31T00:00:00Z",
      ].entries())
        await Sample.objects.create({ left, moment: new Date(moment) });
      await Sample.objects.create({ left: 9 });
      assert.deepEqual((await Sample.objects.dates("moment", "day")).map(String), ["2025-12-31", "2026-03-09", "2026-03-10"]);
      assert.deepEqual((await Sample.objects.dates("moment", "year", { order: "desc" })).map(String), [
        "2026-01-01",
        "2025-01-01",
      ]);
      assert.deepEqual((await Sample.objects.dates("moment", "day", { timeZone: "Asia/Seoul" })).map(String), [
        "2025-12-31",
        "2026-03-10",
      ]);
      assert.deepEqual(
        (await Sample.objects.dateTimes("moment", "hour", { order: "desc" })).map((at) => at.toISOString().slice(0, 13)),
        ["2026-03-10T01", "2026-03-09T23", "2025-12-31T00"],
      );
      assert.throws(() => Sample.objects.dateTimes("left", "day"), /is a integer field/);
    });

    test("explain tells the plan, toSql the statement", async () => {
      const query = Coffee.objects.filter({ name: "Latte" });
      assert.match(await query.explain(), name === "SQLite" ? /SCAN|SEARCH/ : /Scan/);
      const { sql, params } = query.toSql();
      assert.match(sql, /^SELECT .* WHERE .*"name" = /);
      assert.deepEqual(params, ["Latte"]);
      if (name === "SQLite") await assert.rejects(query.explain({ analyze: true }), /does not take analyze: true on SQLite/);
      else {
        assert.match(await query.explain({ analyze: true, format: "json" }), /Actual Rows/);
        await assert.rejects(query.explain({ format: "table" as never }), /does not take format: "table"/);
      }
    });

    test("ordered and totallyOrdered say what the order is worth", async () => {
      assert.deepEqual([Coffee.objects.ordered, Coffee.objects.totallyOrdered], [true, true]);
      assert.deepEqual([Roaster.objects.ordered, Roaster.objects.totallyOrdered], [false, false]);
      assert.equal(Coffee.objects.orderBy("price").totallyOrdered, false);
      assert.equal(Coffee.objects.orderBy("price", "-pk").totallyOrdered, true);
      assert.equal(Sample.objects.orderBy("right", "left").totallyOrdered, true);
      assert.equal(Coffee.objects.orderBy().ordered, false);
    });

    test("inBulk, contains, latest and earliest refuse what they cannot answer", async () => {
      const latte = await Coffee.objects.get({ name: "Latte" });
      await Tag.objects.create({ label: "hot" });
      assert.equal((await Tag.objects.inBulk(["hot", "cold"], { field: "label" })).get("hot")!.label, "hot");
      assert.equal((await Coffee.objects.inBulk()).size, 5);
      await assert.rejects(Coffee.objects.inBulk(["Latte"], { field: "name" }), /not unique, so rows would be lost/);
      assert.equal(await Coffee.objects.orderBy("-price").slice(0, 2).contains(latte), true);
      assert.equal(await Coffee.objects.orderBy("price").slice(0, 2).contains(latte), false);
      await assert.rejects(Coffee.objects.contains(new Coffee()), { code: "ORM_NOT_SAVED" });
      await assert.rejects(Coffee.objects.contains(fritz as never), /takes a row of it/);
      await assert.rejects(
        (Coffee.objects.values("name") as never as typeof Coffee.objects).contains(latte),
        /cannot follow values\(\)/,
      );
      await assert.rejects(Coffee.objects.latest(), /has no getLatestBy/);
      assert.equal((await Coffee.objects.latest("price", "name")).name, "Mocha");
    });

    test("pages by keyset follow the order, whatever is added meanwhile", async () => {
      const query = Coffee.objects.orderBy("-price", "roaster.name").with("roaster");
      const first = await query.page({ size: 2 });
      assert.deepEqual([await names(Promise.resolve(first.rows)), first.previous], [["Mocha", "Latte"], null]);
      await Coffee.objects.create({ name: "Dear", price: 9000 });
      const second = await query.page({ size: 2, after: first.next });
      assert.deepEqual(await names(Promise.resolve(second.rows)), ["Americano", "Cold Brew"]);
      const third = await query.page({ size: 2, after: second.next });
      assert.deepEqual([await names(Promise.resolve(third.rows)), third.next], [["Iced Tea"], null]);
      const back = await query.page({ size: 2, before: third.previous });
      assert.deepEqual(await names(Promise.resolve(back.rows)), ["Americano", "Cold Brew"]);
      const { rows } = await query.page({ size: 9, before: second.previous });
      assert.deepEqual(await names(Promise.resolve(rows)), ["Dear", "Mocha", "Latte"]);
      const latte = await Coffee.objects.get({ name: "Latte" });
      assert.deepEqual(await names(Coffee.objects.orderBy("-price").after(latte).slice(0, 1)), ["Cold Brew"]);
      assert.deepEqual(await names(Coffee.objects.orderBy("price").before(latte)), ["Iced Tea", "Americano", "Cold Brew"]);
      // Rows without a value are the smallest.
      const orphan = await Coffee.objects.get({ name: "Iced Tea" });
      assert.equal(await Coffee.objects.orderBy("roasterId").after(orphan).count(), 5);
      const brew = await Coffee.objects.get({ name: "Cold Brew" });
      assert.deepEqual((await names(Coffee.objects.orderBy("-roasterId").after(brew))).sort(), [
        "Americano",
        "Dear",
        "Iced Tea",
        "Latte",
        "Mocha",
      ]);
    });

    test("a cursor that the query did not give is refused", async () => {
      for (const cursor of [
        "nonsense",
        Buffer.from("[1]").toString("base64url"),
        Buffer.from('["x",{"gt":0}]').toString("base64url"),
      ])
        await assert.rejects(Coffee.objects.orderBy("price", "name").page({ after: cursor }), {
          code: "ORM_BAD_CURSOR",
          message: `"${cursor}" is no place in the order of Coffee.`,
          hint: "Give the next or previous of a page of the same query, in the same order.",
        });
      await assert.rejects(Coffee.objects.orderBy("?").page(), /an expression or of chance/);
      await assert.rejects(Coffee.objects.page({ size: 0 }), /cannot have 0 rows/);
    });

    test("estimatedCount comes near without reading the rows", async () => {
      if (name === "PostgreSQL") await db.script("ANALYZE cafe_coffee");
      const estimated = await Coffee.objects.estimatedCount();
      assert.ok(estimated >= 4 && estimated <= 20, String(estimated));
      assert.equal(await Coffee.objects.none().estimatedCount(), 0);
    });

    test("selectForUpdate locks inside of a transaction only", async () => {
      await assert.rejects(Coffee.objects.selectForUpdate().all(), {
        code: "ORM_LOCK_OUTSIDE_TRANSACTION",
        message: "selectForUpdate() on Coffee runs outside of a transaction, so it would lock nothing.",
        hint: "Put it, and what depends on it, inside: await transaction(async () => { … }).",
      });
      await transaction(async () => {
        const query = Coffee.objects.filter({ roaster: { isNull: false } });
        assert.equal((await query.selectForUpdate({ skipLocked: true, of: ["self"], noKey: true })).length, 4);
        assert.equal((await query.selectForUpdate({ noWait: true }).get({ name: "Latte" })).name, "Latte");
        if (name === "PostgreSQL")
          await assert.rejects(query.with("roaster").selectForUpdate({ of: ["roaster"] }), /may be missing/);
      });
      assert.throws(() => Coffee.objects.selectForUpdate({ noWait: true, skipLocked: true }), /cannot both/);
    });

    test("a locked row is skipped, or fails at once", { skip: name === "SQLite" && "it locks the whole file" }, async () => {
      const other = await openDatabase(url!);
      const ids = Coffee.objects.valuesList("id", { flat: true }).orderBy("id");
      const lockAll = ids.toSql();
      await transaction(async () => {
        await Coffee.objects.selectForUpdate().get({ name: "Latte" });
        await other.transaction(async () => {
          const skipped = await other.rows(`${lockAll.sql} FOR UPDATE SKIP LOCKED`, lockAll.params);
          assert.equal(skipped.length, 4);
        });
        useDatabases({ default: db, other });
        const query = Coffee.objects.using("other").selectForUpdate({ noWait: true });
        await assert.rejects(
          transaction(async () => query.get({ name: "Latte" }), { using: "other" } as never),
          /lock/,
        );
      }).finally(async () => {
        useDatabases({ default: db });
        await other.close();
      });
    });

    test("the iterator loads relations for each batch", async () => {
      const seen: string[] = [];
      for await (const coffee of Coffee.objects.orderBy("name").with("roaster", "tags").iterator({ batchSize: 2 }))
        seen.push(`${coffee.name} ${coffee.roaster?.name ?? "-"}`);
      assert.deepEqual(seen, ["Americano Fritz", "Cold Brew Yirga", "Iced Tea -", "Latte Fritz", "Mocha Fritz"]);
    });

    test("a field that was left out is told by name, loaded for all rows at once, and left alone by save()", async () => {
      const rows = await Coffee.objects.orderBy("price", "name").only("name");
      assert.deepEqual(deferredFields(rows[0]!), ["price", "isIce", "roaster"]);
      assert.throws(() => rows[0]!.price, { code: "ORM_DEFERRED_FIELD" });
      rows[0]!.name = "Tea";
      await rows[0]!.save();
      await loadFields(rows, "price", "roaster");
      assert.deepEqual(
        rows.map((row) => row.price),
        [2000, 3000, 3000, 4500, 5000],
      );
      assert.deepEqual(deferredFields(rows[0]!), ["isIce"]);
      assert.deepEqual(await names(Coffee.objects.filter({ name: "Tea", price: 2000, isIce: true })), ["Tea"]);
      assert.deepEqual(deferredFields((await Coffee.objects.defer("price").defer("isIce").first())!), ["price", "isIce"]);
      assert.deepEqual(deferredFields((await Coffee.objects.defer("price").defer().first())!), []);
      await assert.rejects(loadFields(rows, "prise"), { code: "ORM_UNKNOWN_FIELD" });
    });

    test("orders put rows without a value where they are told, reverse, and at random", async () => {
      const byRoaster = (nulls?: "first" | "last") =>
        Coffee.objects.orderBy((c) => c.roaster.name.asc(nulls ? { nulls } : {}), "-name");
      assert.equal((await byRoaster().first())?.name, "Iced Tea");
      assert.equal((await byRoaster("last").last())?.name, "Iced Tea");
      assert.equal((await byRoaster("last").reverse().first())?.name, "Iced Tea");
      assert.deepEqual(await names(Coffee.objects.orderBy("price", "name").reverse().slice(0, 2)), ["Mocha", "Latte"]);
      assert.equal((await Coffee.objects.orderBy("?")).length, 5);
      assert.deepEqual(await names(Coffee.objects.orderBy("roaster", "name").slice(3)), ["Mocha", "Cold Brew"]);
    });

    test("names of annotations and named queries are quoted, whatever they say", async () => {
      const evil = 'x" FROM cafe_tag; DROP TABLE cafe_tag; --';
      const query = Coffee.objects.annotate((c) => ({ [evil]: c.price.add(1) }));
      assert.equal(
        await query
          .union(query)
          .orderBy(evil as never)
          .count(),
        5,
      );
      assert.deepEqual(await query.slice(0, 2).aggregate((c) => ({ most: (c as any)[evil].max() })), { most: 5001 });
      assert.equal(await cte(evil, Coffee.objects.all()).all().count(), 5);
      assert.equal(await query.sliceEach(evil as never, 0, 1).count(), 4);
      assert.equal(await Tag.objects.count(), 0);
      for (const wrong of [
        () => Coffee.objects.sliceEach(evil as never, 0, 1),
        () => Coffee.objects.distinct(evil as never),
        () => Coffee.objects.orderBy(evil as never),
      ])
        await assert.rejects(async () => wrong(), { code: "ORM_UNKNOWN_FIELD" });
    });

    test("what is grouped or made distinct by is what is ordered by, parameters and all", async () => {
      const dearer = Coffee.objects.values("isIce").annotate(() => ({ n: count() }));
      assert.deepEqual(
        (await dearer.orderBy((c) => c.price.add(100).asc())).map(({ isIce, n }) => [isIce, n]),
        [
          [true, 1],
          [false, 1],
          [true, 1],
          [false, 1],
          [false, 1],
        ],
      );
      const prices = Coffee.objects.valuesList("price", { flat: true }).distinct();
      assert.deepEqual(await prices.orderBy((c) => c.price.mul(2).desc()), [5000, 4500, 3000, 2000]);
      await Sample.objects.bulkCreate([{ data: { a: [1] } }, { data: { a: [1] }, left: 2 }, { data: {}, left: 3 }]);
      const bySizes = Sample.objects.values("data.a" as never).annotate(() => ({ n: count() }));
      assert.deepEqual(
        (await bySizes.orderBy("n")).map(({ n }) => n),
        [1, 2],
      );
    });

    test("a query by key reads one row, whatever its numbers; plans of queries that look alike are kept apart", async () => {
      const big = await Sample.objects.create({ big: 2n ** 60n });
      assert.equal((await Sample.objects.get({ id: big.id })).big, 2n ** 60n);
      await assert.rejects(Sample.objects.get({ id: big.id + 1 }), Sample.DoesNotExist);
      await assert.rejects(Coffee.objects.get({ price: 3000 }), Coffee.MultipleObjectsReturned);
      assert.equal((await Coffee.objects.filter({ name: "Latte" }).only("name").defer("price"))[0]!.name, "Latte");
      await assert.rejects(async () => Coffee.objects.only("namexprice" as never), { code: "ORM_UNKNOWN_FIELD" });
    });

    test("undefined is refused wherever a value is looked for", async () => {
      const given = undefined as unknown as number;
      for (const query of [
        () => Coffee.objects.get({ price: given }),
        () => Coffee.objects.filter({ price: { gt: given } }).count(),
        () => Coffee.objects.exclude({ roaster: { name: given as never } }).exists(),
        () => Coffee.objects.getOrCreate({ price: given }),
        () =>
          Coffee.objects
            .all()
            .filter({ id: { in: [given] } })
            .delete(),
        () => Coffee.objects.filter((c) => c.price.eq(given)).update({ price: 1 }),
      ])
        await assert.rejects(async () => query(), { code: "ORM_UNDEFINED_VALUE" });
    });
  });
}
