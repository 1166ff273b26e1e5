import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import {
  avg,
  bigInteger,
  cast,
  char,
  coalesce,
  compositePrimaryKey,
  concat,
  count,
  type Database,
  dateTime,
  decimal,
  extend,
  extract,
  foreignKey,
  integer,
  json,
  manager,
  manyToMany,
  Model,
  Q,
  related,
  setRollback,
  text,
  transaction,
  truncDate,
} from "cortado/orm";
import { openModels, targets } from "./open-cafe.ts";

class Place extends Model({
  name: char({ maxLength: 30 }),
  size: integer({ null: true }),
  parent: () => foreignKey(Place, { onDelete: "cascade", null: true, relatedName: "parts" }),
  tags: () => manyToMany(Mark),
  visits: () => related(Visit, "place"),
  parts: () => related(Place, "parent"),
}) {
  static objects = manager(this);
}
class Mark extends Model({ label: char({ maxLength: 30, unique: true }), places: () => related(Place, "tags") }) {
  static objects = manager(this);
}
class Visit extends Model({
  at: dateTime({ null: true }),
  price: decimal({ maxDigits: 20, decimalPlaces: 4, null: true }),
  huge: bigInteger({ null: true }),
  data: json<any>({ null: true }),
  place: () => foreignKey(Place, { onDelete: "cascade", null: true }),
}) {
  static objects = manager(this);
}
/** Its key is of two fields. */
class Seat extends Model({
  pk: compositePrimaryKey("hall", "number"),
  hall: integer(),
  number: integer(),
  price: integer({ default: 0 }),
}) {
  static objects = manager(this);
}
/** A diamond: both sides come from one abstract base. */
class Named extends Model({ title: char({ maxLength: 20 }) }, { abstract: true }) {
  loud(): string {
    return this.title.toUpperCase();
  }
}
class Dated extends extend(Named, { year: integer({ default: 2000 }) }, { abstract: true }) {}
class Priced extends extend(Named, { cost: integer({ default: 1 }) }, { abstract: true }) {}
class Work extends extend([Dated, Priced], { pages: integer({ default: 1 }) }) {
  static objects = manager(this);
}

/** A child with a table of its own. */
class Island extends extend(Mark, { coast: integer({ default: 0 }) }) {
  static objects = manager(this);
}

const models = { Place, Mark, Visit, Seat, Work, Island };
const any = (given: unknown) => given as never;

