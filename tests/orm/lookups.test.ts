import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  ormErrors,
  collate,
  concat,
  type Condition,
  type Database,
  genericIPAddress,
  integer,
  jsonNull,
  lower,
  manager,
  Model,
  Q,
  type Refs,
  registerLookup,
  registerTransform,
  text,
  trunc,
  value,
  type Where,
} from "cortado/orm";
import { Decimal, Temporal } from "cortado/validation";
import { Drink, Maker } from "./drink-models.ts";
import { openModels, targets } from "./open-cafe.ts";

declare module "cortado/orm" {
  interface CustomLookups<V> {
    near?: V;
    folded?: unknown;
  }
}

/** Values as they come from outside, where no type was there to refuse them. */
const any = (given: unknown) => given as never;
type Given = Where<Drink> | Q | Condition | ((d: Refs<Drink>) => Condition);
type Case = [title: string, where: Where<Drink>, names: string[]];

const day = Temporal.PlainDate.from("2026-02-28");
const moment = new Date("2026-02-28T23:15:30.250Z");

const cases: Case[] = [
  // Comparisons
  ["eq", { price: { eq: 4500 } }, ["Latte"]],
  ["a value alone", { price: 5000 }, ["Mocha"]],
  ["eq null", { note: { eq: null } }, ["Mocha", "élan"]],
  ["iexact", { name: { iexact: "LATTE" } }, ["Latte"]],
  ["iexact beyond ASCII", { name: { iexact: "ÉLAN" } }, ["élan"]],
  ["iexact null", { note: { iexact: null } }, ["Mocha", "élan"]],
  ["contains", { name: { contains: "at" } }, ["Latte"]],
  ["contains is exact about case", { name: { contains: "LAT" } }, []],
  ["icontains", { name: { icontains: "LA" } }, ["Latte", "élan"]],
  ["startsWith", { name: { startsWith: "M" } }, ["Mocha"]],
  ["istartsWith", { name: { istartsWith: "m" } }, ["Mocha"]],
  ["endsWith", { name: { endsWith: "an" } }, ["élan"]],
  ["iendsWith", { name: { iendsWith: "AN" } }, ["élan"]],
  ["regex", { name: { regex: "^[LM]" } }, ["Latte", "Mocha"]],
  ["iregex", { name: { iregex: "^[lm]" } }, ["Latte", "Mocha"]],
  ["in", { price: { in: [4500, 5000, 1] } }, ["Latte", "Mocha"]],
  ["in nothing", { price: { in: [] } }, []],
  ["in decimals", { cost: { in: [new Decimal("12.5"), new Decimal(7)] } }, ["Latte"]],
  ["gt", { price: { gt: 4500 } }, ["Mocha"]],
  ["gte", { price: { gte: 4500 } }, ["Latte", "Mocha"]],
  ["lt", { price: { lt: 4500 } }, ["élan"]],
  ["lte", { price: { lte: 4500 } }, ["Latte", "élan"]],
  ["gt of decimals compares numbers", { cost: { gt: new Decimal("9.5") } }, ["Latte"]],
  ["gt of durations", { brewing: { gt: Temporal.Duration.from({ minutes: 3 }) } }, ["Latte"]],
  ["range", { price: { range: [100, 4500] } }, ["Latte", "élan"]],
  ["isNull", { note: { isNull: true } }, ["Mocha", "élan"]],
  ["isNull false", { note: { isNull: false } }, ["Latte"]],
  // Dates
  ["year", { moment: { year: 2026 } }, ["Latte"]],
  ["year as a text of digits", { moment: { year: any("2026") } }, ["Latte"]],
  ["year of a day", { day: { year: { lt: 2026 } } }, ["Mocha"]],
  ["isoYear", { day: { isoYear: 2020 } }, ["Mocha"]],
  ["quarter", { moment: { quarter: 1 } }, ["Latte"]],
  ["month", { moment: { month: { in: [2, 3] } } }, ["Latte"]],
  ["week", { day: { week: 53 } }, ["Mocha"]],
  ["day", { moment: { day: 28 } }, ["Latte"]],
  ["weekDay, Sunday being 1", { moment: { weekDay: 7 } }, ["Latte"]],
  ["isoWeekDay, Monday being 1", { moment: { isoWeekDay: 6 } }, ["Latte"]],
  ["hour", { moment: { hour: 23 } }, ["Latte"]],
  ["minute", { moment: { minute: 15 } }, ["Latte"]],
  ["second", { moment: { second: 30 } }, ["Latte"]],
  ["hour of a time of day", { clock: { hour: { gte: 8 } } }, ["Latte"]],
  ["date", { moment: { date: day } }, ["Latte"]],
  ["date as a text", { moment: { date: "2026-02-28" } }, ["Latte"]],
  ["date compared", { moment: { date: { gte: "2026-03-01" } } }, []],
  ["date, then its year", { moment: { date: { year: 2026 } } }, ["Latte"]],
  ["time", { moment: { time: "23:15:30.25" } }, ["Latte"]],
  ["time compared", { moment: { time: { lt: Temporal.PlainTime.from("23:15:31") } } }, ["Latte"]],
  // Texts
  ["lower", { name: { lower: "latte" } }, ["Latte"]],
  ["upper and a lookup", { name: { upper: { startsWith: "É" } } }, ["élan"]],
  ["length", { name: { length: 4 } }, ["élan"]],
  ["length and a lookup", { name: { length: { gte: 5 } } }, ["Latte", "Mocha"]],
  ["trim", { name: { trim: "Mocha" } }, ["Mocha"]],
  ["two transforms and a lookup", { name: { lower: { trim: { contains: "och" } } } }, ["Mocha"]],
  ["a transform of a related row", { maker: { name: { lower: "fritz" } } }, ["Latte", "Mocha"]],
  // Expressions on the right
  ["eq an expression", { price: { eq: value(4500) } }, ["Latte"]],
  ["range of expressions", { price: { range: [value(4500), value(9000)] } }, ["Latte", "Mocha"]],
  ["in expressions", { price: { in: [value(4500), 5000] } }, ["Latte", "Mocha"]],
  ["contains an expression", { name: { contains: value("at") } }, ["Latte"]],
  ["contains an expression without wildcards", { name: { contains: value("%") } }, []],
  ["icontains an expression", { name: { icontains: value("ÉL") } }, ["élan"]],
  ["startsWith an expression", { name: { startsWith: value("Mo") } }, ["Mocha"]],
  ["endsWith an expression", { name: { endsWith: value("e") } }, ["Latte"]],
  ["endsWith an empty expression", { note: { endsWith: value("") } }, ["Latte"]],
  ["iexact an expression", { name: { iexact: value("lATTE") } }, ["Latte"]],
  ["regex of an expression", { name: { regex: value("^M") } }, ["Mocha"]],
  ["a query that selects one value", { price: { gt: Drink.objects.filter({ name: "Latte" }).values("price") } }, ["Mocha"]],
  ["in a query", { price: { in: Drink.objects.filter({ price: { gte: 4500 } }).values("price") } }, ["Latte", "Mocha"]],
  // JSON
  ["a key", { data: { size: 3 } }, ["Latte"]],
  ["a key with a lookup", { data: { size: { gte: 3 } } }, ["Latte"]],
  ["a key compares values of its type only", { data: { size: { lt: 100 } } }, ["Latte"]],
  ["a key of texts compared", { data: { size: { gt: "a" } } }, ["Mocha"]],
  ["a key in a range", { data: { size: { range: [2, 3] } } }, ["Latte"]],
  ["a path", { data: { deep: { a: { b: "x" } } } }, ["Latte"]],
  ["a position", { data: { list: { 0: 1 } } }, ["Latte"]],
  ["a position from the end", { data: { list: { "-1": { name: "last" } } } }, ["Latte"]],
  ["a key named as a transform of dates", { data: { year: 1999 } }, ["Latte"]],
  ["a key that is an object", { data: { deep: { eq: { a: { b: "x" } } } } }, ["Latte"]],
  ["an object whatever the order of keys", { data: { ordered: { eq: { b: 2, a: 1 } } } }, ["Latte"]],
  ["a boolean", { data: { hot: true } }, ["Latte"]],
  ["a text that looks like a number is none", { data: { size: "3" } }, []],
  ["JSON's null", { data: { nothing: null } }, ["Latte"]],
  ["a key that is missing", { data: { nothing: { isNull: true } } }, ["Mocha", "élan"]],
  ["a key that is there", { data: { nothing: { isNull: false } } }, ["Latte"]],
  ["no value at all", { data: null }, ["élan"]],
  ["a key in a list", { data: { size: { in: [3, "big", null] } } }, ["Latte", "Mocha"]],
  ["text lookups of a key", { data: { size: { icontains: "IG" } } }, ["Mocha"]],
  ["startsWith of a key", { data: { deep: { a: { b: { startsWith: "x" } } } } }, ["Latte"]],
  ["regex of a key", { data: { size: { regex: "^b" } } }, ["Mocha"]],
  ["contains an object", { data: { contains: { deep: { a: {} } } } }, ["Latte"]],
  ["a list contains", { data: { list: { contains: [{ name: "last" }] } } }, ["Latte"]],
  ["a list contains a value", { data: { list: { contains: 1 } } }, ["Latte"]],
  ["containedBy", { data: { containedBy: { size: "big", more: 1 } } }, ["Mocha"]],
  ["hasKey", { data: { hasKey: "deep" } }, ["Latte"]],
  ["hasKeys", { data: { hasKeys: ["size", "deep"] } }, ["Latte"]],
  ["hasAnyKeys", { data: { hasAnyKeys: ["deep", "size"] } }, ["Latte", "Mocha"]],
  ["hasKey of a key", { data: { deep: { hasKey: "a" } } }, ["Latte"]],
  ["the whole value", { data: { eq: { size: "big" } } }, ["Mocha"]],
];

