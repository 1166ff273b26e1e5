import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  caseWhen,
  coalesce,
  collate,
  concat,
  count,
  type Database,
  extract,
  func,
  jsonObject,
  left,
  lPad,
  prefetch,
  repeat,
  replace,
  round,
  rowRange,
  rowsOf,
  sql,
  strIndex,
  substr,
  text,
  trunc,
  value,
  when,
  window,
} from "cortado/orm";
import { Coffee, Roaster, Sample, Tag } from "./cafe-models.ts";
import { openCafe, targets } from "./open-cafe.ts";

const any = (given: unknown) => given as never;

/** Names that would mean something if they were written into SQL, or are members of every object. */
const names = [
  `name" FROM cafe_tag; --`,
  "name, price",
  "name,price",
  "name; DROP TABLE cafe_coffee",
  "name\0",
  "name--",
  "name) UNION SELECT 1",
  "__proto__",
  "__proto__.polluted",
  "constructor",
  "constructor.name",
  "toString",
  "hasOwnProperty",
  "prototype",
  "roaster.constructor",
  "roaster.__proto__",
  "roaster..name",
  ".name",
  "name.",
  "",
  " ",
  "-",
  "--name",
  "-name,-price",
  "NAME",
  "is_ice",
  "t0.name",
  "x".repeat(1_000_000),
];
const odd: readonly unknown[] = [null, 1, {}, [], ["name"], { name: 1 }, Symbol.iterator];
const refusals = new Set([
  "ORM_UNKNOWN_FIELD",
  "ORM_UNKNOWN_LOOKUP",
  "ORM_BAD_QUERY",
  "ORM_BAD_VALUE",
  "ORM_BAD_LOOKUP_VALUE",
  "ORM_UNDEFINED_VALUE",
  "ORM_UNKNOWN_TIME_ZONE",
  "ORM_BAD_FIELD_OPTION",
  "ORM_BAD_CURSOR",
  "ORM_NO_DATABASE",
]);

/** Where names are taken. All of them must be refused: none of these is a field. */
const places: Readonly<Record<string, (name: any) => PromiseLike<unknown>>> = {
  filter: async (name) => Coffee.objects.filter(any({ [name]: 1 })),
  "filter beside another": async (name) => Coffee.objects.filter(any({ price: 1, [name]: 1 })),
  "filter behind a relation": async (name) => Coffee.objects.filter(any({ roaster: { [name]: 1 } })),
  "filter behind a to-many relation": async (name) => Coffee.objects.filter(any({ tags: { [name]: 1 } })),
  exclude: async (name) => Coffee.objects.exclude(any({ [name]: 1 })),
  orderBy: async (name) => Coffee.objects.orderBy(name),
  "orderBy beside another": async (name) => Coffee.objects.orderBy("price", name),
  values: async (name) => Coffee.objects.values(name),
  "values beside another": async (name) => Coffee.objects.values("price", name),
  valuesList: async (name) => Coffee.objects.valuesList(any("price"), name),
  only: async (name) => Coffee.objects.only(name),
  defer: async (name) => Coffee.objects.defer(name),
  "distinct on": async (name) => Coffee.objects.distinct(name),
  sliceEach: async (name) => Coffee.objects.sliceEach(name, 0, 1),
  with: async (name) => Coffee.objects.with(name),
  "with an object": async (name) => Coffee.objects.with(any({ [name]: Tag.objects.all() })),
  "with prefetch": async (name) => Coffee.objects.with(any({ extra: prefetch(name, Tag.objects.all() as never) })),
  latest: async (name) => Coffee.objects.latest(name),
  earliest: async (name) => Coffee.objects.earliest(name),
  dates: async (name) => Sample.objects.dates(name, "month"),
  dateTimes: async (name) => Sample.objects.dateTimes(name, "month"),
  inBulk: async (name) => Coffee.objects.inBulk([1], { field: name }),
  page: async (name) => Coffee.objects.orderBy(name).page({ size: 2 }),
  update: async (name) => Coffee.objects.update(any({ [name]: 1 })),
  create: async (name) => Coffee.objects.create(any({ [name]: 1 })),
  bulkCreate: async (name) => Coffee.objects.bulkCreate([any({ [name]: 1 })]),
  "bulkCreate, unique fields": async (name) =>
    Tag.objects.bulkCreate([{ label: "x" }], any({ updateConflicts: true, updateFields: ["label"], uniqueFields: [name] })),
  "bulkCreate, update fields": async (name) =>
    Tag.objects.bulkCreate([{ label: "x" }], any({ updateConflicts: true, updateFields: [name], uniqueFields: ["label"] })),
  bulkUpdate: async (name) => Coffee.objects.bulkUpdate(await Coffee.objects.all(), [name]),
  getOrCreate: async (name) => Coffee.objects.getOrCreate(any({ [name]: 1 })),
  updateOrCreate: async (name) => Coffee.objects.updateOrCreate({ name: "Latte" }, any({ [name]: 1 })),
  "save, only": async (name) => (await Coffee.objects.first())!.save(any({ only: [name] })),
  refresh: async (name) => (await Coffee.objects.first())!.refresh(any({ fields: [name] })),
  "a ref": async (name) => Coffee.objects.filter((c) => any((c as any)[name].eq(1))),
  "a ref behind a relation": async (name) => Coffee.objects.filter((c) => any((c as any).roaster[name].eq(1))),
  "a ref behind a to-many relation": async (name) => Coffee.objects.annotate((c) => ({ n: (c as any).tags[name].max() })),
  lookup: async (name) => Coffee.objects.filter((c) => c.price.lookup(name, 1)),
  "order of rows without a value": async (name) => Coffee.objects.orderBy((c) => c.price.asc({ nulls: name })),
  "order of rows without a value in an aggregate": async (name) =>
    Coffee.objects.aggregate((c) => ({ all: c.name.stringAgg(",", { orderBy: c.price.desc({ nulls: name }) }) })),
  "registered database": async (name) => Coffee.objects.using(String(name).slice(0, 100)),
};

