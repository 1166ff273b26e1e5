import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  anyValue,
  avg,
  bitAnd,
  bitOr,
  bitXor,
  boolAnd,
  boolOr,
  caseWhen,
  cast,
  coalesce,
  collate,
  concat,
  count,
  cumeDist,
  type Database,
  denseRank,
  exists,
  type Expression,
  extract,
  firstValue,
  float,
  func,
  greatest,
  integer,
  jsonArray,
  jsonObject,
  lag,
  lastValue,
  lead,
  left,
  length,
  lower,
  lPad,
  max,
  min,
  now,
  nthValue,
  ntile,
  nullIf,
  type OrderExpression,
  outerRef,
  percentRank,
  random,
  rank,
  type Refs,
  repeat,
  replace,
  reverse,
  right,
  round,
  rowNumber,
  rowRange,
  rPad,
  stdDev,
  strIndex,
  stringAgg,
  subquery,
  substr,
  sum,
  text,
  trim,
  trunc,
  uuid4,
  uuid7,
  value,
  valueRange,
  variance,
  when,
  window,
} from "cortado/orm";
import { Decimal, isDecimal } from "cortado/validation";
import { Drink, Maker } from "./drink-models.ts";
import { openModels, targets } from "./open-cafe.ts";

const hostile = `'"; DROP TABLE cafe_drink; --\\ $1 ?1`;

function plain(given: unknown): unknown {
  if (isDecimal(given)) return `${given.round(10).toString()} exactly`;
  if (typeof given === "number" && !Number.isInteger(given)) return Number(given.toPrecision(12));
  return given;
}

type D = Refs<Drink>;
const some = { filter: { price: { gt: 2000 } } };
const none = { filter: { price: { gt: 90_000 } } };

/** Over the prices 1000, 3000, 3000, 5000; the costs 0.1, 0.2, 0.2 and null; the flags 3, 6, 6, 12. */
const cases: [title: string, make: (d: D) => Expression<any>, expected: unknown][] = [
  ["count of rows", () => count(), 4],
  ["count of values", (d) => count(d.cost), 3],
  ["count distinct", (d) => count(d.price, { distinct: true }), 3],
  ["count with a filter", () => count(undefined, some), 3],
  ["sum", (d) => d.price.sum(), 12_000],
  ["sum distinct", (d) => d.price.sum({ distinct: true }), 9000],
  ["sum with a filter", (d) => sum(d.price, { filter: (r: D) => r.isIce.eq(true) } as never), 3000],
  ["sum of nothing", (d) => d.price.sum(none), null],
  ["sum of nothing with a default", (d) => d.price.sum({ ...none, default: 0 }), 0],
  ["sum of decimals", (d) => d.cost.sum(), "0.5 exactly"],
  ["sum of decimals of nothing with a default", (d) => d.cost.sum({ ...none, default: 0 }), "0 exactly"],
  ["sum of floats", (d) => d.weight.sum(), 0.6],
  ["sum of an expression", (d) => d.price.mul(d.flags).sum(), 99_000],
  ["sum of a case", (d) => caseWhen([when(d.isIce.eq(true), d.price)], 0).sum(), 3000],
  ["avg", (d) => avg(d.price), 3000],
  ["avg of decimals", (d) => d.cost.avg(), "0.1666666667 exactly"],
  ["avg of decimals with a filter", (d) => d.cost.avg(some), "0.2 exactly"],
  ["min", (d) => min(d.price), 1000],
  ["max", (d) => max(d.price), 5000],
  ["min of decimals", (d) => d.cost.min(), "0.1 exactly"],
  ["max of texts", (d) => d.name.max(), "D"],
  ["max of booleans", (d) => d.isIce.max(), true],
  ["stdDev", (d) => stdDev(d.price), 1414.21356237],
  ["stdDev of a sample", (d) => d.price.stdDev({ sample: true }), 1632.99316186],
  ["variance", (d) => variance(d.price), 2_000_000],
  ["variance of a sample", (d) => d.price.variance({ sample: true }), 2666666.66667],
  ["variance of a sample of one", (d) => d.price.variance({ sample: true, filter: { name: "A" } }), null],
  ["variance of decimals", (d) => d.cost.variance(), "0.0022222222 exactly"],
  ["stdDev of decimals", (d) => d.cost.stdDev(), "0.0471404521 exactly"],
  ["stringAgg", (d) => stringAgg(d.name, ",", { orderBy: d.price.desc() }), "D,B,C,A".replace("B,C", "B,C")],
  ["stringAgg of several orders", (d) => d.name.stringAgg("-", { orderBy: [d.price, d.name.desc()] }), "A-C-B-D"],
  ["stringAgg distinct", (d) => d.note.stringAgg(hostile, { distinct: true }), `x${hostile}y`],
  ["stringAgg with a filter", (d) => d.name.stringAgg("", { ...some, orderBy: d.id }), "BCD"],
  ["stringAgg of nothing with a default", (d) => d.name.stringAgg("", { ...none, default: hostile }), hostile],
  ["anyValue", (d) => anyValue(d.name, { filter: { price: 5000 } }), "D"],
  ["anyValue of nulls and one value", (d) => d.cost.anyValue({ filter: { price: { lt: 2000 } } }), "0.1 exactly"],
  ["bitAnd", (d) => bitAnd(d.flags), 0],
  ["bitOr", (d) => bitOr(d.flags), 15],
  ["bitXor", (d) => bitXor(d.flags), 15],
  ["boolAnd", (d) => boolAnd(d.price.gt(0)), true],
  ["boolOr", (d) => boolOr(d.price.gt(90_000)), false],
  ["arithmetic of aggregates", (d) => d.price.max().sub(d.price.min()).div(2), 2000],
  ["coalesce of an aggregate", (d) => coalesce(d.price.sum(none), -1), -1],
  ["an aggregate of a function", (d) => length(d.name).sum(), 4],
  [
    "an aggregate of one's own",
    (d) => func({ sqlite: "total", postgres: "sum" }, [d.price], { output: float(), aggregate: true, ...some }),
    11_000,
  ],
];

