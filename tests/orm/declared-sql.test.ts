import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import {
  caseWhen,
  clearModels,
  coalesce,
  concat,
  type DeclaredExpression,
  declaredSql,
  type Expression,
  extract,
  length,
  lower,
  md5,
  now,
  Q,
  quoteName,
  registerModels,
  round,
  trunc,
  truncDate,
  upper,
  uuid4,
  value,
  when,
} from "cortado/orm";
import { defineApp } from "#kernel";
import * as models from "./cafe-models.ts";
import { Drink, Maker } from "./drink-models.ts";
import { openCafe, openModels, targets } from "./open-cafe.ts";

const { Coffee, Sample } = models;
const both = (sql: string) => ({ sqlite: sql, postgres: sql });

describe("SQL for a table's definition", () => {
  before(() => {
    clearModels();
    registerModels(defineApp({ name: "cafe", models }));
  });

  test("an object of lookups is written with literals and plain columns", () => {
    assert.deepEqual(declaredSql(Coffee.meta, { price: { gte: 0 } }), both('"price" >= 0'));
    assert.deepEqual(declaredSql(Coffee.meta, { price: { in: [1, -2] } }), both('"price" IN (1, (-2))'));
    assert.deepEqual(declaredSql(Coffee.meta, { name: "O'Hara" }), both("\"name\" = 'O''Hara'"));
    assert.deepEqual(declaredSql(Coffee.meta, { isIce: true, roaster: null }), {
      sqlite: '"is_ice" = 1 AND "roaster_id" IS NULL',
      postgres: '"is_ice" = true AND "roaster_id" IS NULL',
    });
    assert.deepEqual(declaredSql(Sample.meta, { cost: { gt: "1.5" } }), {
      sqlite: `CAST("cost" AS REAL) > CAST('1.50' AS REAL)`,
      postgres: `"cost" > '1.50'`,
    });
  });

  test("a Q, a condition and an expression are written too", () => {
    assert.deepEqual(declaredSql(Coffee.meta, Q.or({ price: 1 }, { price: 2 })), both('("price" = 1 OR "price" = 2)'));
    const condition = (c: { price: Expression<number> }) => c.price.gt(5).not();
    assert.deepEqual(declaredSql(Coffee.meta, condition as never), both('(("price" > 5) IS NOT TRUE)'));
    const expression = (c: { name: Expression<string> }) => lower(c.name);
    assert.deepEqual(declaredSql(Coffee.meta, expression), { sqlite: 'unicode_lower("name")', postgres: 'LOWER("name")' });
  });

  test("another table, a NUL character and what is no expression are refused", () => {
    assert.throws(() => declaredSql(Coffee.meta, { roaster: { name: "x" } }), {
      message: /A declared expression of Coffee follows the relation "roaster"/,
      hint: "A constraint, an index or a generated column sees the columns of its own row alone.",
    });
    assert.throws(() => declaredSql(Coffee.meta, { tags: { label: "x" } }), { code: "ORM_BAD_QUERY" });
    assert.throws(() => declaredSql(Coffee.meta, { name: "a\0b" }), { code: "ORM_BAD_QUERY" });
    assert.throws(() => declaredSql(Coffee.meta, "price > 0" as never), { code: "ORM_BAD_QUERY" });
  });
});

for (const { name, url, skip } of targets) {
  test(`what is declared can be indexed, checked and a default on ${name}`, { skip }, async () => {
    const db = await openModels(url!, { Drink, Maker });
    const sqlOf = (made: DeclaredExpression) => declaredSql(Drink.meta, made)[db.dialect];
    const indexed: ((d: any) => Expression<any>)[] = [
      (d) => lower(d.name),
      (d) => upper(d.name),
      (d) => length(d.name),
      (d) => concat(d.name, "-", d.price),
      (d) => d.name.slice(0, 3),
      (d) => d.price.mul(2).add(1),
      (d) => d.cost.mul(2),
      (d) => coalesce(d.note, "it's"),
      () => caseWhen([when({ price: { gt: 5 } }, "dear")], "cheap"),
      (d) => extract(d.moment, "year"),
      (d) => trunc(d.moment, "month", { timeZone: "Asia/Seoul" }),
      (d) => truncDate(d.moment),
      (d) => d.data.path("size"),
      (d) => d.data.pathText("size", 0),
      (d) => round(d.weight, 2),
      (d) => md5(d.name),
    ];
    const checked: DeclaredExpression[] = [
      { price: { gte: 0, lt: 1_000_000 }, name: { length: { lte: 40 } } },
      { cost: { range: [0, 99] }, isIce: { in: [true, false] } },
      { data: { hasKeys: ["a", "b"] } },
      { data: { size: { gte: 3 } } },
      { name: { regex: "^[^<]*$" }, note: { contains: "x" } },
      { moment: { year: { gte: 2000 } } },
      Q.or({ price: 0 }, Q.not({ name: "" }), Q.xor({ isIce: true }, { price: 1 })),
      (d: any) => d.cost.lt(d.huge),
    ];
    const defaults = [now(), uuid4(), value("it's"), value(-3), value(true)];
    try {
      const table = quoteName(Drink.meta.table);
      for (const [i, made] of indexed.entries()) await db.script(`CREATE INDEX own_${i} ON ${table} ((${sqlOf(made)}))`);
      const checks = checked.map((made) => `CHECK (${sqlOf(made)})`).join(", ");
      const columns = Drink.meta.fields.map((field) => `${quoteName(field.column)} ${field.columnType(db.dialect)}`).join(", ");
      await db.script(`DROP TABLE IF EXISTS own_checks; CREATE TABLE own_checks (${columns}, ${checks})`);
      for (const [i, made] of defaults.entries())
        await db.script(`DROP TABLE IF EXISTS own_default_${i}; CREATE TABLE own_default_${i} (x text DEFAULT (${sqlOf(made)}))`);
      await Drink.objects.create({ name: "Latte", price: 3, cost: "1.5" as never, data: { size: [1] } });
      assert.equal(await Drink.objects.filter((d) => lower(d.name).eq("latte")).count(), 1);
    } finally {
      await db.close();
    }
  });

  test(`literals cannot leave their quotes on ${name}`, { skip }, async () => {
    const db = await openCafe(url!);
    try {
      for (const hostile of ["'", "\\", "\\'; DROP TABLE x; --", "''", "$$", "/*", "\u2028", "%s ? $1 :x"]) {
        const { [db.dialect]: sql } = declaredSql(Coffee.meta, { name: hostile });
        const literal = sql.slice('"name" = '.length);
        assert.deepEqual(await db.rows(`SELECT ${literal}`), [[hostile]]);
      }
    } finally {
      await db.close();
    }
  });
}
