import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  boolean,
  char,
  countQueries,
  type Database,
  date,
  dateTime,
  type Expression,
  type Refs,
  type Where,
  decimal,
  duration,
  genericIPAddress,
  integer,
  json,
  manager,
  Model,
  outerRef,
  bigInteger,
  binary,
  float,
  time,
  uuid,
} from "cortado/orm";
import { array, arraySubquery } from "cortado/orm/postgres";
import { Decimal, Temporal, ValidationError } from "cortado/validation";
import { onPostgres, openPostgres } from "./open-postgres.ts";

class Shelf extends Model({
  name: char({ maxLength: 20, default: "" }),
  tags: array(char({ maxLength: 12 }), { default: () => [], size: 3 }),
  numbers: array(integer(), { null: true }),
  board: array(array(integer()), { null: true }),
}) {
  static objects = manager(this);
}

class Everything extends Model({
  flags: array(boolean()),
  bytes: array(binary()),
  days: array(date()),
  moments: array(dateTime()),
  times: array(time()),
  prices: array(decimal({ maxDigits: 20, decimalPlaces: 2 })),
  large: array(bigInteger()),
  halves: array(float()),
  keys: array(uuid()),
  spans: array(duration()),
  hosts: array(genericIPAddress()),
  data: array(json()),
  gaps: array(integer({ null: true })),
}) {
  static objects = manager(this);
}

/** Quotes, ends of literals, nulls by name, and what looks like SQL. */
const hostile = ["", "NULL", "null", '"', "'", "\\", "a,b", "{x}", "'); --", "é 🦊", " ", "\n", "$1"];

