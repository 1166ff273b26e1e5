import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { count, type Database, integer, type Sql, sql } from "cortado/orm";
import { z } from "zod";
import { Coffee, Roaster, Sample } from "./cafe-models.ts";
import { openCafe, targets } from "./open-cafe.ts";

for (const { name, url, skip } of targets) {
  describe(`SQL of one's own on ${name}`, { skip }, () => {
    let db: Database;
    before(async () => {
      db = await openCafe(url!);
    });
    after(() => db?.close());
    beforeEach(async () => {
      for (const model of [Coffee, Roaster, Sample]) await (model.objects as typeof Coffee.objects).all().delete();
      const fritz = await Roaster.objects.create({ name: "Fritz", country: "KR" });
      await Coffee.objects.bulkCreate([
        { name: "Latte", price: 4500, roaster: fritz },
        { name: "x'; DROP TABLE cafe_coffee; --", price: 3000 },
      ]);
    });

    test("values are bound, whatever they say", async () => {
      const evil = "x'; DROP TABLE cafe_coffee; --";
      const rows = await sql`SELECT name, price FROM ${Coffee} WHERE name = ${evil} AND price > ${2999}`.all();
      assert.deepEqual(
        rows.map((row) => ({ ...row })),
        [{ name: evil, price: 3000 }],
      );
      const { sql: text, params } = sql`SELECT ${evil} WHERE 1 = ${1}`.toSql();
      assert.equal(text.includes("DROP"), false);
      assert.equal(params.length, 2);
      assert.equal(await Coffee.objects.count(), 2);
    });

    test("fragments, names, lists, models and queries stand in one another", async () => {
      const cheap = sql`price < ${4000}`;
      const table = sql`SELECT ${sql.name("name")} FROM ${sql.name("cafe_coffee")} WHERE ${cheap}`;
      assert.equal((await table.all()).length, 1);
      const ids = await Coffee.objects.valuesList("id", { flat: true });
      const found =
        await sql`SELECT COUNT(*) AS n FROM ${Coffee} WHERE id IN (${sql.list(ids)}) AND id IN (${sql.list([])})`.first();
      assert.equal(Number(found!["n"]), 0);
      const dear = Coffee.objects.filter({ price: { gt: 4000 } }).values("id", "name");
      assert.equal((await sql`SELECT dear.name FROM ${dear} dear`.first())!["name"], "Latte");
      assert.equal(sql`SELECT ${sql.name('a"b')}`.toSql().sql, 'SELECT "a""b"');
      assert.equal((await sql`SELECT ${sql.unsafe("1 + 1")} AS two`.first<{ two: number }>())!.two, 2);
    });

    test("a schema types and checks the rows", async () => {
      const schema = z.object({ name: z.string(), price: z.number() });
      const [row] = await sql`SELECT name, price FROM ${Coffee} ORDER BY price DESC`.all(schema);
      assert.deepEqual(row satisfies { name: string; price: number } | undefined, { name: "Latte", price: 4500 });
      await assert.rejects(
        sql`SELECT price AS name, NULL AS price FROM ${Coffee}`.all(schema),
        (error: { code: string; message: string; hint: string }) => {
          assert.equal(error.code, "ORM_ROW_REFUSED");
          assert.match(error.message, /^Row 1 of the SQL is not what the schema says: row\.name: .*; row\.price: /);
          assert.equal(error.hint, "Compare the columns and their types with the schema; a column of numbers can be null.");
          return true;
        },
      );
      assert.equal(await sql`SELECT name, price FROM ${Coffee} WHERE 1 = 0`.first(schema), null);
    });

    test("run changes rows and says how many", async () => {
      assert.equal(await sql`UPDATE ${Coffee} SET price = price + ${10} WHERE price < ${4000}`.run(), 1);
      assert.deepEqual(await Coffee.objects.valuesList("price", { flat: true }).orderBy("price"), [3010, 4500]);
    });

    test("a fragment is an expression in annotations, filters, orders and updates", async () => {
      const rows = await Coffee.objects
        .annotate((c) => ({ half: sql<number>`${c.price} / ${2}` }))
        .filter((c) => sql<boolean>`${c.half} > ${100}`)
        .orderBy((c) => sql`${c.half}`.desc());
      assert.deepEqual(
        rows.map((row) => row.half satisfies number),
        [2250, 1500],
      );
      assert.deepEqual(await Coffee.objects.filter((c) => c.isIce).count(), 0);
      await Coffee.objects.filter({ name: "Latte" }).update((c) => ({ price: sql`${c.price} + 1`.as(integer()) }));
      assert.equal((await Coffee.objects.get({ name: "Latte" })).price, 4501);
      const groups = await Coffee.objects
        .values("isIce")
        .annotate((c) => ({ dearest: sql<number>`MAX(${c.price})`.aggregate(), n: count() }));
      assert.deepEqual(groups, [{ isIce: false, dearest: 4501, n: 2 }]);
    });

    test("what is no value is refused", async () => {
      assert.throws(() => sql`SELECT ${undefined}`.toSql(), { code: "ORM_UNDEFINED_VALUE" });
      assert.throws(() => sql`SELECT ${[1, 2]}`.toSql(), /is given a list/);
      assert.throws(() => sql`SELECT ${{ a: 1 }}`.toSql(), /is given an object/);
      assert.throws(() => (sql as unknown as (text: string) => Sql)("SELECT 1"), /called as a function/);
      assert.throws(() => sql`SELECT ${count()}`.toSql(), /means something in a query of a model only/);
    });

    test("raw gives rows of the model, deferred fields and more columns", async () => {
      const rows = await Coffee.objects.raw(sql`SELECT id, name, price * 2 AS twice FROM ${Coffee} WHERE name = ${"Latte"}`, {
        extra: z.object({ twice: z.number() }),
      });
      assert.ok(rows[0] instanceof Coffee);
      assert.deepEqual([rows[0].name, rows[0].twice satisfies number], ["Latte", 9000]);
      assert.throws(() => rows[0]!.price, { code: "ORM_DEFERRED_FIELD" });
      rows[0].name = "Flat white";
      await rows[0].save();
      assert.equal((await Coffee.objects.get({ id: rows[0].id })).price, 4500);
      const renamed = await Coffee.objects.raw(
        "SELECT id, name AS title FROM cafe_coffee WHERE price = " + (name === "SQLite" ? "?" : "$1"),
        [3000],
        {
          columns: { title: "name" },
        },
      );
      assert.match(renamed[0]!.name, /DROP/);
      await assert.rejects(
        async () => Coffee.objects.raw(sql`SELECT name FROM ${Coffee}`),
        /needs the column "id". The query gave: name/,
      );
      await assert.rejects(
        async () => Coffee.objects.raw(sql`SELECT id, 'x' AS twice FROM ${Coffee}`, { extra: z.object({ twice: z.number() }) }),
        {
          code: "ORM_ROW_REFUSED",
        },
      );
      assert.deepEqual(await Coffee.objects.raw(sql`SELECT * FROM ${Coffee} WHERE 1 = 0`), []);
      const seen: string[] = [];
      for await (const coffee of Coffee.objects.raw(sql`SELECT * FROM ${Coffee} ORDER BY price`)) seen.push(String(coffee.price));
      assert.deepEqual(seen, ["3000", "4500"]);
    });
  });
}