for (const { name, url, skip } of targets)
  describe(`known traps on ${name}`, { skip }, () => {
    let db: Database;
    before(async () => {
      db = await openModels(url!, models);
    });
    after(() => db?.close());
    beforeEach(async () => {
      for (const model of [Visit, Place, Mark, Seat, Work]) await model.objects.delete();
    });
    const named = async (rows: PromiseLike<readonly { name: string }[]>) => (await rows).map((row) => row.name);

    /** One place in another, marks on both. */
    async function fill(): Promise<{ hall: Place; room: Place; a: Mark; b: Mark }> {
      const hall = await Place.objects.create({ name: "hall", size: 3 });
      const room = await Place.objects.create({ name: "room", parent: hall });
      const [a, b] = [await Mark.objects.create({ label: "a" }), await Mark.objects.create({ label: "b" })];
      await hall.tags.add(a, b);
      await Visit.objects.bulkCreate([{ place: hall, price: any("0.1") }, { place: hall, price: any("0.2") }, {}]);
      return { hall, room, a, b };
    }

    test("a list that names null neither finds nor hides rows without a value", async () => {
      await fill();
      assert.deepEqual(await named(Place.objects.filter({ size: { in: [3, any(null)] } })), ["hall"]);
      assert.deepEqual(await named(Place.objects.exclude({ size: { in: [3, any(null)] } })), ["room"]);
      assert.deepEqual(await named(Place.objects.exclude({ size: { in: [4, any(null)] } }).orderBy("name")), ["hall", "room"]);
      assert.deepEqual(await named(Place.objects.filter({ id: { in: [] } })), []);
      assert.deepEqual(await named(Place.objects.exclude({ id: { in: [] } }).orderBy("name")), ["hall", "room"]);
      assert.equal(await Place.objects.filter({ id: { in: [] } }).update({ size: 9 }), 0);
      assert.equal(await Place.objects.filter({ id: { in: [] } }).delete(), 0);
      assert.deepEqual(await Place.objects.filter({ id: { in: [] } }).aggregate((p) => ({ n: count(), s: p.size.sum() })), {
        n: 0,
        s: null,
      });
    });

    test("a sub-query that gives null hides no row of an exclusion", async () => {
      const { hall } = await fill();
      const visited = Visit.objects.values("placeId");
      assert.deepEqual(await named(Place.objects.filter({ id: { in: any(visited) } })), ["hall"]);
      assert.deepEqual(await named(Place.objects.exclude({ id: { in: any(visited) } })), ["room"]);
      assert.equal(await Visit.objects.exclude({ place: hall }).count(), 1);
      assert.equal(await Visit.objects.exclude({ place: { parent: { name: "x" } } }).count(), 3);
      assert.equal(await Visit.objects.exclude({ place: { name: "hall" } }).count(), 1);
    });

    test("joins multiply neither rows nor counts, sums, updates or deletions", async () => {
      await fill();
      const marked = Place.objects.filter({ tags: { label: { in: ["a", "b"] } }, visits: { id: { gt: 0 } } });
      assert.equal(await marked.count(), 1);
      assert.equal((await marked).length, 1);
      assert.deepEqual(await marked.aggregate((p) => ({ s: p.size.sum(), n: count() })), { s: 3, n: 1 });
      const [row] = await marked.annotate((p) => ({
        tags2: p.tags.count(),
        visits2: p.visits.count(),
        total: p.visits.price.sum(),
      }));
      assert.deepEqual([row!.tags2, row!.visits2, String(row!.total)], [2, 2, "0.3"]);
      assert.equal(await marked.update((p) => ({ size: p.size.add(1) })), 1);
      assert.equal((await Place.objects.get({ name: "hall" })).size, 4);
      assert.equal(await Visit.objects.filter({ place: { tags: { label: { in: ["a", "b"] } } } }).delete(), 2);
    });

    test("a slice stays a slice inside another query", async () => {
      await Seat.objects.bulkCreate([1, 2, 3, 4].map((number) => ({ hall: 1, number, price: number * 10 })));
      const dearest = Seat.objects.orderBy("-price").slice(0, 2);
      assert.deepEqual(
        await Seat.objects
          .filter({ pk: { in: any(dearest) } })
          .orderBy("number")
          .valuesList("number", { flat: true }),
        [3, 4],
      );
      assert.equal(await dearest.count(), 2);
      assert.deepEqual(await dearest.aggregate((s) => ({ total: s.price.sum() })), { total: 70 });
      assert.equal(await Seat.objects.filter({ pk: { in: any(dearest) } }).update({ price: 0 }), 2);
      assert.equal(
        await Seat.objects
          .filter({
            pk: {
              in: [
                [1, 1],
                [1, 2],
                [9, 9],
              ],
            },
          })
          .delete(),
        2,
      );
      assert.equal(await Seat.objects.exclude({ pk: { in: [] } }).count(), 2);
    });

    test("an update that reads rows of its own table reads them as they were", async () => {
      const { hall, room } = await fill();
      const attic = await Place.objects.create({ name: "attic", size: 1, parent: room });
      await Place.objects.update((p) => ({ size: coalesce(p.parent.size, 0).add(100) }));
      const sizes = Object.fromEntries(await Place.objects.valuesList("name", "size"));
      assert.deepEqual(sizes, { hall: 100, room: 103, attic: 100 });
      await Place.objects.update((p) => ({ size: coalesce(p.parts.size.sum(), 0) }));
      await Promise.all([hall.refresh(), room.refresh(), attic.refresh()]);
      assert.deepEqual([hall.size, room.size, attic.size], [103, 100, 0]);
    });

    test("each owner of a sliced many-to-many load gets its own rows", async () => {
      const { hall, room, a, b } = await fill();
      const c = await Mark.objects.create({ label: "c" });
      await room.tags.add(b, c);
      await hall.tags.remove(a);
      const places = await Place.objects.with({ tags: Mark.objects.orderBy("-label").slice(0, 1) }).orderBy("name");
      assert.deepEqual(
        places.map((place) => place.tags.rows.map(({ label }) => label)),
        [["b"], ["c"]],
      );
    });

    test("exists of a distinct query that is sliced counts rows, not ones", async () => {
      await fill();
      assert.equal(await Place.objects.distinct().orderBy("id").slice(1).exists(), true);
      assert.equal(await Place.objects.distinct().orderBy("id").slice(2).exists(), false);
    });

    test("an annotation that is null is the least, whatever it is made of", async () => {
      await fill();
      const query = Place.objects.annotate((p) => ({ up: p.parent.id, most: p.visits.price.max() }));
      assert.deepEqual(await named(query.orderBy("-up")), ["room", "hall"]);
      assert.deepEqual(await named(query.orderBy("up")), ["hall", "room"]);
      assert.deepEqual(await named(query.orderBy("-most")), ["hall", "room"]);
    });

    test("a list may have a hundred thousand values", { timeout: 60_000 }, async () => {
      const { hall } = await fill();
      const keys = Array.from({ length: 100_000 }, (_, i) => hall.id + i);
      assert.equal(await Place.objects.filter({ id: { in: keys } }).count(), 2);
      assert.equal(await Place.objects.filter({ name: { in: keys.map(String) } }).count(), 0);
      assert.equal(await Place.objects.exclude({ id: { in: new Set(keys) } }).count(), 0);
      assert.equal((await Place.objects.inBulk(keys)).size, 2);
      assert.equal(await Visit.objects.filter({ place: { in: keys } }).count(), 2);
      assert.equal(await Visit.objects.filter({ price: { in: any(keys.map((key) => `${key}.5`)) } }).count(), 0);
    });

    test("thousands of conditions may be joined", { timeout: 60_000 }, async () => {
      await fill();
      const sizes = Array.from({ length: 5000 }, (_, i) => ({ size: i }));
      assert.deepEqual(await named(Place.objects.filter(Q.or(...sizes))), ["hall"]);
      assert.deepEqual(await named(Place.objects.filter(Q.and(...sizes.map(({ size }) => ({ size: { lte: size + 3 } }))))), [
        "hall",
      ]);
      assert.deepEqual(await named(Place.objects.filter(Q.not(...sizes))).then((found) => found.length), 2);
    });

    test("decimals are exact in sums, means, groups and JSON", async () => {
      await Visit.objects.bulkCreate(
        ["0.1", "0.2", "0.3", "9999999999999999.9999"].map((price) => ({ price: any(price), data: { price } })),
      );
      const small = Visit.objects.filter({ price: { lt: any("1") } });
      const found = await small.aggregate((v) => ({ total: v.price.sum(), mean: v.price.avg(), most: v.price.max() }));
      assert.deepEqual(
        [found.total, found.mean, found.most].map((each) => Number(each)),
        [0.6, 0.2, 0.3],
      );
      assert.match(String(found.total), /^0\.60*$/);
      assert.match(String((await Visit.objects.aggregate((v) => ({ most: v.price.max() }))).most), /^9999999999999999\.9999$/);
      assert.match(String((await Visit.objects.aggregate((v) => ({ all: v.price.sum() }))).all), /^10000000000000000\.5999$/);
      assert.equal(await Visit.objects.filter((v) => v.price.add(v.price).eq(any("0.4"))).count(), 1);
      assert.equal(await Visit.objects.filter((v) => v.price.eq(any("0.10"))).count(), 1);
      assert.equal(await Visit.objects.filter({ price: { in: any(["0.10", "0.2000", 0.3]) } }).count(), 3);
    });

    test("whole numbers of 64 bits stay what they are, in columns, sums and JSON", async () => {
      const most = 2n ** 63n - 1n;
      const row = await Visit.objects.create({ huge: most, data: { text: String(most), big: Number.MAX_SAFE_INTEGER } });
      await row.refresh();
      assert.equal(row.huge, most);
      assert.equal((await Visit.objects.aggregate((v) => ({ most: v.huge.max() }))).most, most);
      assert.equal(await Visit.objects.filter({ huge: { in: [most, -most] } }).count(), 1);
      assert.equal(await Visit.objects.filter({ huge: { gt: most - 1n } }).count(), 1);
      assert.equal(row.data.big, Number.MAX_SAFE_INTEGER);
      assert.equal(await Visit.objects.filter({ data: { big: { gte: Number.MAX_SAFE_INTEGER } } }).count(), 1);
      await assert.rejects(Visit.objects.create({ huge: most + 1n }), { code: "ORM_BAD_VALUE" });
      await assert.rejects(async () => Visit.objects.create({ data: { n: 1n } }), { code: "ORM_BAD_VALUE" });
    });

    test("days and hours follow the zone across a change of the clocks", async () => {
      const zone = { timeZone: "Europe/Berlin" };
      // 01:30 twice on the 26th of October, 03:30 the hour after 01:30 on the 30th of March.
      const moments = [
        "2025-10-26T00:30:00Z",
        "2025-10-26T01:30:00Z",
        "2025-03-30T00:30:00Z",
        "2025-03-30T01:30:00Z",
        "2025-03-29T23:00:00Z",
        "2025-03-29T22:59:59.999Z",
      ];
      await Visit.objects.bulkCreate(moments.map((at) => ({ at: new Date(at) })));
      const rows = await Visit.objects
        .orderBy("id")
        .annotate((v) => ({ hour: extract(v.at, "hour", zone), day: truncDate(v.at, zone) }));
      assert.deepEqual(
        rows.map((row) => [row.hour, String(row.day)]),
        [
          [2, "2025-10-26"],
          [2, "2025-10-26"],
          [1, "2025-03-30"],
          [3, "2025-03-30"],
          [0, "2025-03-30"],
          [23, "2025-03-29"],
        ],
      );
      const days = await Visit.objects.dates("at", "day", zone);
      assert.deepEqual(days.map(String), ["2025-03-29", "2025-03-30", "2025-10-26"]);
    });

    test("letters are compared as they are, and folded where it is asked for", async () => {
      const names = ["Straße", "STRASSE", "İstanbul", "istanbul", "한국", "\u1112\u1161\u11ab"];
      for (const each of names) await Place.objects.create({ name: each });
      const found = (where: object) => Place.objects.filter(any(where)).count();
      assert.equal(await found({ name: "straße" }), 0);
      assert.equal(await found({ name: { iexact: "straße" } }), 1);
      assert.equal(await found({ name: { contains: "ß" } }), 1);
      assert.equal(await found({ name: { istartsWith: "STRASS" } }), 1);
      assert.equal(await found({ name: "한국" }), 1);
      assert.equal(await found({ name: { startsWith: "한" } }), 1);
      // PostgreSQL's locale decides whether İ is a large i.
      assert.ok((await found({ name: { iexact: "ISTANBUL" } })) >= 1);
      assert.equal(await found({ name: { length: 2 } }), 1);
    });

    test("rows without a field of the order come first, and a key breaks no tie by itself", async () => {
      const { hall } = await fill();
      assert.deepEqual(await named(Place.objects.orderBy("parent.name", "name")), ["hall", "room"]);
      assert.deepEqual(await named(Place.objects.orderBy((p) => p.tags.count().desc(), "name")), ["hall", "room"]);
      await assert.rejects(async () => Place.objects.orderBy(any("tags.label")), { code: "ORM_BAD_QUERY" });
      assert.equal((await Place.objects.get({ id: hall.id })).name, "hall");
    });

    test("aggregates over nothing are null, counts are zero", async () => {
      assert.deepEqual(
        await Place.objects.aggregate((p) => ({
          n: count(),
          sum: p.size.sum(),
          mean: avg(p.size),
          d: p.size.sum({ default: 0 }),
        })),
        {
          n: 0,
          sum: null,
          mean: null,
          d: 0,
        },
      );
      assert.deepEqual(await Place.objects.values("size").annotate(() => ({ n: count() })), []);
    });

    test("who saves a row that is gone is told, and a deleted row is not refreshed", async () => {
      const { room } = await fill();
      const same = await Place.objects.get({ id: room.id });
      await same.delete();
      await assert.rejects(() => room.refresh(), Place.DoesNotExist);
      room.size = 5;
      await assert.rejects(() => room.save({ forceUpdate: true }), { code: "ORM_NOT_UPDATED" });
    });

    test("a stale row writes only what it changed", async () => {
      const { hall } = await fill();
      const [one, two] = [await Place.objects.get({ id: hall.id }), await Place.objects.get({ id: hall.id })];
      one.name = "first";
      await one.save();
      two.size = 50;
      await two.save();
      await hall.refresh();
      assert.deepEqual([hall.name, hall.size], ["first", 50]);
    });

    test("increments by expressions lose nothing, however many run at once", async () => {
      const { hall } = await fill();
      await Promise.all(
        Array.from({ length: 50 }, () => Place.objects.filter({ id: hall.id }).update((p) => ({ size: p.size.add(1) }))),
      );
      await hall.refresh();
      assert.equal(hall.size, 53);
    });

    test("getOrCreate at once makes one row where a unique field says so", async () => {
      const made = await Promise.all(Array.from({ length: 30 }, () => Mark.objects.getOrCreate({ label: "one" })));
      assert.equal(made.filter(([, created]) => created).length, 1);
      assert.equal(new Set(made.map(([mark]) => mark.id)).size, 1);
      const updated = await Promise.all(Array.from({ length: 20 }, () => Mark.objects.updateOrCreate({ label: "two" }, {})));
      assert.equal(updated.filter(([, created]) => created).length, 1);
    });

    test("a chain of three thousand rows is deleted whole", { timeout: 60_000 }, async () => {
      const first = await Place.objects.create({ name: "0" });
      await Place.objects.bulkCreate(
        Array.from({ length: 3000 }, (_, i) => ({ id: first.id + i + 1, name: String(i), parentId: first.id + i })),
      );
      await transaction(async () => {
        assert.equal(await Place.objects.filter({ id: first.id }).delete(), 3001);
        setRollback();
      });
      await first.delete();
      assert.equal(await Place.objects.count(), 0);
    });

    test("a child's rows go by pages of their key, and a column of the parent is computed from the child's", async () => {
      for (const label of ["x", "y", "z"]) await Island.objects.create({ label, coast: label === "y" ? 5 : 1 });
      const page = await Island.objects.orderBy("-pk").page({ size: 2 });
      const rest = await Island.objects.orderBy("-pk").page({ size: 2, after: page.next! });
      assert.deepEqual(
        [...page.rows, ...rest.rows].map(({ label }) => label),
        ["z", "y", "x"],
      );
      assert.equal(
        await Island.objects.filter({ coast: 5 }).update((i) => ({ label: concat(i.label, cast(i.coast, text())) })),
        1,
      );
      assert.deepEqual(await Mark.objects.orderBy("id").valuesList("label", { flat: true }), ["x", "y5", "z"]);
    });

    test("a diamond of abstract bases has each field once", async () => {
      const fields = Work.meta.fields.map((field) => field.name);
      assert.deepEqual(fields.toSorted(), ["cost", "id", "pages", "title", "year"]);
      const work = await Work.objects.create({ title: "one" });
      assert.equal(work.loud(), "ONE");
      assert.equal(await Work.objects.filter({ title: "one", year: 2000, cost: 1 }).count(), 1);
    });
  });
