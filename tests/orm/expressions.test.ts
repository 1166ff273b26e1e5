import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as orm from "cortado/orm";
import {
  caseWhen,
  cast,
  coalesce,
  type Database,
  type Expression,
  extract,
  func,
  integer,
  jsonArray,
  jsonObject,
  Q,
  trunc,
  truncDate,
  truncTime,
  value,
  when,
} from "cortado/orm";
import { Decimal, isDecimal, Temporal } from "cortado/validation";
import { Drink, Maker } from "./drink-models.ts";
import { openModels, targets } from "./open-cafe.ts";

type D = Parameters<Parameters<typeof Drink.objects.annotate>[0]>[0];
type Case = [title: string, make: (d: D) => Expression<any>, expected: unknown];

/** A value as a test writes it: decimals and times as texts. */
function plain(given: unknown): unknown {
  if (given instanceof Date) return given.toISOString();
  if (isDecimal(given)) return `${given.toString()} exactly`;
  if (given instanceof Temporal.PlainDate || given instanceof Temporal.PlainTime || given instanceof Temporal.Duration)
    return String(given);
  if (typeof given === "number" && !Number.isInteger(given)) return Number(given.toPrecision(12));
  return given;
}

const seoul = { timeZone: "Asia/Seoul" };
const hostile = `'"; DROP TABLE cafe_drink; --\\ \u0000`.replace("\u0000", "");

