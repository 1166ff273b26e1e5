import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Database, transaction } from "cortado/orm";
import { Coffee } from "./cafe-models.ts";
import { openCafe, targets } from "./open-cafe.ts";
import { temporaryFolder } from "../temporary-folder.ts";

/** A million in the longer run, where PostgreSQL is there too. */
const rows = process.env["CORTADO_TEST_POSTGRES"] ? 1_000_000 : 200_000;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** What is really kept, in MiB. */
function kept(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}

const folder = temporaryFolder();

/** The rows, made by the database itself. */
async function fill(db: Database): Promise<void> {
  const numbers =
    db.dialect === "postgres"
      ? `generate_series(1, ${rows}) AS n(i)`
      : `(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows}) SELECT i FROM n) n`;
  const isIce = db.dialect === "postgres" ? "i % 2 = 0" : "i % 2";
  await db.script(`INSERT INTO cafe_coffee (name, price, is_ice) SELECT 'coffee ' || i, i % 1000, ${isIce} FROM ${numbers}`);
}

for (const { name, url, skip } of targets) {
  describe(`reading ${rows.toLocaleString("en")} rows on ${name}`, { skip }, () => {
    let db: Database;
    before(async () => {
      db = await openCafe(name === "SQLite" ? `sqlite:${join(folder, "stream.sqlite3")}` : url!);
      await fill(db);
    });
    after(() => db?.close());

    test("the iterator keeps no more than a batch, and other work has its turn", { timeout: 120_000 }, async () => {
      const timer = { ticks: 0 };
      const interval = setInterval(() => timer.ticks++, 1);
      const before = kept();
      let [seen, most, total] = [0, 0, 0];
      for await (const coffee of Coffee.objects.orderBy("id").iterator()) {
        total += coffee.price;
        if (++seen % 20_000 === 0) most = Math.max(most, kept() - before);
      }
      clearInterval(interval);
      assert.equal(seen, rows);
      assert.equal(total, (rows / 1000) * 499_500);
      assert.ok(timer.ticks > 20, `the timer ran ${timer.ticks} times`);
      assert.ok(most < 25, `${most} MiB`);
    });

    test("rows that are written while they are read are seen by others at once", { timeout: 120_000 }, async () => {
      let seen = 0;
      for await (const coffee of Coffee.objects.orderBy("id").iterator({ batchSize: 50_000 })) {
        if (seen++ % 50_000 !== 0) continue;
        await Coffee.objects.filter({ id: coffee.id }).update({ name: "seen" });
        assert.equal((await Coffee.objects.get({ id: coffee.id })).name, "seen");
      }
      assert.equal(seen, rows);
    });

    test("the iterator works inside of a transaction, and can be left early", { timeout: 120_000 }, async () => {
      await transaction(async () => {
        let seen = 0;
        for await (const _ of Coffee.objects.iterator({ batchSize: 100 })) if (++seen === 250) break;
        assert.equal(seen, 250);
        assert.equal(await Coffee.objects.filter({ name: "seen" }).delete(), rows / 50_000);
      });
      assert.equal(await Coffee.objects.count(), rows - rows / 50_000);
    });

    test("estimatedCount of a large table is near, and a count stops where it is told", async () => {
      if (name === "PostgreSQL") await db.script("ANALYZE cafe_coffee");
      const estimated = await Coffee.objects.estimatedCount();
      assert.ok(Math.abs(estimated - rows) < rows / 10, String(estimated));
      assert.equal(await Coffee.objects.filter({ isIce: true }).count({ upTo: 1000 }), 1000);
    });
  });
}
