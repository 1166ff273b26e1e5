import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { clearModels, declaredSql, Expression, lower, Q, registerModels } from "cortado/orm";
import { defineApp } from "cortado";
import * as models from "./cafe-models.ts";
import { openCafe, targets } from "./open-cafe.ts";

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