const cases: Case[] = [
  // Arithmetic
  ["add", (d) => d.price.add(100), 4600],
  ["sub", (d) => d.price.sub(d.flags), 4494],
  ["mul", (d) => d.price.mul(2), 9000],
  ["div of whole numbers keeps the whole part", (d) => d.price.div(7), 642],
  ["div below zero cuts towards zero", (d) => d.price.neg().div(7), -642],
  ["div by a fraction", (d) => d.price.div(2.5), 1800],
  ["div by a column that is zero", (d) => d.price.div(d.price.sub(4500)), null],
  ["mod", (d) => d.price.mod(7), 6],
  ["mod below zero has the sign of the first", (d) => d.price.neg().mod(7), -6],
  ["mod of a float", (d) => d.weight.mod(1), 0.25],
  ["pow", (d) => d.flags.pow(3), 216],
  ["bitAnd", (d) => d.flags.bitAnd(3), 2],
  ["bitOr", (d) => d.flags.bitOr(9), 15],
  ["bitXor", (d) => d.flags.bitXor(3), 5],
  ["shiftLeft", (d) => d.flags.shiftLeft(2), 24],
  ["shiftRight", (d) => d.flags.shiftRight(1), 3],
  ["a decimal stays exact", (d) => d.cost.add("0.1").mul(3), "37.8 exactly"],
  ["a decimal and a whole number", (d) => d.price.add(d.cost), "4512.5 exactly"],
  ["a decimal divided", (d) => d.cost.div(3), "4.16666666666666666667 exactly"],
  ["a decimal divided by a column that is zero", (d) => d.cost.div(d.price.sub(4500)), null],
  ["a decimal's remainder", (d) => d.cost.mod(5), "2.5 exactly"],
  ["a decimal's power", (d) => d.cost.pow(2), "156.25 exactly"],
  ["thirty digits", (d) => d.huge.mul(3).add(1), "37037037036703703704.7037037036 exactly"],
  ["a float and a decimal", (d) => d.weight.mul(d.cost), 3.125],
  ["a bigint", (d) => d.big.add(1), 9007199254740994n],
  // Moments and durations
  ["a moment and a duration", (d) => d.moment.add(Temporal.Duration.from({ hours: 25 })), "2026-03-01T04:15:30.250Z"],
  ["a moment and a month", (d) => d.moment.add(Temporal.Duration.from({ months: 1 })), "2026-03-28T03:15:30.250Z"],
  ["a moment before", (d) => d.moment.sub(Temporal.Duration.from({ days: 28 })), "2026-01-31T03:15:30.250Z"],
  ["a moment and a column", (d) => d.moment.add(d.brewing), "2026-02-28T03:19:30.750Z"],
  ["a negative duration", (d) => d.moment.add(Temporal.Duration.from({ days: -1 })), "2026-02-27T03:15:30.250Z"],
  ["a day and a duration", (d) => d.day.add(Temporal.Duration.from({ days: 2 })), "2026-03-02"],
  ["a time of day and a duration", (d) => d.clock.sub(Temporal.Duration.from({ hours: 9 })), "23:30:00"],
  ["between two moments", (d) => d.moment.sub(new Date("2026-02-27T03:15:30Z")), "P1DT0.25S"],
  ["between two days", (d) => d.day.sub(Temporal.PlainDate.from("2026-02-01")), "P27D"],
  ["a duration doubled", (d) => d.brewing.mul(2), "PT8M1S"],
  ["durations added", (d) => d.brewing.add(d.brewing), "PT8M1S"],
  // Values and conditions
  ["a plain text", () => value("it's"), "it's"],
  ["a plain number", () => value(3), 3],
  ["a plain fraction", () => value(2.5), 2.5],
  ["a plain boolean", () => value(true), true],
  ["a plain decimal", () => value(new Decimal("1.10")), "1.1 exactly"],
  ["a plain day", () => value(Temporal.PlainDate.from("2026-01-31")), "2026-01-31"],
  ["a plain moment", () => value(new Date(0)), "1970-01-01T00:00:00.000Z"],
  ["a plain null", () => value(null), null],
  ["a value of a field", () => value("7", integer() as never), 7],
  ["a condition", (d) => d.price.gt(4000), true],
  ["a condition that does not hold", (d) => d.price.gt(4000).and(d.isIce.eq(true)), false],
  ["xor", (d) => d.price.gt(4000).xor(d.isIce.eq(true)), true],
  ["caseWhen", (d) => caseWhen([when(d.price.gt(5000), "dear"), when(d.price.gt(4000), "fair")], "cheap"), "fair"],
  ["caseWhen with an object", () => caseWhen([when({ price: { gt: 5000 } }, 1)], 2), 2],
  ["caseWhen with a Q", () => caseWhen([when(Q.not({ isIce: true }), 1)], 2), 1],
  ["caseWhen without another value", (d) => caseWhen([when(d.isIce.eq(true), 1)]), null],
  ["caseWhen of booleans", (d) => caseWhen([when(d.isIce.eq(true), false)], true), true],
  ["caseWhen of decimals and numbers", (d) => caseWhen<any>([when(d.isIce.eq(true), 0)], d.cost), "12.5 exactly"],
  ["coalesce", (d) => coalesce(d.note, "none"), "none"],
  ["coalesce of decimals", (d) => coalesce(orm.nullIf(d.cost, "12.50" as never), 0 as never), "0 exactly"],
  ["nullIf", (d) => orm.nullIf(d.name, "Latte "), "Latté"],
  ["nullIf of what is equal", (d) => orm.nullIf(d.price, 4500), null],
  ["greatest", (d) => orm.greatest(d.price, d.flags, 5000), 5000],
  ["greatest of decimals", (d) => orm.greatest(d.cost, "9.99"), "12.5 exactly"],
  ["greatest leaves nulls out", (d) => orm.greatest(d.note, "a"), "a"],
  ["least", (d) => orm.least(d.price, d.flags), 6],
  ["least of decimals", (d) => orm.least(d.cost, "9.99"), "9.99 exactly"],
  ["cast to a whole number", () => cast(value("12"), integer()), 12],
  ["cast of a fraction cuts", (d) => cast(d.weight.add(0.5), integer()), 0],
  ["cast to a text", (d) => cast(d.price, orm.text()), "4500"],
  ["cast to a decimal", (d) => cast(d.price, orm.decimal({ maxDigits: 8, decimalPlaces: 2 })), "4500 exactly"],
  ["cast to a float", (d) => cast(d.price, orm.float()), 4500],
  ["cast to a boolean", (d) => cast(d.flags, orm.boolean()), true],
  ["cast to a day", (d) => cast(d.moment, orm.date()), "2026-02-28"],
  ["func", (d) => func("abs", [d.price.neg()], { output: integer() }), 4500],
  [
    "func written for each database",
    (d) =>
      func({ sqlite: "instr", postgres: (name, part) => `position(CAST(${part} AS text) IN ${name})` }, [d.name, "t"], {
        output: integer(),
      }),
    3,
  ],
  // Texts
  ["slice", (d) => d.name.slice(1, 3), "at"],
  ["slice to the end", (d) => d.name.slice(3), "té"],
  ["lower", (d) => orm.lower(d.name), "latté"],
  ["upper", (d) => orm.upper(d.name), "LATTÉ"],
  ["length", (d) => orm.length(d.name), 5],
  ["concat", (d) => orm.concat(d.name, " (", d.price, ")", d.note), "Latté (4500)"],
  ["substr", (d) => orm.substr(d.name, 2, 3), "att"],
  ["replace", (d) => orm.replace(d.name, "tt", hostile), `La${hostile}é`],
  ["replace by nothing", (d) => orm.replace(d.name, "t"), "Laé"],
  ["trim", () => orm.trim(value("  a b ")), "a b"],
  ["lTrim", () => orm.lTrim(value("  a ")), "a "],
  ["rTrim", () => orm.rTrim(value(" a  ")), " a"],
  ["left", (d) => orm.left(d.name, 2), "La"],
  ["left of nothing", (d) => orm.left(d.name, 0), ""],
  ["right", (d) => orm.right(d.name, 2), "té"],
  ["right of nothing", (d) => orm.right(d.name, 0), ""],
  ["right of more than there is", (d) => orm.right(d.name, 9), "Latté"],
  ["lPad", (d) => orm.lPad(d.name, 8, "xy"), "xyxLatté"],
  ["lPad cuts", (d) => orm.lPad(d.name, 2), "La"],
  ["rPad", (d) => orm.rPad(d.name, 8, "xy"), "Lattéxyx"],
  ["strIndex", (d) => orm.strIndex(d.name, "t"), 3],
  ["strIndex of what is not there", (d) => orm.strIndex(d.name, "z"), 0],
  ["reverse", (d) => orm.reverse(d.name), "éttaL"],
  ["repeat", (d) => orm.repeat(d.name, 2), "LattéLatté"],
  ["chr", () => orm.chr(233), "é"],
  ["ord", () => orm.ord("é"), 233],
  ["ord of an empty text", () => orm.ord(""), 0],
  ["md5", () => orm.md5("abc"), "900150983cd24fb0d6963f7d28e17f72"],
  ["sha1", () => orm.sha1("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d"],
  ["sha224", () => orm.sha224("abc"), "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"],
  ["sha256", () => orm.sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  ["sha384", () => orm.left(orm.sha384("abc"), 16), "cb00753f45a35e8b"],
  ["sha512", () => orm.left(orm.sha512("abc"), 16), "ddaf35a193617aba"],
  ["collate", (d) => orm.collate(d.name, { sqlite: "nocase", postgres: "C" }), "Latté"],
  // Numbers
  ["round", (d) => orm.round(d.weight), 0],
  ["round to places", () => orm.round(value(2.675), 2), 2.68],
  ["round to hundreds", (d) => orm.round(d.price, -3), 5000],
  ["round of a decimal", (d) => orm.round(d.cost), "13 exactly"],
  ["round below zero goes away from zero", (d) => orm.round(d.cost.neg()), "-13 exactly"],
  ["abs", (d) => orm.abs(d.price.neg()), 4500],
  ["abs of a decimal", (d) => orm.abs(d.cost.neg()), "12.5 exactly"],
  ["ceil", (d) => orm.ceil(d.weight), 1],
  ["ceil of a decimal", (d) => orm.ceil(d.cost.neg()), "-12 exactly"],
  ["floor", (d) => orm.floor(d.weight), 0],
  ["floor of a decimal", (d) => orm.floor(d.cost.neg()), "-13 exactly"],
  ["mod()", (d) => orm.mod(d.price, 1000), 500],
  ["power", (d) => orm.power(d.flags, 2), 36],
  ["sqrt", () => orm.sqrt(16), 4],
  ["sign", (d) => orm.sign(d.cost.neg()), -1],
  ["exp", () => orm.exp(1), 2.71828182846],
  ["ln", () => orm.ln(10), 2.30258509299],
  ["log", () => orm.log(2, 8), 3],
  ["sin", () => orm.sin(1), 0.841470984808],
  ["cos", () => orm.cos(1), 0.540302305868],
  ["tan", () => orm.tan(1), 1.55740772465],
  ["cot", () => orm.cot(1), 0.642092615934],
  ["asin", () => orm.asin(1), 1.57079632679],
  ["acos", () => orm.acos(0), 1.57079632679],
  ["atan", () => orm.atan(1), 0.785398163397],
  ["atan2", () => orm.atan2(1, -1), 2.35619449019],
  ["degrees", () => orm.degrees(orm.pi()), 180],
  ["radians", () => orm.radians(180), 3.14159265359],
  ["pi", () => orm.pi(), 3.14159265359],
  // Times
  ["trunc year", (d) => trunc("year", d.moment), "2026-01-01T00:00:00.000Z"],
  ["trunc quarter", (d) => trunc("quarter", d.moment), "2026-01-01T00:00:00.000Z"],
  ["trunc month", (d) => trunc("month", d.moment), "2026-02-01T00:00:00.000Z"],
  ["trunc week", (d) => trunc("week", d.moment), "2026-02-23T00:00:00.000Z"],
  ["trunc day", (d) => trunc("day", d.moment), "2026-02-28T00:00:00.000Z"],
  ["trunc hour", (d) => trunc("hour", d.moment), "2026-02-28T03:00:00.000Z"],
  ["trunc minute", (d) => trunc("minute", d.moment), "2026-02-28T03:15:00.000Z"],
  ["trunc second", (d) => trunc("second", d.moment), "2026-02-28T03:15:30.000Z"],
  ["trunc day in a zone", (d) => trunc("day", d.moment, seoul), "2026-02-27T15:00:00.000Z"],
  ["trunc month in a zone", (d) => trunc("month", d.moment, seoul), "2026-01-31T15:00:00.000Z"],
  ["trunc hour at an offset", (d) => trunc("hour", d.moment, { timeZone: "+05:30" }), "2026-02-28T02:30:00.000Z"],
  ["trunc of a day", (d) => trunc("month", d.day), "2026-02-01"],
  ["trunc of a day to its quarter", (d) => trunc("quarter", d.day), "2026-01-01"],
  ["trunc of a time of day", (d) => trunc("hour", d.clock), "08:00:00"],
  ["truncDate", (d) => truncDate(d.moment), "2026-02-28"],
  ["truncDate in a zone", (d) => truncDate(d.moment.add(Temporal.Duration.from({ hours: 13 })), seoul), "2026-03-01"],
  ["truncTime", (d) => truncTime(d.moment), "03:15:30.25"],
  ["truncTime in a zone", (d) => truncTime(d.moment, seoul), "12:15:30.25"],
  ["extract year", (d) => extract("year", d.moment), 2026],
  ["extract isoYear", (d) => extract("isoYear", value(Temporal.PlainDate.from("2027-01-01"))), 2026],
  ["extract quarter", (d) => extract("quarter", d.moment), 1],
  ["extract month", (d) => extract("month", d.moment), 2],
  ["extract week", (d) => extract("week", d.moment), 9],
  ["extract day", (d) => extract("day", d.moment), 28],
  ["extract weekDay, Sunday being 1", (d) => extract("weekDay", d.moment), 7],
  ["extract isoWeekDay, Monday being 1", (d) => extract("isoWeekDay", d.moment), 6],
  ["extract hour", (d) => extract("hour", d.moment), 3],
  ["extract minute", (d) => extract("minute", d.moment), 15],
  ["extract second leaves the fraction out", (d) => extract("second", value(new Date("2026-01-01T00:00:59.900Z"))), 59],
  ["extract hour in a zone", (d) => extract("hour", d.moment, seoul), 12],
  ["extract hour at an offset", (d) => extract("hour", d.moment, { timeZone: "-05:00" }), 22],
  ["extract of a time of day", (d) => extract("minute", d.clock), 30],
  // JSON
  [
    "jsonObject",
    (d) =>
      jsonObject({ [hostile]: d.name, price: d.price, ice: d.isIce, cost: d.cost, at: d.moment, data: d.data, none: d.note }),
    {
      [hostile]: "Latté",
      price: 4500,
      ice: false,
      cost: "12.50",
      at: "2026-02-28T03:15:30.250Z",
      data: { sizes: [1, 2, { name: "XL" }], "a\"b'c": "quoted", "0": "zero", none: null, deep: { n: 3.5 } },
      none: null,
    },
  ],
  ["jsonArray", (d) => jsonArray(d.name, 1, true, "x", d.note), ["Latté", 1, true, "x", null]],
  ["path", (d) => d.data.path("sizes", 2, "name"), "XL"],
  ["path from the end", (d) => d.data.path("sizes", -1), { name: "XL" }],
  ["path of a number", (d) => d.data.path("sizes", 0), 1],
  ["path of a hostile key", (d) => d.data.path("a\"b'c"), "quoted"],
  ["path of a key that looks like a position", (d) => d.data.path("0"), "zero"],
  ["path that is not there", (d) => d.data.path("none", "x"), null],
  ["pathText", (d) => d.data.pathText("sizes", 2, "name"), "XL"],
  ["pathText of a number", (d) => d.data.pathText("deep", "n"), "3.5"],
];

for (const { name, url, skip } of targets) {
  describe(`expressions on ${name}`, { skip }, () => {
    let db: Database;
    let latte: Drink;
    before(async () => {
      db = await openModels(url!, { Drink, Maker });
      if (db.dialect === "postgres") await db.script("CREATE EXTENSION IF NOT EXISTS pgcrypto");
      latte = await Drink.objects.create({
        name: "Latté",
        price: 4500,
        flags: 6,
        big: 9007199254740993n,
        weight: 0.25,
        cost: new Decimal("12.50"),
        huge: new Decimal("12345679012234567901.2345679012"),
        day: Temporal.PlainDate.from("2026-02-28"),
        moment: new Date("2026-02-28T03:15:30.250Z"),
        clock: Temporal.PlainTime.from("08:30"),
        brewing: Temporal.Duration.from({ minutes: 4, milliseconds: 500 }),
        data: { sizes: [1, 2, { name: "XL" }], "a\"b'c": "quoted", "0": "zero", none: null, deep: { n: 3.5 } },
      });
    });
    after(() => db?.close());

    for (const [title, make, expected] of cases) {
      test(title, async () => {
        const query = Drink.objects.filter({ id: latte.id }).annotate((d) => ({ x: make(d) }));
        assert.deepEqual((await query.valuesList("x", { flat: true })).map(plain), [expected]);
      });
    }
  });
}
