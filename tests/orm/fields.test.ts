import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  bigInteger,
  binary,
  boolean,
  char,
  type Database,
  date,
  dateTime,
  decimal,
  duration,
  email,
  type Field,
  filePath,
  float,
  foreignKey,
  genericIPAddress,
  integer,
  json,
  manager,
  Model,
  positiveBigInteger,
  positiveInteger,
  positiveSmallInteger,
  queryLog,
  slug,
  smallAuto,
  smallInteger,
  text,
  time,
  url,
  uuid,
} from "cortado/orm";
import { Decimal, Temporal, ValidationError } from "cortado/validation";
import { openModels, targets } from "./open-cafe.ts";

/** A field with three values in ascending order, what JSON says of the first, and what it refuses. */
interface Kind {
  readonly field: Field;
  readonly values: readonly [unknown, unknown, unknown];
  readonly json: unknown;
  readonly bad: readonly unknown[];
  /** A value as a person types it, and what it is read as. */
  readonly typed?: readonly [string, unknown];
}

const day = (iso: string) => Temporal.PlainDate.from(iso);
const clock = (iso: string) => Temporal.PlainTime.from(iso);
const span = (iso: string) => Temporal.Duration.from(iso);
const bytes = (...values: number[]) => Uint8Array.from(values);
const key = (digit: string) => `${digit.repeat(8)}-0000-4000-8000-000000000000`;

const kinds: Readonly<Record<string, Kind>> = {
  char: { field: char({ maxLength: 5, null: true }), values: ["a", "b", "ç"], json: "a", bad: ["abcdef", {}] },
  openChar: { field: char({ null: true }), values: ["", "a", "b".repeat(5000)], json: "", bad: [{}] },
  text: { field: text({ null: true }), values: ["a", "a\nb", "“b”"], json: "a", bad: [{}, ["a"]] },
  slug: { field: slug({ null: true }), values: ["a-1", "b_2", "c"], json: "a-1", bad: ["x".repeat(51)] },
  email: { field: email({ null: true }), values: ["a@b.kr", "b@b.kr", "c@b.kr"], json: "a@b.kr", bad: ["x".repeat(255)] },
  url: { field: url({ null: true }), values: ["https://a.kr", "https://b.kr", "https://c.kr"], json: "https://a.kr", bad: ["x".repeat(201)] }, // oxfmt-ignore
  filePath: { field: filePath({ path: "docs", null: true }), values: ["a", "b", "c"], json: "a", bad: ["x".repeat(101)] },
  uuid: { field: uuid({ null: true }), values: [key("1"), key("2"), key("a")], json: key("1"), bad: ["zz", 5], typed: [key("a").toUpperCase().replaceAll("-", ""), key("a")] }, // oxfmt-ignore
  genericIPAddress: { field: genericIPAddress({ null: true }), values: ["10.0.0.1", "10.0.0.2", "2001:db8::1"], json: "10.0.0.1", bad: ["10.0.0.256", "::1::", "ten", 5], typed: ["2001:0DB8:0:0::0001", "2001:db8::1"] }, // oxfmt-ignore
  integer: { field: integer({ null: true }), values: [-2_147_483_648, 0, 2_147_483_647], json: -2_147_483_648, bad: [2_147_483_648, -2_147_483_649, 1.5, "x"], typed: ["12", 12] }, // oxfmt-ignore
  smallInteger: { field: smallInteger({ null: true }), values: [-32_768, 0, 32_767], json: -32_768, bad: [32_768, "x"] },
  positiveInteger: { field: positiveInteger({ null: true }), values: [0, 1, 2_147_483_647], json: 0, bad: [-1, 2_147_483_648] },
  positiveSmallInteger: { field: positiveSmallInteger({ null: true }), values: [0, 1, 32_767], json: 0, bad: [-1, 32_768] },
  bigInteger: { field: bigInteger({ null: true }), values: [-(2n ** 63n), 9_007_199_254_740_993n, 2n ** 63n - 1n], json: "-9223372036854775808", bad: [2n ** 63n, 1.5, "x"], typed: ["9007199254740993", 9_007_199_254_740_993n] }, // oxfmt-ignore
  positiveBigInteger: { field: positiveBigInteger({ null: true }), values: [0n, 9_007_199_254_740_993n, 2n ** 63n - 1n], json: "0", bad: [-1n, 2n ** 63n] }, // oxfmt-ignore
  float: {
    field: float({ null: true }),
    values: [-1.5e300, 0.1, 1e-7 + 1],
    json: -1.5e300,
    bad: [Number.NaN, "x"],
    typed: ["0.5", 0.5],
  },
  decimal: { field: decimal({ maxDigits: 8, decimalPlaces: 2, null: true }), values: [new Decimal("-999999.99"), new Decimal("0.30"), new Decimal("12.5")], json: "-999999.99", bad: [new Decimal("1000000"), "x", Number.NaN], typed: ["12.5", new Decimal("12.50")] }, // oxfmt-ignore
  openDecimal: { field: decimal({ null: true }), values: [new Decimal("-0.000000000000000000001"), new Decimal("0.30"), new Decimal("12345678901234567890123.5")], json: "-0.000000000000000000001", bad: ["x"] }, // oxfmt-ignore
  boolean: { field: boolean({ null: true }), values: [false, true, true], json: false, bad: ["maybe", 2], typed: ["true", true] },
  date: { field: date({ null: true }), values: [day("0001-01-01"), day("2024-02-29"), day("9999-12-31")], json: "0001-01-01", bad: ["2026-02-30", day("+010000-01-01"), "x", 5], typed: ["2024-02-29", day("2024-02-29")] }, // oxfmt-ignore
  dateTime: { field: dateTime({ null: true }), values: [new Date("0001-01-01T00:00:00Z"), new Date("2024-02-29T12:30:00.123Z"), new Date("9999-12-31T23:59:59.999Z")], json: "0001-01-01T00:00:00.000Z", bad: [new Date(8.64e15), new Date(Number.NaN), "Latte 5", "2026-02-30T00:00:00Z"], typed: ["2024-02-29 21:30:00.123+09:00", new Date("2024-02-29T12:30:00.123Z")] }, // oxfmt-ignore
  time: { field: time({ null: true }), values: [clock("00:00"), clock("12:30:00.000001"), clock("23:59:59.999999")], json: "00:00:00", bad: ["25:00", "x"], typed: ["12:30", clock("12:30")] }, // oxfmt-ignore
  duration: { field: duration({ null: true }), values: [span("-P1DT0.000001S"), span("PT1H30M0.000001S"), span("P400000DT23H59M59.999999S")], json: "-P1DT0.000001S", bad: ["P1M", span("P1Y"), "x", 5], typed: ["1 02:03:04.5", span("P1DT2H3M4.5S")] }, // oxfmt-ignore
  binary: { field: binary({ maxLength: 4, null: true }), values: [bytes(), bytes(0, 1, 255), bytes(200)], json: "", bad: [bytes(1, 2, 3, 4, 5), "not base64!", 5], typed: ["AAH/", bytes(0, 1, 255)] }, // oxfmt-ignore
};

