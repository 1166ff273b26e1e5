import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { char, type Database, type Expression, integer, manager, Model, ormErrors } from "cortado/orm";
import {
  arrayAgg,
  arraySubquery,
  corr,
  integerRange,
  Range,
  rangeOf,
  searchHeadline,
  searchQuery,
  searchRank,
  searchVector,
  transactionNow,
  trigramSimilarity,
  unaccent,
} from "cortado/orm/postgres";
import { openModels } from "../open-cafe.ts";

class Drink extends Model({ name: char({ maxLength: 20 }), price: integer({ default: 0 }) }) {
  static objects = manager(this);
}

describe("what PostgreSQL alone has, asked of SQLite", () => {
  let db: Database;
  before(async () => {
    db = await openModels("sqlite::memory:", { Drink });
  });
  after(() => db.close());

  test("lookups are refused by name", async () => {
    const refused = { code: "ORM_POSTGRES_ONLY" };
    for (const where of [
      { name: { search: "x" } },
      { name: { trigramSimilar: "x" } },
      { name: { unaccent: "x" } },
      { name: { unaccent: { icontains: "x" } } },
      { price: { containedBy: new Range(1, 2) } },
    ])
      await assert.rejects(Drink.objects.filter(where as never).count(), refused, JSON.stringify(where));
    await assert.rejects(Drink.objects.filter({ name: { search: "x" } }).count(), {
      message: "The lookup search on Drink.name needs PostgreSQL, and the database is SQLite.",
      hint: "Set the database's url to postgres://…, or route the model to such a database.",
    });
  });

  test("functions and aggregates are refused by name", async () => {
    const [d] = [Drink.objects];
    const made: Record<string, (row: any) => Expression<any>> = {
      "arrayAgg()": (row) => arrayAgg(row.name),
      "corr()": (row) => corr(row.price, row.price),
      "searchVector()": (row) => searchVector(row.name),
      "searchRank()": (row) => searchRank(row.name, "x"),
      "searchHeadline()": (row) => searchHeadline(row.name, "x"),
      "searchQuery()": () => searchQuery("x"),
      "trigramSimilarity()": (row) => trigramSimilarity(row.name, "x"),
      "unaccent()": (row) => unaccent(row.name),
      "rangeOf()": (row) => rangeOf(row.price, 5, { output: integerRange() }),
      "transactionNow()": () => transactionNow(),
      "arraySubquery()": () => arraySubquery(Drink.objects.values("name")),
    };
    for (const [what, make] of Object.entries(made))
      await assert.rejects(d.annotate((row) => ({ made: make(row) })).all(), {
        message: ormErrors.ORM_POSTGRES_ONLY({ what }).message,
      });
  });
});