describe("lists on PostgreSQL", onPostgres, () => {
  let db: Database;
  before(async () => {
    db = await openPostgres({ Shelf, Everything });
  });
  after(() => db?.close());

  const names = async (where: Where<Shelf> | ((shelf: Refs<Shelf>) => Expression<boolean>)) =>
    await Shelf.objects.filter(where).orderBy("name").valuesList("name", { flat: true });

  test("a list keeps its items of every kind, and null", async () => {
    const given = {
      flags: [true, false],
      bytes: [Uint8Array.from([0, 34, 92, 255]), new Uint8Array()],
      days: [Temporal.PlainDate.from("2026-01-31")],
      moments: [new Date("2026-01-31T12:00:00.123Z")],
      times: [Temporal.PlainTime.from("12:30:00.5")],
      prices: [new Decimal("123456789012345678.90"), new Decimal("0.10")],
      large: [9007199254740993n, -1n],
      halves: [0.5, -2.25, 1e300],
      keys: ["9d3c1d3e-1111-4222-8333-444455556666"],
      spans: [Temporal.Duration.from({ hours: 36, microseconds: 5 })],
      hosts: ["192.168.0.1", "::1"],
      data: [{ a: [1, '"'] }, "text", 3, [null]],
      gaps: [1, null, 3],
    };
    const { id } = await Everything.objects.create(given);
    const row = await Everything.objects.get({ id });
    assert.deepEqual(row.flags, given.flags);
    assert.deepEqual(
      row.bytes.map((bytes) => [...bytes]),
      [[0, 34, 92, 255], []],
    );
    assert.deepEqual(row.days.map(String), ["2026-01-31"]);
    assert.deepEqual(row.moments, given.moments);
    assert.deepEqual(row.times.map(String), ["12:30:00.5"]);
    assert.deepEqual(row.prices.map(String), ["123456789012345678.9", "0.1"]);
    assert.deepEqual(row.large, given.large);
    assert.deepEqual(row.halves, given.halves);
    assert.deepEqual(row.keys, given.keys);
    assert.deepEqual(
      row.spans.map((span) => span.total("microseconds")),
      [129_600_000_005],
    );
    assert.deepEqual(row.hosts, given.hosts);
    assert.deepEqual(row.data, given.data);
    assert.deepEqual(row.gaps, given.gaps);
    const none = await Shelf.objects.create({});
    const again = await Shelf.objects.get({ id: none.id });
    assert.deepEqual([again.tags, again.numbers, again.board], [[], null, null]);
    await again.delete();
    assert.equal(await Everything.objects.filter({ days: { contains: given.days } }).count(), 1);
    assert.equal(await Everything.objects.filter({ moments: { overlap: given.moments } }).count(), 1);
    assert.equal(await Everything.objects.filter({ prices: { contains: [new Decimal("0.1")] } }).count(), 1);
    assert.equal(await Everything.objects.filter({ large: { contains: [9007199254740993n] } }).count(), 1);
    assert.equal(await Everything.objects.filter({ large: { contains: [9007199254740992n] } }).count(), 0);
    assert.equal(await Everything.objects.filter({ data: { contains: ["text"] } }).count(), 1);
    assert.equal(await Everything.objects.filter({ gaps: { 1: { isNull: true } } }).count(), 1);
  });

  test("texts of any signs are kept, and found by every lookup", async () => {
    const strings = hostile.filter((text) => text.length <= 12);
    for (const text of strings) {
      const { id } = await Shelf.objects.create({ name: "hostile", tags: [text, "x"] });
      const row = await Shelf.objects.get({ id });
      assert.deepEqual(row.tags, [text, "x"]);
      const shelves = Shelf.objects.filter({ id });
      for (const where of [
        { tags: [text, "x"] },
        { tags: { in: [[text, "x"], ["y"]] } },
        { tags: { contains: [text] } },
        { tags: { containedBy: [text, "x", "z"] } },
        { tags: { overlap: [text, "y"] } },
        { tags: { 0: text } },
        { tags: { "0_1": [text] } },
        { tags: { gte: [text] } },
      ])
        assert.equal(await shelves.filter(where).count(), 1, `${JSON.stringify(text)} by ${JSON.stringify(where)}`);
      assert.equal(await shelves.filter({ tags: { contains: [`${text}!`] } }).count(), 0);
    }
    await Shelf.objects.filter({ name: "hostile" }).delete();
  });

  test("texts made by chance are kept", async () => {
    const signs = ["{", "}", ",", '"', "\\", "'", " ", "N", "U", "L", "\n", "\t", "é", "🦊", "x"];
    let seed = 7;
    const next = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const made = () => Array.from({ length: next(7) }, () => signs[next(signs.length)]).join("");
    const tags = Array.from({ length: 500 }, made);
    const { id } = await Shelf.objects.create({ name: "chance", tags });
    assert.deepEqual((await Shelf.objects.get({ id })).tags, tags);
    assert.equal(await Shelf.objects.filter({ id, tags }).count(), 1);
    await Shelf.objects.filter({ id }).delete();
  });

  test("lists are found by what they contain, share and are part of, by length, position and slice", async () => {
    await Shelf.objects.bulkCreate([
      { name: "a", tags: ["hot", "sweet"], numbers: [1, 2, 3] },
      { name: "b", tags: ["hot"], numbers: [3] },
      { name: "c", tags: [], numbers: [] },
      { name: "d", tags: ["cold", "sweet", "new"], numbers: null },
    ]);
    assert.deepEqual(await names({ tags: ["hot"] }), ["b"]);
    assert.deepEqual(await names({ tags: { contains: ["hot"] } }), ["a", "b"]);
    assert.deepEqual(await names({ tags: { contains: [] } }), ["a", "b", "c", "d"]);
    assert.deepEqual(await names({ tags: { containedBy: ["hot", "sweet"] } }), ["a", "b", "c"]);
    assert.deepEqual(await names({ tags: { overlap: ["cold", "hot"] } }), ["a", "b", "d"]);
    assert.deepEqual(await names({ tags: { len: 0 } }), ["c"]);
    assert.deepEqual(await names({ tags: { len: { gte: 2 } } }), ["a", "d"]);
    assert.deepEqual(await names({ numbers: { len: { isNull: true } } }), ["d"]);
    assert.deepEqual(await names({ tags: { 1: "sweet" } }), ["a", "d"]);
    assert.deepEqual(await names({ tags: { 0: { startsWith: "co" } } }), ["d"]);
    assert.deepEqual(await names({ tags: { "0_2": ["hot", "sweet"] } }), ["a"]);
    assert.deepEqual(await names({ tags: { "1_3": { contains: ["new"] } } }), ["d"]);
    assert.deepEqual(await names({ tags: { in: [["hot"], []] } }), ["b", "c"]);
    assert.deepEqual(await names({ numbers: { gt: [1, 2] } }), ["a", "b"]);
    assert.deepEqual(await names({ numbers: null }), ["d"]);
    assert.deepEqual(await names({ numbers: { isNull: true } }), ["d"]);
    assert.deepEqual(await names((s) => s.numbers.contains([3])), ["a", "b"]);
    assert.deepEqual(await names((s) => s.numbers.lookup("overlap", [2, 9])), ["a"]);
    assert.deepEqual(await names((s) => s.tags.eq(s.tags).and(s.tags.lookup("len", 1))), ["b"]);
    assert.deepEqual(await names({ tags: { overlap: Shelf.objects.filter({ name: "b" }).values("tags") } }), ["a", "b"]);
  });

  test("lists are compared with columns of the row, and with what a query gives", async () => {
    assert.deepEqual(await names((s) => s.tags.contains([s.name])), []);
    await Shelf.objects.create({ name: "cold", tags: ["cold", "x"] });
    assert.deepEqual(await names((s) => s.tags.contains([s.name, "x"])), ["cold"]);
    assert.deepEqual(await names((s) => s.tags.eq([s.name, "x"] as never)), ["cold"]);
    assert.deepEqual(await names({ tags: { overlap: Shelf.objects.values("name") } }), ["cold", "d"]);
    assert.deepEqual(await names({ tags: { containedBy: Shelf.objects.valuesList("name", { flat: true }) } }), ["c"]);
    await Shelf.objects.filter({ name: "cold" }).delete();
  });

  test("a filter by a list is compiled once for all lists", async () => {
    const count = await countQueries(async () => {
      await names({ tags: { contains: ["hot"] } });
      assert.deepEqual(await names({ tags: { contains: ["sweet", "new"] } }), ["d"]);
    });
    assert.equal(count, 2);
  });

  test("lists are ordered, updated and saved where they changed", async () => {
    const [first] = await Shelf.objects.orderBy("-numbers").filter({ numbers: { isNull: false } });
    assert.equal(first!.name, "b");
    await Shelf.objects.filter({ name: "b" }).update({ numbers: [7, 8] });
    const row = await Shelf.objects.get({ name: "b" });
    assert.deepEqual(row.numbers, [7, 8]);
    row.tags.push("new");
    await row.save();
    assert.deepEqual((await Shelf.objects.get({ name: "b" })).tags, ["hot", "new"]);
    const unchanged = await Shelf.objects.get({ name: "a" });
    assert.equal(await countQueries(() => unchanged.save()), 0);
    const rows = await Shelf.objects.filter({ name: { in: ["a", "b"] } }).orderBy("name");
    for (const one of rows) one.numbers = [one.id];
    await Shelf.objects.bulkUpdate(rows, ["numbers"]);
    assert.deepEqual((await Shelf.objects.get({ name: "a" })).numbers, [rows[0]!.id]);
    const found = await Shelf.objects.getOrCreate({ name: "new", tags: ["x"] });
    assert.deepEqual([found[1], found[0].tags], [true, ["x"]]);
    await found[0].delete();
  });

  test("lists of lists have one length", async () => {
    const { id } = await Shelf.objects.create({ name: "board", board: [[1, 2], [3, 4]] }); // oxfmt-ignore
    assert.deepEqual((await Shelf.objects.get({ id })).board, [[1, 2], [3, 4]]); // oxfmt-ignore
    assert.equal(await Shelf.objects.filter({ board: [[1, 2], [3, 4]] }).count(), 1); // oxfmt-ignore
    await assert.rejects(Shelf.objects.create({ board: [[1], [2, 3]] }), { code: "ORM_BAD_VALUE" });
    await assert.rejects(Shelf.objects.create({ board: [[]] }), { code: "ORM_BAD_VALUE" });
  });

  test("what does not fit is refused, and says what does", async () => {
    await assert.rejects(Shelf.objects.create({ numbers: [2 ** 40] }), {
      code: "ORM_BAD_VALUE",
      message: `Shelf.numbers cannot hold ${2 ** 40}. It takes a list, each item a whole number from -2147483648 to 2147483647.`,
    });
    await assert.rejects(Shelf.objects.create({ tags: ["much too long for it"] }), { code: "ORM_BAD_VALUE" });
    await assert.rejects(Shelf.objects.create({ tags: "hot" as never }), { code: "ORM_BAD_VALUE" });
    await assert.rejects(Shelf.objects.create({ numbers: [1, null] as never }), { code: "ORM_BAD_VALUE" });
    await assert.rejects(Shelf.objects.create({ tags: ["\0"] }), { code: "ORM_BAD_VALUE" });
    await assert.rejects(names({ numbers: { contains: ["x; DROP TABLE cafe_shelf"] as never } }), { code: "ORM_BAD_VALUE" });
    await assert.rejects(names({ numbers: { contains: 3 as never } }), { code: "ORM_BAD_VALUE" });
    await assert.rejects(names({ numbers: { contains: null as never } }), { code: "ORM_BAD_LOOKUP_VALUE" });
    for (const key of ["-1", "01", "1_", "x", "0] OR 1=1 --", "99999999999", "constructor"])
      await assert.rejects(names({ tags: { [key]: "x" } as never }), { code: "ORM_UNKNOWN_LOOKUP" }, key);
    await assert.rejects(names({ tags: { startsWith: "x" } as never }), { code: "ORM_UNKNOWN_LOOKUP" });
  });

  test("fullClean checks every item and the size", async () => {
    const refused = async (values: object) => {
      const error = await new Shelf({ name: "x", ...values } as never).fullClean().catch((caught: unknown) => caught);
      assert.ok(error instanceof ValidationError, String(error));
      return error.toJSON();
    };
    assert.deepEqual(await refused({ tags: ["a", "b", "c", "d"] }), {
      tags: ["List contains 4 items, it should contain no more than 3."],
    });
    assert.deepEqual(await refused({ tags: ["ok", "much too long for it"] }), {
      tags: ["Item 2 in the array did not validate: Ensure this value has at most 12 characters (it has 20)."],
    });
    assert.deepEqual(await refused({ tags: ["a"], numbers: ["x"] }), {
      numbers: ["Item 1 in the array did not validate: “x” value must be an integer."],
    });
    assert.deepEqual(await refused({ tags: 5 }), { tags: ["Enter a list of values."] });
  });

  test("a default is no list that rows share", async () => {
    const field = array(integer(), { default: [1] });
    const [a, b] = [field.getDefault(), field.getDefault()];
    assert.deepEqual(a, [1]);
    assert.notEqual(a, b);
  });

  test("a sub-query gives a list for each row", async () => {
    await Shelf.objects.all().delete();
    await Shelf.objects.bulkCreate([
      { name: "a", tags: ["x"] },
      { name: "a", tags: ["y"] },
      { name: "b", tags: ["z"] },
    ]);
    const rows = await Shelf.objects
      .annotate((s) => ({
        same: arraySubquery(
          Shelf.objects
            .filter({ name: outerRef(s.name) })
            .orderBy("id")
            .values("id"),
        ),
        none: arraySubquery(Shelf.objects.filter({ name: "nobody" }).values("name")),
      }))
      .orderBy("id");
    const ids = rows.map((row) => row.id);
    const lists: number[][] = rows.map((row) => row.same);
    assert.deepEqual(lists, [ids.slice(0, 2), ids.slice(0, 2), [ids[2]]]);
    assert.deepEqual(rows[0]!.none, []);
  });
});

test("items have values of their own", () => {
  assert.throws(() => array("integer" as never), { code: "ORM_BAD_FIELD_OPTION" });
  assert.throws(() => array(integer(), { size: 0 }), { code: "ORM_BAD_FIELD_OPTION" });
});
