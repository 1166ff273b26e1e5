import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { char, check, type Condition, type Database, generated, index, integer, manager, Model, unique } from "cortado/orm";
import { array, dateRange, hstore, integerRange, Range, searchVector, tsvector, unaccent } from "cortado/orm/postgres";
import { onPostgres, openPostgres } from "./open-postgres.ts";

const fields = {
  name: char({ maxLength: 20, default: "pié" }),
  price: integer({ default: 5 }),
  tags: array(char({ maxLength: 20 }), { default: () => ["it's", "b"] }),
  ages: integerRange({ default: () => new Range(1, 10) }),
  stay: dateRange({ null: true }),
  labels: hstore({ default: () => ({ "it's": "x" }) }),
};

/** Conditions that the defaults meet, each in the words of a model. */
const conditions: Record<string, object | ((row: any) => Condition)> = {
  tags_eq: { tags: ["it's", "b"] },
  tags_in: { tags: { in: [["it's", "b"], []] } },
  tags_contains: { tags: { contains: ["it's"] } },
  tags_contained: { tags: { containedBy: ["it's", "b", "c"] } },
  tags_overlap: { tags: { overlap: ["b"] } },
  tags_len: { tags: { len: { lte: 2 } } },
  tags_first: { tags: { 0: { startsWith: "it" } } },
  tags_slice: { tags: { "0_1": ["it's"] } },
  ages_eq: { ages: new Range(1, 10) },
  ages_in: { ages: { in: [new Range(1, 10), Range.empty()] } },
  ages_value: { ages: { contains: 5 } },
  ages_range: { ages: { contains: new Range(2, 3), overlap: new Range(0, 2), fullyLt: new Range(10, 11) } },
  ages_truths: { ages: { isEmpty: false, lowerInc: true, upperInf: false } },
  ages_bounds: { ages: { startsWith: { gte: 1 }, endsWith: 10 } },
  price_in_range: { price: { containedBy: new Range(1, 10) } },
  labels_key: { labels: { "it's": "x" } },
  labels_keys: { labels: { hasKey: "it's", hasAnyKeys: ["it's", "y"], hasKeys: ["it's"] } },
  labels_contains: { labels: { contains: { "it's": "x" }, eq: { "it's": "x" } } },
  labels_lists: { labels: { keys: { contains: ["it's"] }, values: { len: 1 } } },
  name_search: { name: { search: "pié" } },
  name_unaccent: (row) => unaccent(row.name).eq("pie"),
};

class Ruled extends Model(fields, {
  constraints: Object.entries(conditions).map(([name, condition]) => check(name, condition as never)),
  indexes: [index(["price"], { name: "ruled_partial", condition: { tags: { contains: ["b"] }, labels: { hasKey: "it's" } } })],
}) {
  static objects = manager(this);
}

class Found extends Model(
  {
    name: char({ maxLength: 20, default: "" }),
    words: generated({
      expression: (row) => searchVector(row.name, { config: "simple", weight: "C" }),
      output: tsvector({ config: "simple" }),
    }),
    tags: array(integer(), { default: () => [] }),
  },
  { constraints: [unique(["tags"], { name: "tags_once", condition: { tags: { len: { gt: 0 } } } })] },
) {
  static objects = manager(this);
}

describe("what models declare with PostgreSQL's lookups", onPostgres, () => {
  let db: Database;
  before(async () => {
    db = await openPostgres({ Ruled, Found }, ["hstore", "unaccent"]);
  });
  after(() => db?.close());

  test("every lookup is a rule of a table that holds, and fullClean knows it", async () => {
    const row = await Ruled.objects.create({});
    await row.fullClean();
    for (const [name, values] of [
      ["tags_eq", { tags: ["b", "it's"] }],
      ["ages_eq", { ages: new Range(1, 9) }],
      ["labels_key", { labels: { "it's": "y" } }],
      ["price_in_range", { price: 50 }],
    ] as const) {
      await assert.rejects(Ruled.objects.create(values as never), { code: "ORM_INTEGRITY" }, name);
      await assert.rejects(new Ruled(values as never).fullClean(), /violated/, name);
    }
  });

  test("every lookup finds the row by the same words", async () => {
    for (const [name, condition] of Object.entries(conditions))
      assert.equal(await Ruled.objects.filter(condition as never).count(), 1, name);
  });

  test("a document is computed by the database, and lists are unique under a condition", async () => {
    await Found.objects.create({ name: "Cherry pie", tags: [1] });
    assert.equal(await Found.objects.filter({ words: { search: "cherry" } }).count(), 1);
    await Found.objects.bulkCreate([{ tags: [] }, { tags: [] }]);
    await assert.rejects(Found.objects.create({ tags: [1] }), { code: "ORM_INTEGRITY" });
    await assert.rejects(new Found({ name: "x", tags: [1] }).fullClean(), /violated|already exists/);
  });
});
