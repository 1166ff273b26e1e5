import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  char,
  type Database,
  date,
  dateTime,
  decimal,
  type Expression,
  float,
  integer,
  manager,
  Model,
  type Refs,
  type Where,
} from "cortado/orm";
import {
  array,
  bigIntegerRange,
  dateRange,
  dateTimeRange,
  decimalRange,
  integerRange,
  Range,
  rangeMaxValueValidator,
  rangeMinValueValidator,
  rangeOf,
} from "cortado/orm/postgres";
import { Decimal, Temporal, ValidationError } from "cortado/validation";
import { onPostgres, openPostgres } from "./open-postgres.ts";

class Offer extends Model({
  name: char({ maxLength: 20, default: "" }),
  ages: integerRange({ null: true, validators: [rangeMinValueValidator(0), rangeMaxValueValidator(150)] }),
  serials: bigIntegerRange({ null: true }),
  prices: decimalRange({ null: true, defaultBounds: "[]" }),
  days: dateRange({ null: true }),
  during: dateTimeRange({ null: true, defaultBounds: "(]" }),
  slots: array(integerRange(), { default: () => [] }),
  price: integer({ default: 0 }),
  cost: decimal({ maxDigits: 8, decimalPlaces: 2, default: 0 }),
  ratio: float({ default: 0 }),
  day: date({ null: true }),
  moment: dateTime({ null: true }),
}) {
  static objects = manager(this);
}

const day = (text: string) => Temporal.PlainDate.from(text);
const range = (lower: number | null, upper: number | null, bounds?: "[]" | "()" | "(]") => new Range(lower, upper, bounds);

