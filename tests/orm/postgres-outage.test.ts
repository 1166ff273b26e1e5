import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Database, openDatabase, OperationalError, transaction } from "cortado/orm";
import { startPostgres, type TestPostgres } from "../../scripts/start-postgres.ts";
import { openModels, targets } from "./open-cafe.ts";
import { Line, Order, writeOrder } from "./writer-process.ts";

describe("a PostgreSQL server that is killed", { skip: targets[1]!.skip }, () => {
  let server: TestPostgres;
  let db: Database;
  before(async () => {
    server = await startPostgres({ durable: true });
    db = await openModels(`${server.url}?pool=5&connectTimeout=2000`, { Order, Line });
  });
  after(async () => {
    await db?.close();
    server?.stop();
  });

  test("queries fail clearly while it is away, and work again without a restart of the program", async () => {
    await writeOrder("before", 1);
    server.crash();
    for (let i = 0; i < 3; i++)
      await assert.rejects(
        Order.objects.count(),
        (error: Error & { code?: string }) =>
          error instanceof OperationalError && /^ORM_(CANNOT_CONNECT|CONNECTION_LOST)$/.test(error.code!),
      );
    await assert.rejects(writeOrder("away", 1), OperationalError);
    server.restart();
    assert.equal(await Order.objects.count(), 1);
    await writeOrder("after", 1);
    assert.deepEqual(await Promise.all(Array.from({ length: 20 }, () => Order.objects.count())), Array(20).fill(2));
  });

  test("a transaction that is open when it dies keeps nothing, and is not told as kept", async () => {
    const before = await Order.objects.count();
    let committed = false;
    const dying = transaction(async () => {
      const order = await Order.objects.create({ writer: "dying", number: 1, state: "begun" });
      await Line.objects.create({ orderId: order.id, amount: 1 });
      server.crash();
      await order.save();
      await Line.objects.create({ orderId: order.id, amount: 2 });
    }).then(() => (committed = true));
    await assert.rejects(dying, { code: "ORM_CONNECTION_LOST", hint: /A transaction that was open is rolled back/ });
    server.restart();
    assert.equal(committed, false);
    assert.equal(await Order.objects.count(), before);
    assert.equal(await Line.objects.filter({ order: { writer: "dying" } }).count(), 0);
  });

  test("a connection that is lost at COMMIT says that the outcome is not known", async () => {
    const dying = transaction(async () => {
      await Order.objects.create({ writer: "commit", number: 1, state: "done" });
      server.crash();
    });
    await assert.rejects(dying, { code: "ORM_CONNECTION_LOST", hint: /whether the transaction was kept is not known/ });
    server.restart();
  });

  test("acknowledged orders outlive the server's death while many write, and none is half-written", async () => {
    const acknowledged: number[] = [];
    let dead = false;
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let n = 0; !dead && n < 10_000; n++) {
        const number = writer * 10_000 + n;
        await writeOrder("crash", number).then(
          () => acknowledged.push(number),
          () => (dead = true),
        );
      }
    });
    await sleep(300);
    server.crash();
    await Promise.all(writers);
    server.restart();
    const kept = new Set((await Order.objects.filter({ writer: "crash" })).map(({ number }) => number));
    assert.ok(acknowledged.length > 20);
    assert.deepEqual(
      acknowledged.filter((number) => !kept.has(number)),
      [],
    );
    assert.equal(await Order.objects.filter({ writer: "crash", state: "begun" }).count(), 0);
    assert.equal(await Line.objects.filter({ order: { writer: "crash" } }).count(), 3 * kept.size);
  });

  test("a pool whose connections all stay in use says so, instead of waiting for ever", async () => {
    const small = await openDatabase(`${server.url}?pool=2&connectTimeout=100`);
    const { promise: done, resolve: finish } = Promise.withResolvers<void>();
    const holders = [1, 2].map(() => small.transaction(() => done));
    await sleep(30);
    await assert.rejects(small.query("SELECT 1"), {
      code: "ORM_POOL_EXHAUSTED",
      message: /All 2 connections .* stayed in use for 100 ms/,
      hint: /Keep transactions short/,
    });
    finish();
    await Promise.all(holders);
    assert.equal((await small.query("SELECT 1 AS one"))[0]!["one"], 1);
    await small.close();
  });

  test("settings come by the URL or beside it, and reach the server", async () => {
    const set = await openDatabase(`${server.url}?statementTimeout=1500&applicationName=till`, {
      lockTimeout: 700,
      readOnly: true,
    });
    const setting = async (name: string) => Object.values((await set.query(`SHOW ${name}`))[0]!)[0];
    assert.deepEqual(await Promise.all(["statement_timeout", "lock_timeout", "application_name"].map(setting)), [
      "1500ms",
      "700ms",
      "till",
    ]);
    await assert.rejects(set.query("CREATE TABLE nowhere (id integer)"), { code: "ORM_READ_ONLY" });
    await set.close();
    await assert.rejects(openDatabase(`${server.url}?pool=many`), { code: "ORM_BAD_DATABASE_URL", message: /pool=many/ });
    await assert.rejects(openDatabase("postgres://postgres@127.0.0.1:1/none"), { code: "ORM_CANNOT_CONNECT" });
    await assert.rejects(openDatabase(server.url.replace(/\/postgres$/, "/none")), { code: "ORM_CANNOT_CONNECT" });
  });

  test("prepared statements are bounded, however many texts there are", async () => {
    const one = await openDatabase(`${server.url}?pool=1`);
    for (let i = 0; i < 1100; i++) await one.query(`SELECT ${i} AS n`);
    const [row] = await one.query("SELECT count(*) AS n FROM pg_prepared_statements");
    assert.ok((row!["n"] as number) <= 1000);
    await one.close();
  });

  test("rows in batches come by a cursor of the server, and leave none behind", async () => {
    await Order.objects.bulkCreate(Array.from({ length: 50 }, (_, number) => ({ writer: "batch", number, state: "done" })));
    await transaction(async () => {
      let seen = 0;
      for await (const _ of Order.objects.filter({ writer: "batch" }).iterator({ batchSize: 10 })) {
        if (seen++ === 0) assert.equal((await db.query("SELECT name FROM pg_cursors WHERE name LIKE 'cortado_%'")).length, 1);
        if (seen === 25) break;
      }
      assert.equal((await db.query("SELECT name FROM pg_cursors WHERE name LIKE 'cortado_%'")).length, 0);
    });
  });
});