for (const { name, url, skip } of targets) {
  describe(`aggregates, windows and sub-queries on ${name}`, { skip }, () => {
    let db: Database;
    let fritz: Maker;
    before(async () => {
      db = await openModels(url!, { Drink, Maker });
      fritz = await Maker.objects.create({ name: "Fritz", limit: 3000 });
      const yirga = await Maker.objects.create({ name: "Yirga", limit: 4000 });
      await Maker.objects.create({ name: "Empty" });
      const at = (days: number) => new Date(Date.UTC(2026, 0, 1 + days));
      await Drink.objects.bulkCreate([
        { name: "A", price: 1000, flags: 3, cost: new Decimal("0.1"), weight: 0.1, note: "x", maker: fritz, moment: at(0) },
        { name: "B", price: 3000, flags: 6, cost: new Decimal("0.2"), weight: 0.2, note: "x", maker: fritz, moment: at(1) },
        {
          name: "C",
          price: 3000,
          flags: 6,
          cost: new Decimal("0.2"),
          weight: 0.3,
          note: "y",
          maker: yirga,
          moment: at(40),
          isIce: true,
        },
        { name: "D", price: 5000, flags: 12, maker: yirga, moment: at(41) },
      ]);
    });
    after(() => db?.close());

    for (const [title, make, expected] of cases) {
      test(title, async () => {
        const { x } = await Drink.objects.aggregate((d) => ({ x: make(d) }));
        assert.deepEqual(plain(x), expected);
      });
    }

    test("a to-many relation has every aggregate", async () => {
      const [row] = await Maker.objects.filter({ name: "Yirga" }).annotate((m) => ({
        n: m.drinks.count(),
        sum: m.drinks.price.sum(),
        exact: m.drinks.cost.sum({ default: 0 }),
        dear: m.drinks.price.sum({ filter: { price: { gt: 4000 } } }),
        spread: m.drinks.price.stdDev(),
        sample: m.drinks.price.variance({ sample: true }),
        names: m.drinks.name.stringAgg("/", { orderBy: "-price" }),
        inner: m.drinks.name.stringAgg("/", { orderBy: [(d: Refs<Drink>) => d.isIce.desc({ nulls: "last" }), "maker.name"] }),
        any: m.drinks.note.anyValue(),
        bits: m.drinks.flags.bitOr(),
        all: m.drinks.isIce.boolAnd(),
        some: m.drinks.isIce.boolOr(),
        iced: m.drinks
          .filter({ isIce: true })
          .filter((d) => d.price.gt(1))
          .count(),
      }));
      assert.deepEqual(
        [
          row!.n,
          row!.sum,
          String(row!.exact),
          row!.dear,
          row!.spread,
          row!.sample,
          row!.any,
          row!.bits,
          row!.all,
          row!.some,
          row!.iced,
        ],
        [2, 8000, "0.2", 5000, 1000, 2_000_000, "y", 14, false, true, 1],
      );
      assert.deepEqual([row!.names, row!.inner], ["D/C", "C/D"]);
      const [empty] = await Maker.objects
        .filter({ name: "Empty" })
        .annotate((m) => ({ sum: m.drinks.price.sum(), zero: m.drinks.price.sum({ default: 0 }), any: m.drinks.isIce.boolOr() }));
      assert.deepEqual([empty!.sum, empty!.zero, empty!.any], [null, 0, null]);
    });

    test("groups are filtered and ordered by their aggregates", async () => {
      const groups = await Drink.objects
        .annotate((d) => ({ month: trunc(d.moment, "month") }))
        .values("month")
        .annotate((d) => ({ n: count(), dearest: d.price.max(), names: d.name.stringAgg("", { orderBy: d.name }) }))
        .filter((d) => d.dearest.gte(3000))
        .orderBy((d) => d.dearest.desc());
      assert.deepEqual(
        groups.map((group) => [group.month?.toISOString().slice(0, 7), group.n, group.dearest, group.names]),
        [
          ["2026-02", 2, 5000, "CD"],
          ["2026-01", 2, 3000, "AB"],
        ],
      );
    });

    const windows: [title: string, make: (d: D) => Expression<any>, expected: unknown[]][] = [
      ["rowNumber", (d) => window(rowNumber(), { orderBy: d.price.desc() }), [4, 2, 3, 1]],
      ["rank", (d) => window(rank(), { orderBy: d.price }), [1, 2, 2, 4]],
      ["denseRank", (d) => window(denseRank(), { orderBy: d.price }), [1, 2, 2, 3]],
      ["percentRank", (d) => window(percentRank(), { orderBy: d.price }), [0, 0.333333333333, 0.333333333333, 1]],
      ["cumeDist", (d) => window(cumeDist(), { orderBy: d.price }), [0.25, 0.75, 0.75, 1]],
      ["ntile", (d) => window(ntile(2), { orderBy: d.id }), [1, 1, 2, 2]],
      ["lag", (d) => window(lag(d.price), { orderBy: d.id }), [null, 1000, 3000, 3000]],
      ["lag with another value", (d) => window(lag(d.price, 2, -1), { orderBy: d.id }), [-1, -1, 1000, 3000]],
      ["lead", (d) => window(lead(d.name, 1, hostile), { orderBy: d.id }), ["B", "C", "D", hostile]],
      ["lead of decimals", (d) => window(lead(d.cost), { orderBy: d.id }), ["0.2 exactly", "0.2 exactly", null, null]],
      ["firstValue", (d) => window(firstValue(d.name), { partitionBy: d.makerId, orderBy: d.id }), ["A", "A", "C", "C"]],
      [
        "lastValue",
        (d) => window(lastValue(d.name), { partitionBy: [d.makerId], orderBy: [d.id], frame: rowRange(null, null) }),
        ["B", "B", "D", "D"],
      ],
      ["nthValue", (d) => window(nthValue(d.name, 2), { orderBy: d.id }), [null, "B", "B", "B"]],
      ["sum over a partition", (d) => window(d.price.sum(), { partitionBy: d.makerId }), [4000, 4000, 8000, 8000]],
      [
        "a running sum of decimals",
        (d) => window(d.cost.sum(), { orderBy: d.id }),
        ["0.1 exactly", "0.3 exactly", "0.5 exactly", "0.5 exactly"],
      ],
      [
        "a sum over a moving frame",
        (d) => window(d.price.sum(), { orderBy: d.id, frame: rowRange(-1, 0) }),
        [1000, 4000, 6000, 8000],
      ],
      [
        "a sum of decimals over a moving frame",
        (d) => window(d.cost.sum(), { orderBy: d.id, frame: rowRange(-1, 0) }),
        ["0.1 exactly", "0.3 exactly", "0.4 exactly", "0.2 exactly"],
      ],
      [
        "a mean of decimals over a moving frame",
        (d) => window(d.cost.avg(), { orderBy: d.id, frame: rowRange(-1, 0) }),
        ["0.1 exactly", "0.15 exactly", "0.2 exactly", "0.2 exactly"],
      ],
      [
        "a deviation over a moving frame",
        (d) => window(d.price.stdDev(), { orderBy: d.id, frame: rowRange(-1, 0) }),
        [0, 1000, 0, 1000],
      ],
      ["bits over a moving frame", (d) => window(bitXor(d.flags), { orderBy: d.id, frame: rowRange(-1, 0) }), [3, 5, 0, 10]],
      ["a frame by values", (d) => window(count(), { orderBy: d.price, frame: valueRange(-2000, 0) }), [1, 3, 3, 3]],
      [
        "without this row",
        (d) =>
          window(d.price.sum({ default: 0 }), {
            orderBy: d.id,
            frame: rowRange(null, null, { exclusion: "currentRow" }),
          }),
        [11_000, 9000, 9000, 7000],
      ],
      [
        "without the group",
        (d) => window(count(), { orderBy: d.price, frame: valueRange(null, null, { exclusion: "group" }) }),
        [3, 2, 2, 3],
      ],
      [
        "without ties",
        (d) => window(count(), { orderBy: d.price, frame: valueRange(null, null, { exclusion: "ties" }) }),
        [4, 3, 3, 4],
      ],
      ["with a filter", (d) => window(d.price.sum(some), {}), [11_000, 11_000, 11_000, 11_000]],
      ["a function of one's own", (d) => window(func("rank", [], { output: integer() }), { orderBy: d.price }), [1, 2, 2, 4]],
      ["arithmetic with a window", (d) => d.price.sub(window(d.price.min(), {})), [0, 2000, 2000, 4000]],
    ];
    for (const [title, make, expected] of windows) {
      test(`window: ${title}`, async () => {
        const rows = await Drink.objects.orderBy("id").annotate((d) => ({ x: make(d) }));
        assert.deepEqual(
          rows.map((row) => plain(row.x)),
          expected,
        );
      });
    }

    test("rows are filtered and ordered by a window", async () => {
      const placed = Drink.objects.annotate((d) => ({
        place: window(rank(), { partitionBy: d.makerId, orderBy: d.price.desc() }),
      }));
      assert.deepEqual(await placed.filter({ place: 1 }).orderBy("id").valuesList("name", { flat: true }), ["B", "D"]);
      assert.deepEqual(
        await placed
          .filter((d) => d.place.gt(1))
          .orderBy("-place", "name")
          .valuesList("name", { flat: true }),
        ["A", "C"],
      );
      assert.equal(await placed.filter({ place: 1 }).count(), 2);
    });

    test("what is no window function, and frames that cannot be, are refused", async () => {
      const refusals: [() => unknown, string, string][] = [
        [
          () => window(lower(value("a"))),
          "window() is given an expression that is neither an aggregate nor a window function.",
          "Use c.price.sum(), rank(), rowNumber(), lag(c.price), or func(…).",
        ],
        [
          () => rowRange(1, -1),
          "A frame cannot go from 1 to -1.",
          "Below zero is before the row, null without end; exclusion is currentRow, group, ties or noOthers.",
        ],
        [
          () => rowRange(0, 0, { exclusion: hostile as never }),
          `A frame cannot go from 0 to 0 without ${JSON.stringify(hostile)}.`,
          "Below zero is before the row, null without end; exclusion is currentRow, group, ties or noOthers.",
        ],
        [
          () => rowRange("1 PRECEDING" as never),
          "A frame cannot go from 1 PRECEDING to null.",
          "Below zero is before the row, null without end; exclusion is currentRow, group, ties or noOthers.",
        ],
        [() => ntile(0), "ntile() is given 0.", "It is a whole number from 1."],
        [() => nthValue(value(1), "1; --" as never), "nthValue() is given 1; --.", "It is a whole number from 1."],
        [() => lag(value(1), -1), "lag() is given -1.", "It is a whole number from 0."],
        [
          () => Drink.objects.annotate(() => ({ x: rank() })).first(),
          "RANK is used without a window.",
          "Write window(rank(), { orderBy: c.price }).",
        ],
        [
          () => Drink.objects.annotate((d) => ({ x: window(d.price.sum({ distinct: true })) })).first(),
          "An aggregate over a window takes every row: distinct is not possible.",
          "Leave distinct out, or aggregate in a sub-query.",
        ],
      ];
      for (const [run, message, hint] of refusals)
        await assert.rejects(async () => run(), { code: "ORM_BAD_QUERY", message, hint });
    });

    test("a sub-query speaks of the row around it", async () => {
      const drinks = (m: Refs<Maker>) => Drink.objects.filter({ maker: outerRef(m.id) });
      const rows = await Maker.objects.orderBy("id").annotate((m) => ({
        dearest: subquery(drinks(m).orderBy("-price").values("name").slice(0, 1)),
        cost: subquery(drinks(m).orderBy("-cost").values("cost").slice(0, 1)),
        over: subquery(
          drinks(m)
            .filter((d) => d.price.gt(outerRef(m.limit)))
            .values("makerId")
            .annotate(() => ({ n: count() }))
            .values("n"),
        ),
        has: exists(drinks(m)),
        dear: exists(drinks(m).filter({ price: { gte: 5000 } })),
      }));
      assert.deepEqual(
        rows.map((row) => [row.name, row.dearest, plain(row.cost), row.over, row.has, row.dear]),
        [
          ["Fritz", "B", "0.2 exactly", null, true, false],
          ["Yirga", "D", name === "SQLite" ? "0.2 exactly" : "0.2 exactly", 1, true, true],
          ["Empty", null, null, null, false, false],
        ],
      );
      const names = (query: PromiseLike<{ name: string }[]>) => query.then((found) => found.map((row) => row.name));
      assert.deepEqual(await names(Maker.objects.filter((m) => exists(drinks(m))).orderBy("id")), ["Fritz", "Yirga"]);
      assert.deepEqual(await names(Maker.objects.exclude((m) => exists(drinks(m)))), ["Empty"]);
      assert.deepEqual(await names(Maker.objects.filter((m) => exists(drinks(m)).not())), ["Empty"]);
      assert.deepEqual(
        await names(
          Maker.objects.orderBy((m) => subquery(drinks(m).orderBy("-price").values("price").slice(0, 1)).desc({ nulls: "last" })),
        ),
        ["Yirga", "Fritz", "Empty"],
      );
      assert.deepEqual(
        await names(Maker.objects.filter((m) => subquery(drinks(m).orderBy("price").values("price").slice(0, 1)).lt(m.limit))),
        ["Fritz", "Yirga"],
      );
    });

    test("a sub-query within a sub-query reaches the outermost row", async () => {
      const rows = await Maker.objects
        .orderBy("id")
        .filter((m) =>
          exists(
            Drink.objects.filter((d) =>
              exists(
                Maker.objects.filter((inner) => inner.id.eq(outerRef(d.makerId)).and(inner.name.eq(outerRef(outerRef(m.name))))),
              ),
            ),
          ),
        );
      assert.deepEqual(
        rows.map((row) => row.name),
        ["Fritz", "Yirga"],
      );
    });

    test("an update takes sub-queries, cases and functions", async () => {
      await Drink.objects.update((d) => ({
        note: subquery(Maker.objects.filter({ id: outerRef(d.makerId) }).values("name")),
        flags: caseWhen([when(d.price.gt(4000), 1), when({ isIce: true }, 2)], d.flags),
        cost: coalesce(d.cost, new Decimal("1.5")),
        data: jsonObject({ name: d.name, hostile: value(hostile) }),
        key: uuid4(),
      }));
      const rows = await Drink.objects.orderBy("id");
      assert.deepEqual(
        rows.map((row) => [row.note, row.flags, String(row.cost), row.data]),
        [
          ["Fritz", 3, "0.1", { name: "A", hostile }],
          ["Fritz", 6, "0.2", { name: "B", hostile }],
          ["Yirga", 2, "0.2", { name: "C", hostile }],
          ["Yirga", 1, "1.5", { name: "D", hostile }],
        ],
      );
      assert.equal(new Set(rows.map((row) => row.key)).size, 4);
      assert.equal(await Drink.objects.filter({ cost: new Decimal("1.50") }).count(), 1);
      await Drink.objects.update(() => ({ key: uuid7() }));
      const keys = (await Drink.objects.all()).map((row) => row.key!);
      assert.ok(keys.every((key) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(key)));
      assert.ok(keys.every((key) => Math.abs(Number.parseInt(key.slice(0, 8) + key.slice(9, 13), 16) - Date.now()) < 60_000));
    });

    test("orders say where rows without a value are, and reverse with it", async () => {
      await Drink.objects.filter({ name: "D" }).update({ cost: null });
      const names = (order: (d: D) => OrderExpression) => Drink.objects.orderBy(order, "name").valuesList("name", { flat: true });
      assert.deepEqual(await names((d) => d.cost.asc({ nulls: "first" })), ["D", "A", "B", "C"]);
      assert.deepEqual(await names((d) => d.cost.asc({ nulls: "last" })), ["A", "B", "C", "D"]);
      assert.deepEqual(await names((d) => d.cost.desc({ nulls: "first" })), ["D", "B", "C", "A"]);
      assert.deepEqual(await names((d) => d.cost.desc({ nulls: "last" })), ["B", "C", "A", "D"]);
      assert.deepEqual(await names((d) => caseWhen([when(d.name.eq("C"), 0)], 1).asc()), ["C", "A", "B", "D"]);
      const reversed = Drink.objects.orderBy((d) => d.cost.asc({ nulls: "last" }), "-name").reverse();
      assert.deepEqual(await reversed.valuesList("name", { flat: true }), ["D", "B", "C", "A"]);
    });

    test("random is another number for each row", async () => {
      const found = await Drink.objects.annotate(() => ({ x: random() })).valuesList("x", { flat: true });
      assert.ok(found.every((x) => x >= 0 && x < 1));
      assert.equal(new Set(found).size, 4);
    });

    test("now is the database's clock", async () => {
      const { x } = (await Drink.objects.annotate(() => ({ x: now() })).first())!;
      assert.ok(Math.abs(x.getTime() - Date.now()) < 60_000);
      assert.equal(await Drink.objects.filter((d) => d.moment.gt(now())).count(), 0);
    });

    test("hostile values stay values in every function", async () => {
      const texts: [string, Expression<any>, unknown][] = [
        ["concat", concat("<", value(hostile), hostile), `<${hostile}${hostile}`],
        ["replace", replace(value(hostile), hostile, "x"), "x"],
        ["lPad", left(lPad("a", 99, hostile), hostile.length), hostile],
        ["rPad", right(rPad("a", 1 + hostile.length, hostile), hostile.length), hostile],
        ["repeat", repeat(hostile, 2), hostile + hostile],
        ["strIndex", strIndex(`ab${hostile}`, hostile), 3],
        ["trim", trim(hostile), hostile],
        ["coalesce", coalesce(value(hostile), hostile), hostile],
        ["nullIf", nullIf(value(hostile), hostile), null],
        ["greatest", greatest(value(hostile), hostile), hostile],
        ["caseWhen", caseWhen([when(value(hostile).eq(hostile), hostile)], "no"), hostile],
        ["jsonArray", jsonArray(value(hostile), hostile), [hostile, hostile]],
        ["reverse", reverse(reverse(hostile)), hostile],
        ["lower", lower(value(hostile)), hostile.toLowerCase()],
        ["cast", cast(hostile, text()), hostile],
        ["func", func("upper", [value(hostile)], { output: text() }), hostile.toUpperCase()],
      ];
      for (const [title, expression, expected] of texts) {
        const row = await Drink.objects.annotate(() => ({ x: expression })).first();
        assert.deepEqual(row!.x, expected, title);
      }
      assert.equal(await Drink.objects.count(), 4);
    });

    test("hostile names and senseless values are refused", async () => {
      const query = (make: (d: D) => Expression<any>) => Drink.objects.annotate((d) => ({ x: make(d) })).first();
      const refusals: [(d: D) => Expression<any>, string, string, string?][] = [
        [
          () => func("abs(1); --", []),
          "ORM_BAD_QUERY",
          '"abs(1); --" is not the name of a database function.',
          "A name is letters, digits and underscores; to write SQL give a function: (a, b) => `…`.",
        ],
        [
          (d) => collate(d.name, 'C"; --'),
          "ORM_BAD_QUERY",
          '"C\\"; --" is not the name of a collation.',
          "A name is letters, digits, - and _: nocase on SQLite, C or und-x-icu on PostgreSQL.",
        ],
        [
          (d) => trunc(d.moment, "year'; --" as never),
          "ORM_BAD_QUERY",
          'trunc() knows no "year\'; --".',
          "The parts are: year, quarter, month, week, day, hour, minute, second.",
        ],
        [(d) => extract(d.moment, "constructor" as never), "ORM_BAD_QUERY", 'extract() knows no "constructor".'],
        [
          (d) => trunc(d.moment, "day", { timeZone: "Mars/Base'" }),
          "ORM_UNKNOWN_TIME_ZONE",
          'There is no time zone "Mars/Base\'".',
          'Give a name of the IANA database, "Asia/Seoul", or an offset, "+09:00".',
        ],
        [
          (d) => trunc(d.day, "hour"),
          "ORM_BAD_QUERY",
          "Drink.day is a date and cannot be cut to its hour.",
          "A date has years down to days, a time hours down to seconds, a dateTime all.",
        ],
        [
          (d) => d.price.div(0),
          "ORM_BAD_QUERY",
          "An expression is divided by 0.",
          "Divide by another number; a column that is zero gives null.",
        ],
        [(d) => d.price.mod(0), "ORM_BAD_QUERY", "An expression is divided by 0."],
        [
          (d) => d.cost.bitAnd(1 as never),
          "ORM_BAD_QUERY",
          "Drink.cost is no whole number, so its bits cannot be combined (&).",
          "Use whole numbers: cast(expression, integer()).",
        ],
        [
          (d) => d.moment.mul(2),
          "ORM_BAD_QUERY",
          'Drink.moment is a dateTime: "*" needs a duration.',
          "Add or subtract Temporal.Duration.from({ days: 1 }).",
        ],
        [(d) => d.name.slice(-1), "ORM_BAD_QUERY", "The start of slice() is given -1.", "It is a whole number from 0."],
        [(d) => substr(d.name, 0), "ORM_BAD_QUERY", "The start of substr() is given 0.", "It is a whole number from 1."],
        [(d) => left(d.name, "2; --" as never), "ORM_BAD_QUERY", "The length of left() is given 2; --."],
        [
          (d) => round(d.price, "1); --" as never),
          "ORM_BAD_QUERY",
          "round() is given 1); -- places.",
          "It is a whole number: 2, or -2 for hundreds.",
        ],
        [(d) => d.price.add(undefined as never), "ORM_UNDEFINED_VALUE", "The value for Drink.an expression is undefined."],
        [
          () => outerRef(value(1)),
          "ORM_BAD_QUERY",
          "outerRef() is used in a query of Drink that stands in no other query.",
          "Give the query to subquery(), exists() or a lookup of another query.",
        ],
      ];
      for (const [make, code, message, hint] of refusals) {
        await assert.rejects(
          async () => query(make),
          (error: { code: string; message: string; hint?: string }) => {
            assert.equal(error.code, code);
            assert.ok(error.message.startsWith(message), error.message);
            if (hint !== undefined) assert.equal(error.hint, hint);
            return true;
          },
        );
      }
    });
  });
}