const takesNames = new Set(["orderBy", "values", "only", "defer", "distinct on", "latest", "dates", "using", "bulkUpdate"]);

/** Names of annotations are the program's, but whatever they are they stay names. */
const annotations = names.filter((name) => name.length < 1000);

for (const { name: target, url, skip } of targets)
  describe(`hostile names on ${target}`, { skip }, () => {
    let db: Database;
    before(async () => {
      db = await openCafe(url!);
      const roaster = await Roaster.objects.create({ name: "Fritz", country: "KR" });
      await Coffee.objects.create({ name: "Latte", price: 4500, roaster });
      await Coffee.objects.create({ name: "Mocha", price: 5000, roaster });
      await Tag.objects.create({ label: "hot" });
      // Plans of proper queries, which a name could be made to look like.
      await Coffee.objects.values("name", "price");
      await Coffee.objects.orderBy("name", "price");
      await Coffee.objects.orderBy("-name", "-price");
      await Coffee.objects.only("name", "price");
      await Coffee.objects.defer("name", "price");
      await Coffee.objects.filter({ name: "x", price: 1 });
    });
    after(() => db?.close());

    for (const [place, use] of Object.entries(places))
      test(`${place} refuses what is no name of a field`, async () => {
        const faults: string[] = [];
        for (const name of [...names, ...(takesNames.has(place) ? odd : [])]) {
          const shown =
            typeof name === "string"
              ? JSON.stringify(name.slice(0, 40))
              : typeof name === "symbol"
                ? "a symbol"
                : JSON.stringify(name);
          try {
            await use(name);
            faults.push(`${shown} was taken`);
          } catch (error) {
            const { code, message } = error as Error & { code?: string };
            if (!refusals.has(String(code)) && !(error instanceof TypeError && typeof name !== "string"))
              faults.push(`${shown}: ${code} ${message.slice(0, 200)}`);
            if (message.length > 20_000) faults.push(`${shown}: a message of ${message.length} characters`);
          }
        }
        assert.ok(faults.length === 0, `\n${faults.join("\n")}`);
        assert.deepEqual(await Coffee.objects.orderBy("id").valuesList("name", { flat: true }), ["Latte", "Mocha"]);
      });

    test("an annotation keeps its name, or the name is refused", async () => {
      for (const name of annotations) {
        try {
          const made = Coffee.objects.annotate(() => ({ [name]: value(7) })).orderBy("id");
          const [row] = await made;
          assert.equal((row as any)[name], 7, name);
        } catch (error) {
          assert.equal((error as { code?: string }).code, "ORM_BAD_QUERY", `${name}: ${String(error)}`);
        }
      }
      assert.equal(({} as any).polluted, undefined);
    });

    test("arguments of functions are values", async () => {
      const bad = "'; DROP TABLE cafe_coffee; --";
      const given = Coffee.objects.filter({ name: "Latte" }).annotate((c) => ({
        joined: concat(c.name, bad),
        swapped: replace(c.name, "Latte", bad),
        found: strIndex(c.name, bad),
        filled: lPad(c.name, 8, "'"),
        chosen: caseWhen([when({ name: bad }, bad)], bad),
        first: coalesce(c.name, bad),
        made: jsonObject({ [bad]: bad }),
        called: func("LOWER", [bad], { output: text() }),
        direct: sql<string>`${bad}`,
      }));
      const [row] = await given;
      assert.equal(row!.joined, `Latte${bad}`);
      assert.equal(row!.swapped, bad);
      assert.equal(row!.found, 0);
      assert.equal(row!.filled, "'''Latte");
      assert.equal(row!.chosen, bad);
      assert.equal(row!.first, "Latte");
      assert.deepEqual(row!.made, { [bad]: bad });
      assert.equal(row!.called, bad.toLowerCase());
      assert.equal(row!.direct, bad);
      const listed = await Roaster.objects.annotate(() => ({
        each: rowsOf(Coffee.objects.filter({ name: bad }).values("name")),
      }));
      assert.deepEqual(listed[0]!.each, []);
    });

    test("numbers, parts and zones in functions are of their kind, or are refused", async () => {
      const bad = any("1); DROP TABLE cafe_coffee; --");
      const places: readonly ((c: any) => any)[] = [
        (c) => left(c.name, bad),
        (c) => substr(c.name, bad, bad),
        (c) => repeat(c.name, bad),
        (c) => lPad(c.name, bad, "x"),
        (c) => round(c.price, bad),
        (c) => c.name.slice(bad, bad),
        (c) => collate(c.name, bad),
        (c) => func(any(bad), [c.name], { output: text() }),
        (c) => window(c.price.sum(), { orderBy: c.id, frame: rowRange(bad, bad) }),
      ];
      for (const make of places)
        await assert.rejects(
          async () => Coffee.objects.annotate((c) => ({ made: make(c) })),
          (error: Error & { code?: string }) =>
            /^ORM_(BAD|UNKNOWN)/.test(String(error.code)) || assert.fail(`${make}: ${error.name} ${error.code} ${error.message}`),
        );
      for (const make of [
        (c: any) => trunc(c.moment, bad),
        (c: any) => trunc(c.moment, "day", { timeZone: bad }),
        (c: any) => extract(c.moment, bad),
      ])
        await assert.rejects(
          async () => Sample.objects.annotate((c) => ({ made: make(c) })),
          (error: Error & { code?: string }) =>
            /^ORM_(BAD|UNKNOWN)/.test(String(error.code)) || assert.fail(`${make}: ${error.name} ${error.code} ${error.message}`),
        );
      assert.equal(await Coffee.objects.count(), 2);
    });

    test("the sql tag binds whatever it is given", async () => {
      for (const given of ["'", `"`, "\\", "?1", "$1", "--", "/*", "\u2028"]) {
        const [row] = await sql`SELECT CAST(${given} AS text) AS x`.all();
        assert.deepEqual({ ...(row as object) }, { x: given });
        assert.deepEqual(
          await sql`SELECT COUNT(*) AS n FROM ${Coffee} WHERE name IN (${sql.list([given, given])})`
            .all()
            .then((rows) => rows.map((row) => Number((row as any).n))),
          [0],
        );
      }
      for (const given of [{ compileSubQuery: 1, state: {} }, { compile: 1 }, undefined])
        await assert.rejects(
          async () => sql`SELECT ${any(given)} AS x`.all(),
          (error: Error & { code?: string }) =>
            String(error.code).startsWith("ORM_") || assert.fail(`${String(error.name)} ${error.message}`),
        );
    });

    test("sizes are whole numbers from one, and JSON is what JSON can write", async () => {
      const refused = { code: "ORM_BAD_QUERY" };
      for (const size of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, any("1; DROP TABLE cafe_coffee")]) {
        await assert.rejects(() => Coffee.objects.iterator({ batchSize: size }).next(), refused);
        await assert.rejects(() => Coffee.objects.count({ upTo: size }), refused);
        await assert.rejects(() => Coffee.objects.page({ size }), refused);
        await assert.rejects(() => Coffee.objects.bulkCreate([{ name: "x" }], { batchSize: size }), refused);
        await assert.rejects(
          async () => Coffee.objects.bulkUpdate(await Coffee.objects.all(), ["name"], { batchSize: size }),
          refused,
        );
      }
      for (const data of [() => 1, Symbol.iterator, 1n])
        await assert.rejects(() => Sample.objects.create({ data: any(data) }), { code: "ORM_BAD_VALUE" });
      assert.equal(await Coffee.objects.count(), 2);
    });

    test("a cursor that was changed is refused", async () => {
      const page = await Coffee.objects.orderBy("name").page({ size: 1 });
      const cursor = page.next!;
      for (const bad of [
        "",
        "x",
        "null",
        "{}",
        "[]",
        cursor.slice(1),
        `${cursor}x`,
        Buffer.from(`["' OR 1=1"]`).toString("base64url"),
        Buffer.from("[[],{}]").toString("base64url"),
        Buffer.from(`[{"compile":1},{"compileSubQuery":1}]`).toString("base64url"),
        Buffer.from(`{"__proto__":1}`).toString("base64url"),
      ]) {
        try {
          const found = await Coffee.objects.orderBy("name").page({ size: 1, after: bad });
          assert.ok(found.rows.length <= 1);
        } catch (error) {
          assert.match(String((error as { code?: string }).code), /^ORM_BAD/, `${bad}: ${String(error)}`);
        }
      }
      assert.equal(await Coffee.objects.aggregate(() => ({ n: count() })).then(({ n }) => n), 2);
    });
  });