const fields = Object.fromEntries(Object.entries(kinds).map(([name, { field }]) => [name, field]));

class Sample extends (Model(fields) as any) {
  static objects: any = manager(this as any);
}
class Holder extends (Model({
  id: smallAuto(),
  sample: () => foreignKey(Sample as any, { onDelete: "cascade" }),
} as any) as any) {
  static objects: any = manager(this as any);
}

/** A value so that equal ones are equal texts. */
const seen = (name: string, value: unknown) => (value === null ? null : kinds[name]!.field.toJson(value));

for (const { name: target, url: address, skip } of targets) {
  describe(`fields on ${target}`, { skip }, () => {
    let db: Database;
    before(async () => {
      db = await openModels(address!, { Sample, Holder });
    });
    after(() => db?.close());

    for (const [name, { values, json: written, bad, typed }] of Object.entries(kinds)) {
      describe(name, () => {
        const keys: unknown[] = [];
        before(async () => {
          await Holder.objects.all().delete();
          await Sample.objects.all().delete();
          for (const value of values) keys.push((await Sample.objects.create({ [name]: value })).pk);
        });
        const ask = async (where: object) =>
          (await Sample.objects.filter({ [name]: where }).orderBy("pk")).map((row: any) => keys.indexOf(row.pk));

        test("keeps its values, and null", async () => {
          const rows = await Sample.objects.orderBy("pk");
          rows.forEach((row: any, at: number) => {
            assert.equal(typeof row[name], typeof values[at]);
            assert.equal((row[name] as object).constructor, (values[at] as object).constructor);
            assert.deepEqual(seen(name, row[name]), seen(name, values[at]));
          });
          assert.deepEqual(rows[0].pick(name), { [name]: written });
          const none = await Sample.objects.create({ [name]: null });
          assert.equal((await Sample.objects.get({ pk: none.pk }))[name], null);
          assert.deepEqual(await ask({ isNull: true }), [-1]);
          await none.delete();
        });

        test("is not written again when it did not change", async () => {
          const rows = [...(await Sample.objects.orderBy("pk")), await Sample.objects.create({ [name]: values[1] })];
          const { queries } = await queryLog(async () => {
            for (const row of rows) await row.save();
          });
          assert.deepEqual(queries.map(({ sql }) => sql), []); // oxfmt-ignore
          await rows.at(-1).delete();
        });

        test("is found by eq, in and range, and sorts", async () => {
          const [low, middle, high] = values;
          const isTwo = name === "boolean";
          assert.deepEqual(await ask({ eq: low }), [0]);
          assert.deepEqual(await ask({ eq: high }), isTwo ? [1, 2] : [2]);
          assert.deepEqual(await ask({ in: [low, high] }), isTwo ? [0, 1, 2] : [0, 2]);
          if (!isTwo) {
            assert.deepEqual(await ask({ gt: low }), [1, 2]);
            assert.deepEqual(await ask({ lte: middle }), [0, 1]);
            assert.deepEqual(await ask({ range: [middle, high] }), [1, 2]);
          }
          const sorted = await Sample.objects.orderBy(`-${name}`, "pk").valuesList(name, { flat: true });
          const expected = [...values].reverse();
          assert.deepEqual(
            sorted.map((value: unknown) => seen(name, value)),
            (isTwo ? [true, true, false] : expected).map((value) => seen(name, value)),
          );
        });

        test("keeps its values over a relation, in values() and in an aggregate", async () => {
          const [, middle, high] = values;
          const holder = await Holder.objects.create({ sampleId: keys[1] });
          const joined = await Holder.objects.with("sample").get({ pk: holder.pk });
          assert.deepEqual(seen(name, joined.sample[name]), seen(name, middle));
          const [row] = await Holder.objects.filter({ pk: holder.pk }).values(`sample.${name}`);
          assert.deepEqual(seen(name, row[`sample.${name}`]), seen(name, middle));
          if (!["boolean", "uuid", "binary", "genericIPAddress"].includes(name)) {
            const { most } = await Sample.objects.aggregate((s: any) => ({ most: s[name].max() }));
            assert.deepEqual(seen(name, most), seen(name, high));
          }
          await holder.delete();
        });

        test("refuses what does not fit, and says what does", async () => {
          for (const value of bad) {
            await assert.rejects(Sample.objects.create({ [name]: value }), (error: any) => {
              assert.equal(error.code, "ORM_BAD_VALUE", String(value));
              assert.match(error.message, new RegExp(`^Sample\\.${name} cannot hold .* It takes .+\\.$`, "s"));
              return true;
            });
            await assert.rejects(Sample.objects.all().update({ [name]: value }), { code: "ORM_BAD_VALUE" });
            assert.throws(() => (Sample as any).meta.field(name).clean(value), ValidationError, `clean(${String(value)})`);
          }
          assert.equal(await Sample.objects.count(), values.length);
        });

        test("reads what a person types", { skip: typed === undefined }, () => {
          const [given, read] = typed!;
          assert.deepEqual(seen(name, (Sample as any).meta.field(name).clean(given)), seen(name, read));
        });
      });
    }
  });
}

for (const { name: target, url: address, skip } of targets) {
  test(`an address is found by a part of its text on ${target}`, { skip }, async () => {
    const db = await openModels(address!, { Sample, Holder });
    for (const value of ["10.0.0.1", "10.0.0.21", "2001:db8::1"]) await Sample.objects.create({ genericIPAddress: value });
    const found = (where: object) => Sample.objects.filter({ genericIPAddress: where }).count();
    assert.equal(await found({ endsWith: ".1" }), 1);
    assert.equal(await found({ startsWith: "10." }), 2);
    assert.equal(await found({ iexact: "2001:DB8::1" }), 1);
    assert.equal(await found({ regex: "1$" }), 3);
    await db.close();
  });
}

test("json keeps any JSON value, and what its encoder and decoder know", () => {
  const field = json();
  assert.throws(() => field.clean(1n), ValidationError);
  assert.deepEqual(field.clean({ a: [1, null] }), { a: [1, null] });
});
