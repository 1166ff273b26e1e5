import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { defineApp } from "cortado";
import {
  cast,
  char,
  coalesce,
  type Database,
  date,
  exclusion,
  foreignKey,
  func,
  integer,
  manager,
  Model,
  related,
  text,
  value,
} from "cortado/orm";
import { dumpData, loadData } from "cortado/orm/serialization";
import {
  array,
  citext,
  dateRange,
  dateTimeRange,
  decimalRange,
  hstore,
  integerRange,
  Range,
  rangeOf,
  tsvector,
} from "cortado/orm/postgres";
import { Decimal, Temporal, ValidationError } from "cortado/validation";
import { onPostgres, openPostgres } from "./open-postgres.ts";

const day = (written: string) => Temporal.PlainDate.from(written);

class House extends Model({ name: citext(), bookings: () => related(Booking, "house") }) {
  static objects = manager(this);
}

class Booking extends Model(
  {
    house: () => foreignKey(House, { onDelete: "cascade" }),
    room: integer(),
    stay: dateRange(),
    from: date({ null: true }),
    until: date({ null: true }),
    range: array(integer(), { default: () => [] }),
    guests: array(citext(), { default: () => [], blank: true }),
    notes: array(text(), { null: true, blank: true }),
    slots: array(dateTimeRange(), { default: () => [], blank: true }),
    prices: decimalRange({ null: true, blank: true }),
    labels: hstore({ default: () => ({}), blank: true }),
    ages: integerRange({ null: true, blank: true, dbDefault: new Range(0, 100) }),
    words: tsvector({ null: true, blank: true }),
    name: char({ maxLength: 10, default: "", blank: true }),
  },
  {
    constraints: [
      exclusion("no_overlap", {
        expressions: [
          ["room", "="],
          ["stay", "&&"],
        ],
        violationErrorMessage: "The room is taken.",
      }),
      exclusion("no_overlap_of_days", {
        expressions: [
          ["room", "="],
          [(row) => rangeOf(row.from, row.until, { output: dateRange(), bounds: "[]" }), "&&"],
        ],
        condition: { from: { isNull: false } },
        violationErrorMessage: "The days are taken.",
      }),
    ],
  },
) {
  static objects = manager(this);
}

