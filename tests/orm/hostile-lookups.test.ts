import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  bigInteger,
  binary,
  boolean,
  char,
  type Condition,
  type Database,
  date,
  dateTime,
  decimal,
  duration,
  float,
  foreignKey,
  genericIPAddress,
  integer,
  json,
  lookupNames,
  manager,
  manyToMany,
  Model,
  text,
  time,
  uuid,
} from "cortado/orm";
import { openModels, targets } from "./open-cafe.ts";

class Far extends Model({ name: char({ maxLength: 30 }) }) {
  static objects = manager(this);
}
class Thing extends Model({
  words: text({ null: true }),
  whole: integer({ null: true }),
  big: bigInteger({ null: true }),
  real: float({ null: true }),
  exact: decimal({ maxDigits: 8, decimalPlaces: 2, null: true }),
  truth: boolean({ null: true }),
  day: date({ null: true }),
  clock: time({ null: true }),
  moment: dateTime({ null: true }),
  span: duration({ null: true }),
  key: uuid({ null: true }),
  bytes: binary({ null: true }),
  address: genericIPAddress({ null: true }),
  data: json<any>({ null: true }),
  far: () => foreignKey(Far, { onDelete: "cascade", null: true, relatedName: "things" }),
  fars: () => manyToMany(Far, { relatedName: "+" }),
}) {
  static objects = manager(this);
}

const fields = Object.keys(Thing.fields);

/** Texts that SQL, patterns, JSON paths and drivers are broken by. */
const texts = [
  "' OR 1=1 --",
  `" OR ""="`,
  "'; DROP TABLE cafe_thing; --",
  "\\",
  "\\' OR 1=1 --",
  "%",
  "_",
  "*",
  "[a-z]",
  "?",
  "?1",
  "$1",
  ":name",
  "@x",
  "/* */ --",
  "null",
  "$.a",
  `$."a"`,
  "#-1",
  "{1,2}",
  "\u{1F600}",
  "e\u0301",
  "\ud800",
  "\u2028",
  "",
  " ",
  "__proto__",
  "constructor",
  "toString",
];

/** What stands where a value is wanted: texts, and values of every kind. */
const values: readonly unknown[] = [
  ...texts,
  "a\0b",
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -0,
  2 ** 53,
  1e308,
  2n ** 80n,
  Symbol.iterator,
  undefined,
  null,
  true,
  [],
  [[]],
  [[["' OR 1=1 --"]]],
  [null],
  [undefined],
  ["' OR 1=1", 3],
  {},
  { compile: "x" },
  { compileSubQuery: "x" },
  { state: {} },
  { eq: { eq: { eq: 1 } } },
  JSON.parse(`{ "__proto__": { "isNull": false } }`),
  { constructor: 1 },
  { toString: "x" },
  { in: [{ compileSubQuery: 1 }] },
  [{ compileSubQuery: "x" }],
  [{ compile: "x" }],
  new Map([["a", 1]]),
  new Set(["x"]),
  new Date(Number.NaN),
  new Date(8.64e15),
  /x/,
  Buffer.from("' OR 1=1"),
  new (class Odd {
    later = 1;
  })(),
  Object.create(null),
  () => "1 = 1",
  new Proxy(
    {},
    { ownKeys: () => ["isNull"], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: 1 }) },
  ),
];

/** The refusals that an attacker may see: none of them comes from the database's own parser. */
const refusals = new Set([
  "ORM_BAD_VALUE",
  "ORM_BAD_LOOKUP_VALUE",
  "ORM_UNKNOWN_LOOKUP",
  "ORM_UNKNOWN_FIELD",
  "ORM_UNDEFINED_VALUE",
  "ORM_BAD_QUERY",
  "ORM_BAD_DATA",
]);

/** How a query failed that should have been answered or refused by name. */
async function faultOf(run: () => PromiseLike<unknown>, what: string): Promise<string[]> {
  try {
    await run();
  } catch (error) {
    const { code, message, name } = error as Error & { code?: string };
    if (!refusals.has(String(code))) return [`${what}: ${name} ${code} ${message}`];
  }
  return [];
}

const shown = (value: unknown): string => {
  try {
    return typeof value === "string" ? JSON.stringify(value) : `${typeof value} ${String(value)} ${JSON.stringify(value)}`;
  } catch {
    return typeof value;
  }
};