describe("ranges on PostgreSQL", onPostgres, () => {
  let db: Database;
  before(async () => {
    db = await openPostgres({ Offer });
  });
  after(() => db?.close());

  const names = async (where: Where<Offer> | ((offer: Refs<Offer>) => Expression<boolean>)) =>
    await Offer.objects.filter(where).orderBy("name").valuesList("name", { flat: true });

  test("ranges keep their values, their bounds, nothing and null", async () => {
    const given = {
      ages: range(18, 30),
      serials: new Range(1n, 9007199254740993n),
      prices: new Range(new Decimal("0.10"), new Decimal("12345678901234567890.5"), "()"),
      days: new Range(day("2026-01-01"), day("2026-02-01")),
      during: new Range(new Date("2026-01-01T10:00:00.123Z"), new Date("2026-01-01T12:00:00Z"), "[]"),
      slots: [range(1, 2), Range.empty<number>(), range(null, 5, "()")],
    };
    const { id } = await Offer.objects.create(given);
    const row = await Offer.objects.get({ id });
    for (const name of ["ages", "serials", "prices", "days", "during"] as const) {
      const found = row[name] as Range;
      assert.ok(found.equals(given[name]), `${name}: ${String(found)} is not ${String(given[name])}`);
    }
    assert.deepEqual(row.slots.map(String), ["[1,2)", "empty", "(,5)"]);
    assert.equal(typeof row.ages!.lower, "number");
    assert.equal(typeof row.serials!.upper, "bigint");
    const open = await Offer.objects.create({ ages: range(null, null), days: Range.empty() });
    const again = await Offer.objects.get({ id: open.id });
    assert.deepEqual([again.ages!.lowerInf, again.ages!.upperInf, again.days!.isEmpty, again.serials], [true, true, true, null]);
    assert.equal(await Offer.objects.filter({ slots: { contains: [range(1, 2)] } }).count(), 1);
    await Offer.objects.all().delete();
  });

  test("whole numbers and days are read back with their upper bound outside", async () => {
    const { id } = await Offer.objects.create({
      ages: range(1, 3, "[]"),
      days: new Range(day("2026-01-01"), day("2026-01-02"), "(]"),
    });
    const { ages, days } = await Offer.objects.get({ id });
    assert.deepEqual([String(ages), String(days)], ["[1,4)", "[2026-01-02,2026-01-03)"]);
    await Offer.objects.all().delete();
  });

  test("moments are the same in whatever zone the session is", async () => {
    const [lower, upper] = [new Date("1999-07-01T00:00:00Z"), new Date("2026-01-01T10:00:00.500Z")];
    const { id } = await Offer.objects.create({ during: new Range(lower, upper) });
    await db.transaction(async () => {
      for (const zone of ["Asia/Kolkata", "America/St_Johns", "UTC", "Asia/Seoul"]) {
        await db.execute(`SET LOCAL TIME ZONE '${zone}'`);
        const found = (await Offer.objects.get({ id })).during!;
        assert.deepEqual([found.lower, found.upper], [lower, upper], zone);
        assert.equal(
          await Offer.objects.filter({ id, during: { contains: lower, overlap: new Range(lower, upper) } }).count(),
          1,
        );
      }
    });
    await Offer.objects.all().delete();
  });

  test("a list of two is a range with the field's own bounds", async () => {
    const { id } = await Offer.objects.create({ prices: [1, 2] as never, during: ["2026-01-01", "2026-01-02"] as never });
    const row = await Offer.objects.get({ id });
    assert.deepEqual([row.prices!.bounds, row.during!.bounds], ["[]", "(]"]);
    assert.equal(await Offer.objects.filter({ prices: { contains: [1, 2] as never } }).count(), 1);
    await Offer.objects.all().delete();
  });

  test("ranges are found by what they contain, meet, touch and leave out", async () => {
    await Offer.objects.bulkCreate([
      { name: "a", ages: range(1, 5) },
      { name: "b", ages: range(5, 10) },
      { name: "c", ages: range(20, null) },
      { name: "d", ages: Range.empty() },
      { name: "e", ages: null },
    ]);
    const found: [Where<Offer>, string[]][] = [
      [{ ages: range(1, 5) }, ["a"]],
      [{ ages: range(1, 4, "[]") }, ["a"]],
      [{ ages: { in: [range(1, 5), Range.empty()] } }, ["a", "d"]],
      [{ ages: { contains: 4 } }, ["a"]],
      [{ ages: { contains: range(6, 7) } }, ["b"]],
      [{ ages: { contains: 1000 } }, ["c"]],
      [{ ages: { containedBy: range(0, 10) } }, ["a", "b", "d"]],
      [{ ages: { overlap: range(4, 6) } }, ["a", "b"]],
      [{ ages: { fullyLt: range(10, 11) } }, ["a", "b"]],
      [{ ages: { fullyGt: range(4, 5) } }, ["b", "c"]],
      [{ ages: { notLt: range(5, 6) } }, ["b", "c"]],
      [{ ages: { notGt: range(5, 6) } }, ["a"]],
      [{ ages: { adjacentTo: range(10, 11) } }, ["b"]],
      [{ ages: { startsWith: 5 } }, ["b"]],
      [{ ages: { startsWith: { gte: 5 } } }, ["b", "c"]],
      [{ ages: { endsWith: { lt: 10 } } }, ["a"]],
      [{ ages: { endsWith: { isNull: true } } }, ["c", "d", "e"]],
      [{ ages: { isEmpty: true } }, ["d"]],
      [{ ages: { isEmpty: false } }, ["a", "b", "c"]],
      [{ ages: { lowerInc: true } }, ["a", "b", "c"]],
      [{ ages: { upperInc: true } }, []],
      [{ ages: { lowerInf: true } }, []],
      [{ ages: { upperInf: true } }, ["c"]],
      [{ ages: { gt: range(1, 5) } }, ["b", "c"]],
      [{ ages: null }, ["e"]],
      [{ ages: { isNull: false, contains: 7 } }, ["b"]],
    ];
    for (const [where, expected] of found) assert.deepEqual(await names(where), expected, JSON.stringify(where));
    assert.deepEqual(await names((o) => o.ages.lookup("overlap", range(4, 6))), ["a", "b"]);
    assert.deepEqual(await names((o) => o.ages.contains(4)), ["a"]);
    assert.deepEqual(await names((o) => o.ages.startsWith(5 as never)), ["b"]);
    await Offer.objects.all().delete();
  });

  test("numbers, days and moments are found in a range", async () => {
    await Offer.objects.create({
      name: "a",
      price: 5,
      cost: new Decimal("2.50"),
      ratio: 0.5,
      day: day("2026-01-15"),
      moment: new Date("2026-01-15T12:00:00Z"),
      ages: range(0, 10),
    });
    for (const where of [
      { price: { containedBy: range(1, 6) } },
      { cost: { containedBy: new Range<Decimal>(new Decimal(2), null) } },
      { ratio: { containedBy: range(0, 1) } },
      { day: { containedBy: new Range(day("2026-01-01"), day("2026-02-01")) } },
      { moment: { containedBy: new Range(new Date("2026-01-15T12:00:00Z"), null, "[]") } },
    ] as Where<Offer>[])
      assert.deepEqual(await names(where), ["a"], JSON.stringify(where));
    assert.deepEqual(await names({ price: { containedBy: range(1, 5) } }), []);
    assert.deepEqual(await names({ price: { containedBy: range(1, 5, "[]") } }), ["a"]);
    assert.deepEqual(await names((o) => o.ages.contains(o.price)), ["a"]);
    assert.deepEqual(await names((o) => o.ages.contains(o.price.add(5))), []);
    assert.deepEqual(await names((o) => o.ages.contains(rangeOf(o.price, 7, { output: integerRange() }))), ["a"]);
    assert.deepEqual(await names((o) => o.price.lookup("containedBy", o.serials)), []);
    assert.deepEqual(await names((o) => rangeOf(o.price, 7, { output: integerRange() }).lookup("contains", 6)), ["a"]);
    await assert.rejects(names({ price: { containedBy: 5 as never } }), {
      code: "ORM_BAD_VALUE",
      message: "Offer.price cannot hold 5. It takes a Range.",
    });
    await Offer.objects.all().delete();
  });

  test("ranges of columns are made in the query", async () => {
    await Offer.objects.create({ name: "a", day: day("2026-01-15"), moment: new Date("2026-01-20T00:00:00Z") });
    const [row] = await Offer.objects.annotate((o) => ({
      stay: rangeOf(o.day, day("2026-01-20"), { output: dateRange(), bounds: "[]" }),
      open: rangeOf(o.day, null, { output: dateRange() }),
    }));
    assert.deepEqual([String(row!.stay), String(row!.open)], ["[2026-01-15,2026-01-21)", "[2026-01-15,)"]);
    assert.throws(() => rangeOf(1, 2, { output: integerRange(), bounds: "); --" as never }), { code: "ORM_BAD_QUERY" });
    await Offer.objects.all().delete();
  });

  test("what is no range of the field's is refused, and says what is", async () => {
    for (const ages of ["1 to 5", [1], range("x" as never, 2), range(5, 1), 7, "[1,2); DROP TABLE cafe_offer"])
      await assert.rejects(Offer.objects.create({ ages: ages as never }), { code: "ORM_BAD_VALUE" }, String(ages));
    await assert.rejects(Offer.objects.create({ ages: range(0, 2 ** 40) }), { code: "ORM_BAD_VALUE" });
    for (const value of ["x", "'); --", {}])
      for (const lookup of ["contains", "overlap", "containedBy", "fullyLt", "adjacentTo", "eq"])
        await assert.rejects(names({ ages: { [lookup]: value } as never }), /ORM_BAD|cannot hold|takes/, lookup);
    await assert.rejects(names({ ages: { isEmpty: 1 as never } }), { code: "ORM_BAD_LOOKUP_VALUE" });
    await assert.rejects(names({ ages: { near: 1 } as never }), { code: "ORM_UNKNOWN_LOOKUP" });
    await assert.rejects(names({ ages: { overlap: null as never } }), { code: "ORM_BAD_LOOKUP_VALUE" });
  });

  test("fullClean checks the order of bounds and the limits", async () => {
    const refused = async (ages: unknown) => {
      const error = await new Offer({ name: "x", ages } as never).fullClean().catch((caught: unknown) => caught);
      assert.ok(error instanceof ValidationError, String(error));
      return error.toJSON()["ages"];
    };
    assert.deepEqual(await refused(range(5, 1)), ["The start of the range must not exceed the end of the range."]);
    assert.deepEqual(await refused(range(-1, 10)), ["Ensure that the lower bound of the range is not less than 0."]);
    assert.deepEqual(await refused(range(1, null)), ["Ensure that the upper bound of the range is not greater than 150."]);
    assert.deepEqual(await refused("x"), ["Enter two values, the bounds of a range."]);
  });
});