describe("PostgreSQL's fields with everything else", onPostgres, () => {
  let db: Database;
  let house: House;
  before(async () => {
    db = await openPostgres({ House, Booking }, ["hstore", "citext", "btree_gist", "pg_trgm", "unaccent"]);
    house = await House.objects.create({ name: "Sunny" });
    await Booking.objects.create({
      house,
      room: 1,
      stay: new Range(day("2026-01-01"), day("2026-01-05")),
      range: [1, 2],
      guests: ["Ada"],
      slots: [new Range(new Date("2026-01-01T00:00:00Z"), null)],
      prices: new Range(new Decimal("1.50"), new Decimal(2), "[]"),
      labels: { size: "10", none: null },
    });
  });
  after(() => db?.close());

  test("a list in a field called range is a list", async () => {
    const found = async (range: number[]) => await Booking.objects.filter({ range }).count();
    assert.deepEqual([await found([1, 2]), await found([2, 1]), await found([1, 2, 3]), await found([1, 2])], [1, 0, 0, 1]);
    assert.equal(await Booking.objects.filter({ range: { contains: [2, 1] } }).count(), 1);
  });

  test("fullClean asks the database whether an exclusion is broken", async () => {
    const refused = async (values: object) => {
      const row = new Booking({
        house,
        room: 1,
        range: [1],
        stay: new Range(day("2026-02-01"), day("2026-02-02")),
        ...values,
      } as never);
      const error = await row.fullClean().catch((caught: unknown) => caught);
      if (error === undefined) return undefined;
      assert.ok(error instanceof ValidationError, String(error));
      return error.toJSON();
    };
    assert.equal(await refused({}), undefined);
    assert.deepEqual(await refused({ stay: new Range(day("2026-01-04"), day("2026-01-08")) }), {
      __all__: ["The room is taken."],
    });
    assert.equal(await refused({ room: 2, stay: new Range(day("2026-01-04"), day("2026-01-08")) }), undefined);
    const other = await Booking.objects.create({
      house,
      room: 3,
      stay: Range.empty(),
      from: day("2026-01-01"),
      until: day("2026-01-02"),
    });
    assert.deepEqual(await refused({ room: 3, from: day("2026-01-02"), until: day("2026-01-09") }), {
      __all__: ["The days are taken."],
    });
    await other.delete();
  });

  test("values are read over relations, alone, as plain values and as defaults of the database", async () => {
    const query = Booking.objects.filter({ house: { name: "SUNNY" } });
    assert.deepEqual(await query.valuesList("range", { flat: true }), [[1, 2]]);
    const [row] = await query.values("guests", "stay", "labels", "ages");
    assert.deepEqual([row!.guests, String(row!.stay), row!.labels, String(row!.ages)], [["Ada"], "[2026-01-01,2026-01-05)", { size: "10", none: null }, "[0,100)"]); // oxfmt-ignore
    assert.equal(await House.objects.filter({ bookings: { guests: { contains: ["ADA"] }, labels: { size: "10" } } }).count(), 1);
    const fresh = await Booking.objects.create({ house, room: 9, stay: Range.empty() });
    assert.equal(String(fresh.ages), "[0,100)");
    await fresh.delete();
    const whole = await Booking.objects.only("range").get({ room: 1 });
    assert.deepEqual(whole.range, [1, 2]);
    assert.deepEqual((await Booking.objects.defer("labels").get({ room: 1 })).guests, ["Ada"]);
  });

  test("they stand in expressions", async () => {
    const [row] = await Booking.objects.annotate((b) => ({
      noted: coalesce(b.notes, ["none"]),
      given: value(["a"], array(text())),
      made: cast(value("{1,2}"), array(integer())),
      joined: func<string[]>({ sqlite: "none", postgres: (a, c) => `${a} || ${c}` }, [b.guests, b.guests], {
        output: array(citext()),
      }),
      greatest: b.range.max(),
    }));
    assert.deepEqual(
      [row!.noted, row!.given, row!.made, row!.joined, row!.greatest],
      [["none"], ["a"], [1, 2], ["Ada", "Ada"], [1, 2]],
    );
    await Booking.objects.filter({ room: 1 }).update((b) => ({ notes: coalesce(b.notes, ["x", 'y"']) }));
    assert.deepEqual((await Booking.objects.get({ room: 1 })).notes, ["x", 'y"']);
    assert.deepEqual((await Booking.objects.orderBy("stay", "-range").first())!.room, 1);
    assert.deepEqual(await Booking.objects.distinct().valuesList("range", { flat: true }), [[1, 2]]);
  });

  test("objects from outside, whatever they are, are values that do not fit", async () => {
    const odd: unknown[] = [
      { toString: 1 },
      { toJSON: 1 },
      [{ toString: 1 }],
      [[]],
      new Map(),
      () => 1,
      Symbol("x"),
      NaN,
      { length: 2 },
      Object.create(null),
    ];
    const places: [string, string[]][] = [
      ["range", ["eq", "contains", "containedBy", "overlap", "len", "0", "0_1", "in", "gt", "isNull"]],
      ["stay", ["eq", "contains", "containedBy", "overlap", "adjacentTo", "startsWith", "isEmpty", "in", "gt"]],
      ["labels", ["eq", "contains", "containedBy", "hasKey", "hasKeys", "keys", "size", "in"]],
      ["words", ["eq", "search"]],
      ["room", ["containedBy"]],
      ["name", ["search", "trigramSimilar", "unaccent"]],
    ];
    for (const [field, lookups] of places)
      for (const lookup of lookups)
        for (const given of odd) {
          const error = await Booking.objects
            .filter({ [field]: { [lookup]: given } } as never)
            .count()
            .then(
              () => undefined,
              (caught: unknown) => caught,
            );
          const { code } = (error ?? {}) as { code?: string };
          assert.match(
            code ?? "none",
            /^(?:none|ORM_BAD_VALUE|ORM_BAD_LOOKUP_VALUE|ORM_UNKNOWN_LOOKUP)$/,
            `${field} ${lookup} ${typeof given}: ${String(error)}`,
          );
        }
  });

  test("rows are written into a file and read back as they were", async () => {
    const before = await Booking.objects.values();
    const parts: string[] = [];
    const app = defineApp({ name: "cafe", models: { House, Booking } });
    for await (const part of dumpData([app], { labels: ["cafe.Booking"] })) parts.push(part);
    await Booking.objects.all().delete();
    await loadData([
      {
        file: "bookings.json",
        format: "json",
        text: (async function* () {
          yield parts.join("");
        })(),
      },
    ]);
    assert.deepEqual(JSON.stringify(await Booking.objects.values()), JSON.stringify(before));
  });
});