/** What each lookup that compares texts says of two of them; null for those that do not. */
const meanings: Readonly<Record<string, ((stored: string, given: string) => boolean) | null>> = {
  eq: (stored, given) => stored === given,
  iexact: (stored, given) => stored.toLowerCase() === given.toLowerCase(),
  contains: (stored, given) => stored.includes(given),
  icontains: (stored, given) => stored.toLowerCase().includes(given.toLowerCase()),
  startsWith: (stored, given) => stored.startsWith(given),
  istartsWith: (stored, given) => stored.toLowerCase().startsWith(given.toLowerCase()),
  endsWith: (stored, given) => stored.endsWith(given),
  iendsWith: (stored, given) => stored.toLowerCase().endsWith(given.toLowerCase()),
  gt: (stored, given) => Buffer.compare(Buffer.from(stored), Buffer.from(given)) > 0,
  gte: (stored, given) => Buffer.compare(Buffer.from(stored), Buffer.from(given)) >= 0,
  lt: (stored, given) => Buffer.compare(Buffer.from(stored), Buffer.from(given)) < 0,
  lte: (stored, given) => Buffer.compare(Buffer.from(stored), Buffer.from(given)) <= 0,
  lower: (stored, given) => stored.toLowerCase() === given,
  upper: (stored, given) => stored.toUpperCase() === given,
  trim: (stored, given) => stored.replace(/^ +| +$/g, "") === given,
  in: null,
  range: null,
  isNull: null,
  regex: null,
  iregex: null,
  length: null,
  containedBy: null,
  hasKey: null,
  hasKeys: null,
  hasAnyKeys: null,
  year: null,
  isoYear: null,
  quarter: null,
  month: null,
  week: null,
  day: null,
  weekDay: null,
  isoWeekDay: null,
  hour: null,
  minute: null,
  second: null,
  date: null,
  time: null,
};

const kept = texts.filter((each) => each !== "\ud800");

for (const { name, url, skip } of targets) {
  describe(`hostile lookups on ${name}`, { skip }, () => {
    let db: Database;
    before(async () => {
      db = await openModels(url!, { Far, Thing });
      await Far.objects.create({ name: "far" });
      await Thing.objects.bulkCreate(kept.map((words) => ({ words, data: { [words]: words }, day: "2025-01-01" as never })));
    });
    after(() => db?.close());

    test("every lookup has an attack", () => {
      assert.deepEqual([...lookupNames].sort(), Object.keys(meanings).sort());
    });

    test("every lookup of every field takes any value as a value, or refuses it by name", { timeout: 120_000 }, async () => {
      const faults: string[] = [];
      const compares = new Set(["words", "whole", "moment", "data"]);
      for (const field of fields)
        for (const value of values) {
          const what = `${field} of ${shown(value)}`;
          faults.push(...(await faultOf(() => Thing.objects.filter({ [field]: value } as never).count(), what)));
          for (const lookup of lookupNames) {
            const where = { [field]: { [lookup]: value } } as never;
            faults.push(...(await faultOf(() => Thing.objects.filter(where).count(), `${lookup} ${what}`)));
            const compared = (c: any) => c[field].lookup(lookup, value) as Condition;
            if (compares.has(field))
              faults.push(...(await faultOf(() => Thing.objects.filter(compared).count(), `.${lookup} ${what}`)));
          }
        }
      assert.ok(faults.length === 0, `${faults.length} faults:\n${faults.slice(0, 20).join("\n")}`);
      assert.equal(await Thing.objects.count(), kept.length);
    });

    for (const [lookup, meaning] of Object.entries(meanings))
      if (meaning !== null)
        test(`${lookup} means what it says of hostile texts`, async () => {
          for (const given of kept) {
            const expected: string[] = kept.filter((stored) => meaning(stored, given));
            const found = await Thing.objects.filter({ words: { [lookup]: given } } as never).valuesList("words", { flat: true });
            assert.deepEqual(found.sort(), expected.sort(), JSON.stringify(given));
            const computed = Thing.objects.filter((c) => c.words.lookup(lookup, given)).valuesList("words", { flat: true });
            assert.deepEqual((await computed).sort(), expected, `as an expression: ${JSON.stringify(given)}`);
          }
        });

    test("any text is a key of JSON, and nothing but a key", async () => {
      for (const key of kept) {
        const found = (rows: PromiseLike<(string | null)[]>) => rows.then((list) => list.map(String));
        const flat = { flat: true } as const;
        assert.deepEqual(await found(Thing.objects.filter({ data: { hasKey: key } }).valuesList("words", flat)), [key], key);
        assert.deepEqual(
          await found(Thing.objects.filter((c) => c.data.path(key).eq(key)).valuesList("words", flat)),
          [key],
          key,
        );
        assert.deepEqual(
          await found(Thing.objects.filter((c) => c.data.pathText(key).eq(key)).valuesList("words", flat)),
          [key],
          key,
        );
        if (!lookupNames.includes(key))
          assert.deepEqual(
            await found(Thing.objects.filter({ data: { [key]: { eq: key } } } as never).valuesList("words", flat)),
            [key],
          );
        assert.deepEqual(
          await found(Thing.objects.filter({ data: { contains: { [key]: key } } } as never).valuesList("words", flat)),
          [key],
        );
      }
    });

    test("a text of ten million characters is bound like any other", { timeout: 60_000 }, async () => {
      const long = "'".repeat(10_000_000);
      const row = await Thing.objects.create({ words: long });
      for (const lookup of ["eq", "contains", "startsWith", "iexact", "icontains"])
        assert.equal(await Thing.objects.filter({ words: { [lookup]: long } } as never).count(), 1, lookup);
      await row.delete();
    });
  });
}