test("a range knows its bounds and what it contains", () => {
  const half = new Range(1, 10);
  assert.deepEqual([half.contains(1), half.contains(9.5), half.contains(10), half.contains(0)], [true, true, false, false]);
  assert.deepEqual([half.lowerInc, half.upperInc, half.lowerInf, half.upperInf], [true, false, false, false]);
  const open = new Range<number>(null, 3, "[]");
  assert.deepEqual([open.contains(-1e9), open.contains(3), open.lowerInc, open.lowerInf], [true, true, false, true]);
  assert.equal(Range.empty<number>().contains(1), false);
  assert.ok(new Range(new Decimal("1.0"), null).equals(new Range(new Decimal("1"), null, "[]")));
  assert.deepEqual(
    [String(half), String(Range.empty()), String(new Range('a"b', "c d"))],
    ["[1,10)", "empty", '["a\\"b","c d")'],
  );
  assert.equal(
    JSON.stringify({ half, none: Range.empty() }),
    '{"half":{"lower":1,"upper":10,"bounds":"[)"},"none":{"empty":true}}',
  );
  assert.throws(() => new Range(1, 2, "<>" as never), { code: "ORM_BAD_QUERY" });
});

test("a range goes into JSON and back", () => {
  const field = dateTimeRange();
  for (const given of [new Range(new Date(0), new Date(1000), "(]"), Range.empty<Date>(), new Range<Date>(null, new Date(5))])
    assert.ok((field.fromJson(JSON.parse(JSON.stringify(field.toJson(given)))) as Range).equals(given), String(given));
  assert.equal(field.toJson(null), null);
});
