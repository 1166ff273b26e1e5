import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { after, before, beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Database, openDatabase, transaction } from "cortado/orm";
import { Coffee, Tag } from "./cafe-models.ts";
import { openCafe, openModels } from "./open-cafe.ts";
import { startWriter } from "./start-writer.ts";
import { Line, Order, writeOrder } from "./writer-process.ts";
import { temporaryFolder } from "../temporary-folder.ts";

describe("a SQLite file", () => {
  const directory = temporaryFolder();
  const file = join(directory, "cafe.sqlite3");
  let db: Database;
  before(async () => {
    db = await openCafe(`sqlite:${file}?timeout=300`);
  });
  after(() => db.close());

  test("reads see what is committed, while a transaction is open", async () => {
    const { promise: opened, resolve: isOpen } = Promise.withResolvers<void>();
    const writing = transaction(async () => {
      await Tag.objects.create({ label: "uncommitted" });
      assert.equal(await Tag.objects.count(), 1);
      assert.deepEqual(
        (await Tag.objects.all()).map((tag) => tag.label),
        ["uncommitted"],
      );
      isOpen();
      await sleep(30);
    });
    await opened;
    assert.equal(await Tag.objects.count(), 0);
    await writing;
    assert.equal(await Tag.objects.count(), 1);
  });

  test("an acknowledged row outlives a stranger's rollback", async () => {
    const rolledBack = transaction(async () => {
      await sleep(20);
      throw new Error("no");
    });
    await Promise.all([assert.rejects(rolledBack), Coffee.objects.create({ name: "kept" })]);
    assert.equal(await Coffee.objects.filter({ name: "kept" }).count(), 1);
  });

  test("another process's lock is waited for without holding up anything, then reported", async () => {
    const other = new DatabaseSync(file);
    other.exec("BEGIN IMMEDIATE");
    const waiting = Coffee.objects.create({ name: "patient" });
    await sleep(20);
    assert.equal(typeof (await Coffee.objects.count()), "number");
    other.exec("COMMIT");
    await waiting;
    other.exec("BEGIN IMMEDIATE");
    await assert.rejects(Coffee.objects.create({ name: "late" }), { code: "ORM_DATABASE_BUSY" });
    other.exec("ROLLBACK");
    other.close();
  });

  test("integers beyond a number come as bigint from SQL", async () => {
    assert.deepEqual(
      (await db.query("SELECT 9007199254740993 AS big, 1 AS small")).map((row) => ({ ...row })),
      [{ big: 9007199254740993n, small: 1 }],
    );
  });
});

describe("a SQLite file that many use at once", () => {
  const directory = temporaryFolder();
  const url = `sqlite:${join(directory, "orders.sqlite3")}`;
  let db: Database;
  before(async () => {
    db = await openModels(url, { Order, Line });
  });
  beforeEach(async () => {
    await Line.objects.all().delete();
    await Order.objects.all().delete();
  });
  after(() => db.close());

  /** What a request may see: whole orders alone, and its own. */
  async function request(number: number): Promise<void> {
    const [row] = await db.query(
      "SELECT (SELECT count(*) FROM cafe_order WHERE state <> 'done') AS begun, (SELECT count(*) FROM cafe_order) AS orders, (SELECT count(*) FROM cafe_line) AS lines",
    );
    assert.equal(row!["begun"], 0);
    assert.equal(row!["lines"], 3 * (row!["orders"] as number));
    await writeOrder("request", number);
    assert.equal((await Order.objects.get({ writer: "request", number })).state, "done");
  }

  test("a thousand requests that read and write at once all succeed, see nothing unfinished and let others run", async () => {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    let turns = 0;
    const clock = setInterval(() => turns++, 5);
    await Promise.all(Array.from({ length: 1000 }, (_, number) => sleep(number % 50).then(() => request(number))));
    clearInterval(clock);
    delay.disable();
    assert.equal(await Order.objects.count(), 1000);
    assert.equal(await Line.objects.count(), 3000);
    assert.ok(turns > 10, `the loop turned ${turns} times`);
    assert.ok(delay.max / 1e6 < 400, `the loop stood still for ${(delay.max / 1e6).toFixed(0)} ms`);
  });

  test("two processes and a hundred requests write one file, and none of them fails as locked", async () => {
    const writers = ["first", "second"].map((name) => startWriter(url, name, 150));
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    await Promise.all(Array.from({ length: 100 }, (_, number) => sleep(number * 5).then(() => request(number))));
    delay.disable();
    const codes = await Promise.all(writers.map(({ exited }) => exited));
    assert.deepEqual(codes, [0, 0]);
    assert.equal(await Order.objects.count(), 400);
    assert.equal(await Order.objects.filter({ state: "done" }).count(), 400);
    assert.ok(delay.max / 1e6 < 400, `the loop stood still for ${(delay.max / 1e6).toFixed(0)} ms`);
  });

  test("rows that are read in batches hold nobody else in the past", async () => {
    for (let number = 0; number < 4; number++) await writeOrder("before", number);
    const seen: number[] = [];
    for await (const order of Order.objects.orderBy("number").iterator({ batchSize: 1 })) {
      seen.push(order.number);
      if (seen.length === 2) await writeOrder("meanwhile", 100);
      if (seen.length > 2) assert.equal(await Order.objects.filter({ writer: "meanwhile" }).exists(), true);
    }
    assert.deepEqual(seen, [0, 1, 2, 3]);
  });

  test("a read-only transaction keeps its state while others write", async () => {
    await writeOrder("before", 1);
    await transaction(
      async () => {
        assert.equal(await Order.objects.count(), 1);
        await new Promise((resolve, reject) => startWriter(url, "meanwhile", 3).exited.then(resolve, reject));
        assert.equal(await Order.objects.count(), 1);
      },
      { readOnly: true },
    );
    assert.equal(await Order.objects.count(), 4);
  });

  test("a database that is opened as read-only refuses to write, and keeps foreign keys and the write-ahead log on", async () => {
    const copy = await openDatabase(`${url}?readOnly=true`);
    await assert.rejects(copy.execute("DELETE FROM cafe_line"), { code: "ORM_READ_ONLY", name: "OperationalError" });
    await copy.close();
    assert.deepEqual(Object.values((await db.query("PRAGMA foreign_keys"))[0]!), [1]);
    assert.deepEqual(Object.values((await db.query("PRAGMA journal_mode"))[0]!), ["wal"]);
    const careful = await openDatabase(`${url}?synchronous=full`);
    assert.equal((await careful.transaction(() => careful.query("PRAGMA synchronous")))[0]!["synchronous"], 2);
    await careful.close();
    await assert.rejects(openDatabase(`${url}?synchronous=off`), { code: "ORM_BAD_DATABASE_URL", message: /normal or full/ });
    await assert.rejects(openDatabase(`${url}?timeout=soon`), { code: "ORM_BAD_DATABASE_URL", message: /timeout=soon/ });
  });
});
