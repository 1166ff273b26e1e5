import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Database, openDatabase, transaction } from "cortado/orm";
import { Coffee } from "./cafe-models.ts";
import { openCafe, targets } from "./open-cafe.ts";

const { url, skip } = targets[1]!;

describe("a PostgreSQL server that goes and comes", { skip }, () => {
  let db: Database;
  let operator: Database;
  before(async () => {
    // A database of its own: other files' connections are not to be cut.
    operator = await openDatabase(`${url}?pool=1`);
    await operator.script("DROP DATABASE IF EXISTS faults");
    await operator.script("CREATE DATABASE faults");
    db = await openCafe(url!.replace(/\/[^/]*$/, "/faults"));
    await Coffee.objects.bulkCreate(Array.from({ length: 20 }, (_, i) => ({ name: `c${i}`, price: i })));
  });
  after(async () => {
    await operator?.close();
    await db?.close();
  });

  /** Ends every connection but the operator's, as a server does that is restarted. */
  async function cutConnections(): Promise<void> {
    await operator.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'faults'");
    await sleep(50);
  }

  test("a connection lost in a transaction fails that transaction alone", async () => {
    const lost = transaction(async () => {
      await Coffee.objects.create({ name: "lost" });
      await cutConnections();
      await Coffee.objects.count();
    });
    await assert.rejects(lost, { code: "ORM_CONNECTION_LOST", message: /connection/ });
    assert.equal(await Coffee.objects.filter({ name: "lost" }).exists(), false);
  });

  test("connections lost while rows are read in batches are replaced, however many", async () => {
    for (let i = 0; i < 12; i++) {
      const reading = (async () => {
        for await (const _ of Coffee.objects.all().iterator({ batchSize: 2 })) await cutConnections();
      })();
      await assert.rejects(reading, { code: "ORM_CONNECTION_LOST" });
    }
    assert.equal(await Coffee.objects.count(), 20);
  });

  test("a prepared statement is prepared again when the tables changed", async () => {
    const columns = async () => Object.keys((await db.query("SELECT * FROM cafe_coffee ORDER BY id LIMIT 1"))[0]!);
    assert.equal((await columns()).length, 5);
    const another = await openDatabase(url!.replace(/\/[^/]*$/, "/faults"));
    await another.script("ALTER TABLE cafe_coffee ADD COLUMN by_another integer");
    await another.close();
    assert.equal((await columns()).at(-1), "by_another");
    await transaction(async () => {
      await columns();
      await db.execute("ALTER TABLE cafe_coffee ADD COLUMN by_this_one integer");
      assert.equal((await columns()).at(-1), "by_this_one");
    });
  });

  test("a rule that is checked at COMMIT is told as any other", async () => {
    await assert.rejects(
      transaction(() => Coffee.objects.create({ name: "nobody's", roasterId: 999_999 })),
      { code: "ORM_INTEGRITY", message: /foreign key/ },
    );
  });
});