for (const { name, url, skip } of targets) {
  describe(`lookups on ${name}`, { skip }, () => {
    let db: Database;
    const found = async (where: Given) => (await Drink.objects.filter(where)).map((drink) => drink.name);
    before(async () => {
      db = await openModels(url!, { Drink, Maker });
      const fritz = await Maker.objects.create({ name: "Fritz", limit: 4500 });
      await Drink.objects.create({
        name: "Latte",
        note: "with milk",
        price: 4500,
        maker: fritz,
        day,
        moment,
        clock: Temporal.PlainTime.from("08:30"),
        cost: new Decimal("12.50"),
        brewing: Temporal.Duration.from({ minutes: 4 }),
        data: {
          size: 3,
          hot: true,
          nothing: null,
          year: 1999,
          deep: { a: { b: "x" } },
          ordered: { a: 1, b: 2 },
          list: [1, { name: "last" }],
        },
      });
      await Drink.objects.create({
        name: "Mocha",
        price: 5000,
        maker: fritz,
        cost: new Decimal("9.5"),
        day: Temporal.PlainDate.from("2021-01-01"),
        brewing: Temporal.Duration.from({ minutes: 3 }),
        data: { size: "big" },
      });
      await Drink.objects.create({ name: "élan", price: 100 });
    });
    after(() => db?.close());

    for (const [title, where, names] of cases) {
      test(title, async () => {
        assert.deepEqual(await found(where), names);
        // The plan of the same shape gives the same.
        assert.deepEqual(await found(where), names);
        const others = (await Drink.objects.exclude(where)).map((drink) => drink.name);
        assert.deepEqual([...names, ...others].sort(), ["Latte", "Mocha", "élan"].sort());
      });
    }

    test("lookups are methods of expressions, in filters and annotations", async () => {
      const methods: [string, Given, string[]][] = [
        ["eq", (d) => d.price.eq(4500), ["Latte"]],
        ["gt", (d) => d.price.gt(d.maker.limit), ["Mocha"]],
        ["range", (d) => d.price.range(100, d.maker.limit), ["Latte"]],
        ["in", (d) => d.price.in([d.maker.limit, 1]), ["Latte"]],
        ["in a query", (d) => d.id.in(Drink.objects.filter({ price: 100 }).values("id")), ["élan"]],
        ["isNull", (d) => d.note.isNull(false), ["Latte"]],
        ["iexact", (d) => d.name.iexact("latte"), ["Latte"]],
        ["contains", (d) => d.note.contains("milk"), ["Latte"]],
        ["icontains", (d) => d.name.icontains("LA"), ["Latte", "élan"]],
        ["startsWith", (d) => d.name.startsWith("L"), ["Latte"]],
        ["istartsWith", (d) => d.name.istartsWith(lower(d.name)), ["Latte", "Mocha", "élan"]],
        ["endsWith", (d) => d.name.endsWith("an"), ["élan"]],
        ["iendsWith", (d) => d.name.iendsWith("AN"), ["élan"]],
        ["regex", (d) => d.name.regex("^L"), ["Latte"]],
        ["iregex", (d) => d.name.iregex("^l"), ["Latte"]],
        ["lookup", (d) => d.moment.lookup("year", 2026), ["Latte"]],
        ["lookup behind a function", (d) => trunc(d.moment, "month").eq(new Date("2026-02-01T00:00:00Z")), ["Latte"]],
        ["a path", (d) => d.data.path("deep", "a", "b").eq("x"), ["Latte"]],
        ["a path from the end", (d) => d.data.path("list", -1, "name").startsWith("l"), ["Latte"]],
        ["a path as a text", (d) => d.data.pathText("size").in(["3", "big"]), ["Latte", "Mocha"]],
        ["a collation", (d) => collate(d.name, { sqlite: "nocase", postgres: "C" }).gte("z"), ["élan"]],
        ["xor", (d) => d.price.eq(4500).xor(d.maker.name.eq("Fritz")), ["Mocha"]],
      ];
      for (const [title, condition, names] of methods) assert.deepEqual(await found(condition), names, title);
      const rows = await Drink.objects.annotate((d) => ({ dear: d.price.gt(4500), same: d.name.iexact("LATTE") }));
      assert.deepEqual(
        rows.map((row) => [row.dear, row.same]),
        [
          [false, true],
          [true, false],
          [false, false],
        ],
      );
      assert.equal(
        await Drink.objects
          .annotate((d) => ({ dear: d.price.gt(4500) }))
          .filter({ dear: true })
          .count(),
        1,
      );
    });

    test("Q joins conditions by or, and, not and xor", async () => {
      assert.deepEqual(await found(Q.or({ price: 100 }, (d: any) => d.name.eq("Mocha"))), ["Mocha", "élan"]);
      assert.deepEqual(await found(Q.and({ price: { gt: 100 } }, Q.not({ name: "Mocha" }))), ["Latte"]);
      assert.deepEqual(await found(Q.xor({ price: { gt: 100 } }, { name: "Mocha" })), ["Latte"]);
      assert.deepEqual(await found(Q.xor({ price: { gt: 100 } }, { name: "Mocha" }, { note: null })), ["Latte", "Mocha", "élan"]);
      assert.deepEqual(await found(Q.xor()), []);
    });

    test("conditions in one object are about one related row, several filters about several", async () => {
      const both = { drinks: { name: "Latte", price: 5000 } };
      assert.equal(await Maker.objects.filter(both).count(), 0);
      assert.equal(await Maker.objects.filter({ drinks: { name: "Latte", price: 4500 } }).count(), 1);
      assert.equal(
        await Maker.objects
          .filter({ drinks: { name: "Latte" } })
          .filter({ drinks: { price: 5000 } })
          .count(),
        1,
      );
      assert.equal(await Maker.objects.filter({ drinks: { name: "Latte" } }, { drinks: { price: 5000 } }).count(), 1);
      assert.equal(await Maker.objects.exclude(both).count(), 1);
      assert.equal(await Maker.objects.exclude({ drinks: { name: "Latte" } }).count(), 0);
    });

    test("JSON orders, selects and annotates by its keys", async () => {
      const rows = await Drink.objects
        .orderBy((d) => d.data.path("size").desc({ nulls: "last" }))
        .values("name", any("data.size"));
      assert.deepEqual(rows, [
        { name: "Latte", "data.size": 3 },
        { name: "Mocha", "data.size": "big" },
        { name: "élan", "data.size": null },
      ]);
      assert.deepEqual(await Drink.objects.orderBy(any("data.size")).valuesList("name", { flat: true }), [
        "élan",
        "Mocha",
        "Latte",
      ]);
      assert.deepEqual(
        await Drink.objects.annotate((d) => ({ size: d.data.pathText("size") })).valuesList("size", { flat: true }),
        ["3", "big", null],
      );
    });

    test("JSON's null is told from no value", async () => {
      const row = await Drink.objects.create({ name: "Nil", price: 1 });
      await Drink.objects.filter({ id: row.id }).update(() => ({ data: jsonNull }));
      assert.equal(await Drink.objects.filter({ id: row.id, data: { isNull: false } }).count(), 1);
      assert.equal(await Drink.objects.filter({ id: row.id, data: { eq: jsonNull } }).count(), 1);
      assert.equal(await Drink.objects.filter({ id: row.id, data: null }).count(), 0);
      assert.equal((await Drink.objects.get({ id: row.id })).data, null);
      await row.delete();
    });

    test("a lookup and a transform of one's own follow the same rules", async () => {
      registerLookup("near", { kinds: ["integer"], sql: ({ left, right }) => `ABS(${left} - ${right}) <= 500` });
      registerTransform("thousands", { kinds: ["integer"], output: integer(), sql: ({ left }) => `${left} / 1000` });
      registerTransform("folded", { kinds: ["char"], output: text(), bilateral: true, sql: ({ left }) => `LOWER(${left})` });
      assert.deepEqual(await found({ price: { near: 4600 } }), ["Latte", "Mocha"]);
      assert.deepEqual(await found({ price: any({ thousands: { gte: 5 } }) }), ["Mocha"]);
      assert.deepEqual(await found({ name: { folded: "MOCHA" } }), ["Mocha"]);
      assert.deepEqual(await found({ name: { folded: { startsWith: "LA" } } }), ["Latte"]);
      assert.deepEqual(await found({ name: { folded: { in: ["latte"] } } }), ["Latte"]);
      await assert.rejects(() => found({ name: any({ near: 1 }) }), { code: "ORM_UNKNOWN_LOOKUP" });
      assert.throws(() => registerLookup("eq", { sql: () => "1" }), {
        message: 'A lookup cannot be registered as "eq".',
        hint: "A name is letters and digits, and no lookup's of Cortado.",
      });
      assert.throws(() => registerTransform("a b", { sql: () => "1" }), { code: "ORM_BAD_QUERY" });
    });

    test("no value gets out of its place", async () => {
      const hostile = [`'`, `"`, `\\`, `'; DROP TABLE cafe_drink; --`, `%_*?[a`, `$1 ?1 :x`, `{"a":1}`, `\u2028`, `[]`, `$."x"`];
      for (const text of hostile) {
        const row = await Drink.objects.create({ name: text, price: 7, note: `<${text}>`, data: { [text]: text } });
        const mine = { id: row.id };
        const wheres: unknown[] = [
          ...["eq", "iexact", "contains", "icontains", "startsWith", "istartsWith", "endsWith", "iendsWith"].map((lookup) => ({
            name: { [lookup]: text },
          })),
          { name: { in: [text] } },
          { name: { range: [text, text] } },
          { name: { gte: text, lte: text } },
          { name: { lower: text.toLowerCase() } },
          { name: { upper: { eq: text.toUpperCase() } } },
          { name: { trim: { contains: text } } },
          {
            name: { regex: text.replace(/[\\^$.*+?()[\]{}|"';:,<>%_-]/g, (c) => (/[\\^$.*+?()[\]{}|]/.test(c) ? `\\${c}` : c)) },
          },
          { name: { contains: value(text) } },
          { note: { eq: concat("<", text, ">") } },
          { data: { [text]: text } },
          { data: { [text]: { contains: text } } },
          { data: { [text]: { startsWith: text } } },
          { data: { contains: { [text]: text } } },
          { data: { containedBy: { [text]: text } } },
          { data: { hasKey: text } },
          { data: { hasKeys: [text] } },
          { data: { hasAnyKeys: [text] } },
          { data: { eq: { [text]: text } } },
        ];
        for (const where of wheres) {
          const title = JSON.stringify(where);
          assert.equal(
            await Drink.objects
              .filter(mine)
              .filter(where as never)
              .count(),
            1,
            title,
          );
        }
        assert.equal(await Drink.objects.filter({ ...mine, data: { [`${text}x`]: text } }).count(), 0);
        await row.delete();
      }
      assert.equal(await Drink.objects.count(), 3);
    });

    test("hostile names and values of the wrong kind are refused", async () => {
      const refusals: [unknown, string, string][] = [
        [{ name: { "eq; --": 1 } }, "ORM_UNKNOWN_LOOKUP", 'Drink.name cannot be compared with "eq; --".'],
        [{ name: { constructor: 1 } }, "ORM_UNKNOWN_LOOKUP", 'Drink.name cannot be compared with "constructor".'],
        [{ name: { year: 1 } }, "ORM_UNKNOWN_LOOKUP", 'Drink.name cannot be compared with "year".'],
        [{ price: { lower: "a" } }, "ORM_UNKNOWN_LOOKUP", 'Drink.price cannot be compared with "lower".'],
        [{ day: { hour: 1 } }, "ORM_UNKNOWN_LOOKUP", 'Drink.day cannot be compared with "hour".'],
        [{ moment: { year: "x' OR 1=1" } }, "ORM_BAD_VALUE", "x' OR 1=1"],
        [{ moment: { date: "tomorrow" } }, "ORM_BAD_VALUE", "tomorrow"],
        [{ moment: { year: { gte: {} } } }, "ORM_BAD_LOOKUP_VALUE", "It takes one value."],
        [{ name: { eq: { a: 1 } } }, "ORM_BAD_LOOKUP_VALUE", 'The lookup "eq" on Drink.name was given an object.'],
        [{ name: { length: { gte: undefined } } }, "ORM_UNDEFINED_VALUE", "undefined"],
        [{ price: { range: [1] } }, "ORM_BAD_LOOKUP_VALUE", "It takes a list of two values."],
        [{ price: { in: 3 } }, "ORM_BAD_LOOKUP_VALUE", "It takes a list or a query."],
        [{ note: { isNull: "no" } }, "ORM_BAD_LOOKUP_VALUE", "It takes true or false."],
        [{ data: { hasKeys: [{}] } }, "ORM_BAD_LOOKUP_VALUE", "It takes a key, or a list of keys."],
        [{ data: { size: { gte: null } } }, "ORM_BAD_LOOKUP_VALUE", "isNull finds rows without one"],
        [{ data: { a: undefined } }, "ORM_UNDEFINED_VALUE", "undefined"],
        [{ name: { contains: "a\0b" } }, "ORM_BAD_VALUE", "NUL"],
      ];
      for (const [where, code, message] of refusals) {
        await assert.rejects(
          () => found(where as never),
          (error: { code: string; message: string }) => error.code === code && error.message.includes(message),
          JSON.stringify(where),
        );
      }
    });

    test(
      "a pattern that would run for ever is stopped",
      { skip: name !== "SQLite" && "PostgreSQL has its own time-out" },
      async () => {
        const row = await Drink.objects.create({ name: `${"a".repeat(39)}!` });
        const started = performance.now();
        await assert.rejects(() => found({ name: { regex: "^(a+)+$" } }), {
          code: "ORM_SLOW_PATTERN",
          message: 'The pattern "^(a+)+$" of a regex lookup took longer than 1000 ms, so the query was stopped.',
          hint: "Avoid repeats inside repeats, as in (a+)+; take no patterns from strangers.",
        });
        assert.ok(performance.now() - started < 10_000);
        assert.deepEqual(await found({ name: { regex: "(M|x)+ocha" } }), ["Mocha"]);
        await row.delete();
      },
    );
  });
}

class Host extends Model({ address: genericIPAddress() }) {
  static objects = manager(this);
}

for (const { name, url, skip } of targets) {
  test(`an address has the transforms of texts on ${name}`, { skip }, async () => {
    const db = await openModels(url!, { Host });
    try {
      await Host.objects.create({ address: "2001:db8::a" });
      const count = (where: Where<Host>) => Host.objects.filter(where).count();
      assert.equal(await count({ address: { upper: { contains: "DB8" } } }), 1);
    } finally {
      await db.close();
    }
  });
}

test("a lookup of PostgreSQL's that was not imported names its import", () => {
  const error = ormErrors.ORM_UNKNOWN_LOOKUP({ field: "Coffee.name", given: "search", known: ["eq", "second"] });
  assert.equal(error.hint, 'It comes with: import "cortado/orm/postgres".');
});
