import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  char,
  connectionCreated,
  type Database,
  foreignKey,
  integer,
  manager,
  Model,
  onCommit,
  openDatabase,
  related,
  transaction,
  useDatabases,
} from "cortado/orm";
import { Random } from "./fuzz/random.ts";
import { openModels, targets } from "./open-cafe.ts";
import { temporaryFolder } from "../temporary-folder.ts";

class Account extends Model({
  name: char({ maxLength: 30, unique: true }),
  balance: integer({ default: 0 }),
  entries: () => related(Entry, "account"),
}) {
  static objects = manager(this);
}
class Entry extends Model({
  account: () => foreignKey(Account, { onDelete: "cascade" }),
  amount: integer(),
}) {
  static objects = manager(this);
}

const directory = temporaryFolder();
const accounts = 10;

/** Moves an amount between two accounts, each with an entry; now and then it thinks better of it. */
async function transfer(random: Random, committed: { count: number }): Promise<void> {
  const [from, to] = random.some(
    Array.from({ length: accounts }, (_, i) => `a${i}`),
    2,
  );
  const amount = 1 + random.below(9);
  const change = async (name: string, by: number) => {
    const account = await Account.objects.selectForUpdate().get({ name });
    account.balance += by;
    await account.save();
    await Entry.objects.create({ account, amount: by });
  };
  const [fails, isGivenUp] = [random.chance(0.2), random.chance(0.2)];
  const pause = random.below(3);
  await transaction(
    async () => {
      await onCommit(() => void committed.count++);
      await change(from!, -amount);
      if (pause === 0) await sleep(1);
      // What is thrown in a savepoint leaves nothing of it.
      await transaction(async () => {
        await change(to!, 1000);
        throw new Error("back");
      }).catch(() => undefined);
      if (fails) await transaction(async () => Account.objects.create({ name: from! })).catch(() => undefined);
      await transaction(() => change(to!, amount));
      if (isGivenUp) throw new Error("given up");
    },
    { retry: 20 },
  ).catch((error: Error) => {
    if (error.message !== "given up") throw error;
  });
}

/** Sums that hold at any moment, read in one state. */
async function checkSums(): Promise<void> {
  await transaction(
    async () => {
      const { total } = await Account.objects.aggregate((a) => ({ total: a.balance.sum() }));
      let entries = 0;
      for await (const entry of Entry.objects.iterator({ batchSize: 50 })) entries += entry.amount;
      assert.deepEqual([total, entries], [0, 0]);
    },
    { readOnly: true, isolation: "repeatable read" },
  );
}

for (const { name, url, skip } of targets)
  describe(`many at once on ${name}`, { skip }, () => {
    const target = name === "SQLite" ? `sqlite:${join(directory, "load.sqlite3")}` : `${url}?pool=8`;
    let db: Database;
    const stop = connectionCreated.connect(({ execute }) => execute("SET deadlock_timeout = '20ms'"), { sender: "postgres" });
    before(async () => {
      db = await openModels(target, { Account, Entry });
    });
    after(async () => {
      stop();
      await db?.close();
    });
    beforeEach(async () => {
      await Entry.objects.delete();
      await Account.objects.delete();
      await Account.objects.bulkCreate(Array.from({ length: accounts }, (_, i) => ({ name: `a${i}` })));
    });

    test("transfers in savepoints, with failures and readers between them, keep every sum", { timeout: 60_000 }, async () => {
      const committed = { count: 0 };
      let isOver = false;
      const readers = Array.from({ length: 2 }, async () => {
        for (let round = 0; !isOver || round === 0; round++) {
          await checkSums();
          await sleep(2);
        }
      });
      await Promise.all(Array.from({ length: 200 }, (_, seed) => transfer(new Random(seed), committed)));
      isOver = true;
      await Promise.all(readers);
      await checkSums();
      assert.equal(await Entry.objects.count(), 2 * committed.count);
      for (const account of await Account.objects.annotate((a) => ({ sum: a.entries.amount.sum({ default: 0 }) })))
        assert.equal(account.balance, account.sum);
    });

    test("a hundred thousand rows are made, changed and deleted in bounded memory", { timeout: 120_000 }, async () => {
      const account = await Account.objects.get({ name: "a0" });
      const before = process.memoryUsage.rss();
      let peak = before;
      const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 5);
      await Entry.objects.bulkCreate(Array.from({ length: 100_000 }, (_, i) => ({ account, amount: i % 100 })));
      const rows = await Entry.objects.all();
      for (const row of rows) row.amount += 1;
      await Entry.objects.bulkUpdate(rows, ["amount"]);
      assert.equal((await Entry.objects.aggregate((e) => ({ total: e.amount.sum() }))).total, 5_050_000);
      // The rows of the account go with it.
      assert.equal(await Account.objects.filter({ name: "a0" }).delete(), 100_001);
      clearInterval(watch);
      assert.ok(peak - before < 400 * 1024 * 1024, `${Math.round((peak - before) / 1024 / 1024)} MiB more`);
    });
  });

describe("a small pool", { skip: targets[1]!.skip }, () => {
  const { url } = targets[1]!;
  let db: Database;
  before(async () => {
    await (await openModels(url!, { Account, Entry })).close();
    db = await openDatabase(`${url}?pool=2&connectTimeout=300`);
    useDatabases({ default: db });
  });
  after(() => db?.close());

  test("whose connections are all in use refuses by name, and works when they are free again", { timeout: 30_000 }, async () => {
    const { promise: release, resolve } = Promise.withResolvers<void>();
    const holders = Array.from({ length: 2 }, () =>
      transaction(async () => {
        await Account.objects.count();
        await release;
      }),
    );
    await sleep(50);
    const refused = await Promise.allSettled(Array.from({ length: 20 }, () => Account.objects.count()));
    for (const each of refused)
      assert.equal(each.status === "rejected" ? (each.reason as { code?: string }).code : "answered", "ORM_POOL_EXHAUSTED");
    resolve();
    await Promise.all(holders);
    assert.deepEqual(
      await Promise.all(Array.from({ length: 50 }, () => Account.objects.count())),
      Array.from({ length: 50 }, () => 0),
    );
  });

  test("whose transactions throw, and whose readers leave early, loses no connection", { timeout: 30_000 }, async () => {
    await Account.objects.bulkCreate(Array.from({ length: 20 }, (_, i) => ({ name: `x${i}` })));
    for (let round = 0; round < 10; round++) {
      await transaction(async () => {
        await Account.objects.count();
        throw new Error("thrown");
      }).catch(() => undefined);
      await Account.objects.create({ name: "x0" }).catch(() => undefined);
      for await (const _ of Account.objects.iterator({ batchSize: 2 })) break;
      const rows = Account.objects.iterator({ batchSize: 2 });
      await rows.next();
      await rows.return();
    }
    assert.equal(await Account.objects.count(), 20);
  });
});
