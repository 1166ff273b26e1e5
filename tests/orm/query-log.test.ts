import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, beforeEach, describe, test } from "node:test";
import {
  connectionCreated,
  countQueries,
  type Database,
  type LoggedQuery,
  onQuery,
  openDatabase,
  queryLog,
  transaction,
  wrapQueries,
} from "cortado/orm";
import { Coffee, Roaster } from "./cafe-models.ts";
import { openCafe, targets } from "./open-cafe.ts";

const source = readFileSync(import.meta.filename, "utf8").split("\n");

/** The line of this file with a text, as a log shows it. */
function lineOf(text: string): RegExp {
  return new RegExp(`^tests/orm/query-log\\.test\\.ts:${source.findIndex((line) => line.includes(text)) + 1}:`);
}

for (const { name, url, skip } of targets)
  describe(`the query log on ${name}`, { skip }, () => {
    let db: Database;
    before(async () => {
      db = await openCafe(url!);
    });
    beforeEach(async () => {
      await Coffee.objects.all().delete();
      await Coffee.objects.bulkCreate([{ name: "a" }, { name: "b" }]);
    });
    after(() => db?.close());

    test("says what was sent, with times, rows and the line of the program", async () => {
      const { result, queries } = await queryLog(async () => {
        const rows = await Coffee.objects.filter({ name: "a" });
        await db.query("SELECT 1");
        return rows.length;
      });
      assert.equal(result, 1);
      assert.equal(queries.length, 2);
      const [select, direct] = queries as [LoggedQuery, LoggedQuery];
      assert.match(select.sql, /^SELECT .*"cafe_coffee"/);
      assert.deepEqual([select.params, select.rows, select.isControl, select.error], [["a"], 1, false, undefined]);
      assert.ok(select.milliseconds >= 0);
      assert.equal(select.url, db.url);
      assert.match(select.line!, lineOf('filter({ name: "a" })'));
      assert.match(direct.line!, lineOf('await db.query("SELECT 1");'));
    });

    test("knows the line of queries that are made in one place and awaited in another, and of saves", async () => {
      const { queries } = await queryLog(async () => {
        const query = Coffee.objects.orderBy("name");
        const [first] = await query;
        first!.name = "c";
        await first!.save();
        await Coffee.objects.count();
      });
      assert.equal(queries.length, 3);
      assert.match(queries[0]!.line!, lineOf('orderBy("name")'));
      assert.match(queries[1]!.line!, lineOf("await first!.save()"));
      assert.match(queries[2]!.line!, lineOf("await Coffee.objects.count();"));
    });

    test("counts queries without BEGIN and COMMIT, which it shows", async () => {
      const work = () =>
        transaction(async () => {
          await Roaster.objects.create({ name: "r", country: "ET" });
          await transaction(() => Roaster.objects.count());
        });
      assert.equal(await countQueries(work), 2);
      const { queries } = await queryLog(work);
      assert.deepEqual(
        queries.filter(({ isControl }) => isControl).map(({ sql }) => sql.split(" ")[0]),
        ["BEGIN", "SAVEPOINT", "RELEASE", "COMMIT"],
      );
    });

    test("keeps parallel requests apart, and an inner log tells the outer one", async () => {
      const one = () => queryLog(() => Coffee.objects.count());
      const [a, b] = await Promise.all([queryLog(async () => [await one(), await one()]), one(), Coffee.objects.count()]);
      assert.deepEqual([a!.queries.length, a!.result.map(({ queries }) => queries.length), b!.queries.length], [2, [1, 1], 1]);
    });

    test("shows queries that failed, with their error", async () => {
      const errors: unknown[] = [];
      const stop = onQuery(({ error }) => errors.push(error));
      await assert.rejects(db.query("SELECT * FROM nowhere"), { code: "ORM_MISSING_TABLE" });
      stop();
      await db.query("SELECT 1");
      assert.equal(errors.length, 1);
      assert.equal((errors[0] as { code: string }).code, "ORM_MISSING_TABLE");
    });

    test("a wrapper stands around each query of what it wraps, and may refuse it", async () => {
      const seen: string[] = [];
      const refuse = () => Promise.reject(new Error("no queries in templates"));
      await wrapQueries(
        (query, run) => (seen.push(query.sql), run()),
        async () => {
          assert.equal((await Coffee.objects.all()).length, 2);
          await assert.rejects(
            wrapQueries(refuse, () => Coffee.objects.count()),
            /no queries in templates/,
          );
        },
      );
      assert.equal(seen.length, 2);
      assert.equal(await Coffee.objects.count(), 2);
    });
  });

describe("the signal of a new connection", () => {
  for (const { name, url, skip } of targets)
    test(`comes before the connection is used, with a way to run SQL on it: ${name}`, { skip }, async () => {
      const dialect = url!.startsWith("sqlite") ? "sqlite" : "postgres";
      const setting = dialect === "sqlite" ? "PRAGMA cache_size = 77" : "SET work_mem = '77MB'";
      const urls: string[] = [];
      const stop = connectionCreated.connect((created) => (urls.push(created.url), created.execute(setting)), {
        sender: dialect,
      });
      const db = await openDatabase(url!);
      stop();
      const [row] = await db.query(dialect === "sqlite" ? "PRAGMA cache_size" : "SHOW work_mem");
      await db.close();
      assert.match(String(Object.values(row!)[0]), /^77/);
      assert.equal(urls.length, 1);
      assert.ok(urls[0]!.startsWith(dialect));
    });
});
