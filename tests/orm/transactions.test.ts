import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  char,
  type Database,
  inTransaction,
  IntegrityError,
  integer,
  manager,
  Model,
  onCommit,
  OperationalError,
  savepoint,
  SerializationError,
  setRollback,
  transaction,
} from "cortado/orm";
import { openModels, targets } from "./open-cafe.ts";

class Account extends Model({ owner: char({ maxLength: 30, unique: true }), balance: integer({ default: 0 }) }) {
  static objects = manager(this);
}

for (const { name, url, skip } of targets)
  describe(`transactions on ${name}`, { skip }, () => {
    let db: Database;
    before(async () => {
      db = await openModels(url!, { Account });
    });
    beforeEach(() => Account.objects.all().delete());
    after(() => db?.close());

    const add = (owner: string, balance = 0) => Account.objects.create({ owner, balance });
    const owners = () => Account.objects.orderBy("owner").valuesList("owner", { flat: true }) as unknown as Promise<string[]>;

    test("what a transaction did is kept together, or not at all", async () => {
      assert.equal(await transaction(async () => (await add("a"), "result")), "result");
      const failing = transaction(async () => {
        await add("b");
        throw new Error("no");
      });
      await assert.rejects(failing, /^Error: no$/);
      assert.deepEqual(await owners(), ["a"]);
    });

    test("a transaction inside another is a savepoint, at any depth", async () => {
      await transaction(async () => {
        await add("outer");
        await transaction(async () => {
          await add("inner");
          await assert.rejects(
            transaction(async () => {
              await add("innermost");
              throw new Error("no");
            }),
          );
          assert.deepEqual(await owners(), ["inner", "outer"]);
        });
      });
      assert.deepEqual(await owners(), ["inner", "outer"]);
    });

    test("a unique error in a savepoint leaves the rest of the transaction as it was", async () => {
      await add("a");
      await transaction(async () => {
        await add("b");
        await assert.rejects(
          transaction(() => add("a")),
          (error: unknown) =>
            error instanceof IntegrityError && error.columns.join() === "owner" && error.table === "cafe_account",
        );
        await add("c");
      });
      assert.deepEqual(await owners(), ["a", "b", "c"]);
    });

    test("with savepoint: false, what is thrown inside dooms the whole transaction", async () => {
      const doomed = transaction(async () => {
        await add("a");
        await transaction(() => Promise.reject(new Error("no")), { savepoint: false }).catch(() => undefined);
        await assert.rejects(add("b"), { code: "ORM_TRANSACTION_DOOMED" });
      });
      await assert.rejects(doomed, (error: Error & { hint?: string }) => {
        assert.match(error.message, /was caught, but the transaction cannot be kept/);
        assert.match(error.hint!, /a transaction of its own/);
        return (error.cause as Error).message === "no";
      });
      assert.deepEqual(await owners(), []);
    });

    test("setRollback rolls back without an error, here a savepoint and there the whole", async () => {
      await transaction(async () => {
        await add("kept");
        await transaction(async () => {
          await add("undone");
          setRollback();
        });
      });
      assert.deepEqual(await owners(), ["kept"]);
      const counted = await transaction(async () => {
        await add("undone");
        setRollback();
        return Account.objects.count();
      });
      assert.equal(counted, 2);
      await transaction(async () => {
        await add("kept too");
        setRollback();
        setRollback(false);
      });
      assert.deepEqual(await owners(), ["kept", "kept too"]);
    });

    test("a savepoint of one's own goes back to its place, and forgets what was to run on commit", async () => {
      const ran: string[] = [];
      await transaction(async () => {
        await add("a");
        await onCommit(() => void ran.push("a"));
        const place = await savepoint();
        await add("b");
        await onCommit(() => void ran.push("b"));
        await assert.rejects(add("a"), { code: "ORM_INTEGRITY" });
        await place.rollback();
        await add("c");
        await place.rollback();
        const second = await savepoint();
        await add("d");
        await second.release();
        await transaction(() => assert.rejects(place.rollback(), { code: "ORM_BAD_TRANSACTION" }));
      });
      assert.deepEqual(await owners(), ["a", "d"]);
      assert.deepEqual(ran, ["a"]);
    });

    test("savepoint and setRollback are refused outside a transaction", async () => {
      await assert.rejects(savepoint(), {
        code: "ORM_BAD_TRANSACTION",
        message: "savepoint() is called outside of a transaction.",
        hint: "Call it inside transaction(async () => { … }).",
      });
      assert.throws(() => setRollback(), { code: "ORM_BAD_TRANSACTION", message: /^setRollback\(\)/ });
    });

    test("a durable transaction, an isolation level and readOnly are for the outermost transaction", async () => {
      await transaction(() => add("a"), { durable: true });
      for (const options of [{ durable: true }, { isolation: "serializable" }, { readOnly: true }] as const)
        await transaction(() =>
          assert.rejects(async () => transaction(() => add("b"), options), {
            code: "ORM_BAD_TRANSACTION",
            message: new RegExp(`cannot be given ${Object.keys(options)[0]}`),
            hint: /outermost/,
          }),
        );
      assert.deepEqual(await owners(), ["a"]);
    });

    test("a read-only transaction reads one state, and refuses to write", async () => {
      await add("a");
      await assert.rejects(
        transaction(() => add("b"), { readOnly: true }),
        (error: Error & { code?: string; hint?: string }) =>
          error instanceof OperationalError && error.code === "ORM_READ_ONLY" && /readOnly: true/.test(error.hint!),
      );
      await add("c");
      if (url === "sqlite::memory:") return;
      await transaction(
        async () => {
          assert.equal(await Account.objects.count(), 2);
          await new Promise((resolve) => setImmediate(resolve));
        },
        { readOnly: true, isolation: "repeatable read" },
      );
    });

    test("onCommit runs after the commit, in order, and not when it is rolled back", async () => {
      const ran: unknown[] = [];
      await transaction(async () => {
        await add("a");
        await onCommit(async () => void ran.push(["first", inTransaction(), await Account.objects.count()]));
        await transaction(() => onCommit(() => void ran.push("second")));
        await transaction(async () => {
          await onCommit(() => void ran.push("never"));
          throw new Error("no");
        }).catch(() => undefined);
        assert.deepEqual(ran, []);
      });
      assert.deepEqual(ran, [["first", false, 1], "second"]);
      await onCommit(() => void ran.push("at once"));
      assert.equal(ran.at(-1), "at once");
    });

    test("a robust callback fails alone; another one stops those after it and is told to the caller", async (t) => {
      const told = t.mock.method(console, "error", () => undefined);
      const ran: string[] = [];
      const fail = () => Promise.reject(new Error("no mail"));
      await transaction(async () => {
        await add("a");
        await onCommit(fail, { robust: true });
        await onCommit(() => void ran.push("after"));
      });
      assert.deepEqual(ran, ["after"]);
      assert.equal(told.mock.callCount(), 1);
      const failing = transaction(async () => {
        await add("b");
        await onCommit(fail);
        await onCommit(() => void ran.push("never"));
      });
      await assert.rejects(failing, /no mail/);
      assert.deepEqual(ran, ["after"]);
      assert.deepEqual(await owners(), ["a", "b"]);
    });

    test("a missing await rolls the transaction back and says so", async () => {
      const floating: Promise<unknown>[] = [];
      const forgetful = transaction(async () => {
        await add("a");
        floating.push((async () => {
          for (const owner of ["b", "c", "d"]) await add(owner);
        })()); // oxfmt-ignore
      });
      await assert.rejects(forgetful, {
        code: "ORM_TRANSACTION_NOT_AWAITED",
        message: /ended before a query in it/,
        hint: /An await is missing/,
      });
      await Promise.all(floating);
      assert.deepEqual(await owners(), []);
      const inner = transaction(async () => {
        floating.push(transaction(async () => void (await sleep(5), await add("e"))));
      });
      await assert.rejects(inner, { code: "ORM_TRANSACTION_NOT_AWAITED" });
      await Promise.all(floating);
      assert.deepEqual(await owners(), []);
    });

    test("a query that comes after the end of its transaction is refused", async () => {
      let late: Promise<unknown> | undefined;
      await transaction(async () => {
        await add("a");
        late = sleep(10).then(() => add("late"));
      });
      await assert.rejects(late!, { code: "ORM_TRANSACTION_FINISHED", hint: /Await every query/ });
      assert.deepEqual(await owners(), ["a"]);
    });

    test("parallel requests each see their own transaction and nothing of the others'", async () => {
      const request = async (n: number) => {
        const before = inTransaction();
        const seen = await transaction(async () => {
          await add(`r${n}`, n);
          await sleep(n % 3);
          const mine = await Account.objects.filter({ owner: { startsWith: "r" } }).valuesList("balance", { flat: true });
          if (n % 2 === 1) throw new Error("odd");
          return mine as unknown as number[];
        }).catch(() => undefined);
        return { n, before, after: inTransaction(), seen };
      };
      const done = await Promise.all(Array.from({ length: 20 }, (_, n) => request(n)));
      for (const { n, before, after: later, seen } of done) {
        assert.deepEqual([before, later], [false, false]);
        // Committed ones, which are even, and its own.
        if (seen) assert.ok(seen.includes(n) && seen.every((value) => value % 2 === 0));
      }
      assert.equal(await Account.objects.count(), 10);
    });

    test("a conflict runs the transaction again, and only the last attempt's callbacks", async () => {
      await add("a", 1);
      const ran: number[] = [];
      let attempts = 0;
      const conflict = () => new SerializationError({ code: "ORM_SERIALIZATION_FAILURE", message: "made here" } as never);
      await transaction(
        async () => {
          attempts++;
          await Account.objects.filter({ owner: "a" }).update((row) => ({ balance: row.balance.add(1) }));
          await onCommit(() => void ran.push(attempts));
          if (attempts < 3) throw new Error("wrapped", { cause: conflict() });
        },
        { retry: 3 },
      );
      assert.deepEqual([attempts, ran, (await Account.objects.get({ owner: "a" })).balance], [3, [3], 2]);
      attempts = 0;
      await assert.rejects(
        transaction(async () => (attempts++, Promise.reject(conflict())), { retry: 2 }),
        SerializationError,
      );
      assert.equal(attempts, 3);
      attempts = 0;
      await assert.rejects(
        transaction(async () => (attempts++, Promise.reject(new Error("other"))), { retry: 2 }),
        /other/,
      );
      assert.equal(attempts, 1);
    });

    test("what a callback throws after the commit runs nothing again", async () => {
      let attempts = 0;
      const conflict = new SerializationError({ code: "ORM_SERIALIZATION_FAILURE", message: "late" } as never);
      const run = async () => {
        attempts++;
        await add("once");
        await onCommit(() => Promise.reject(conflict));
      };
      await assert.rejects(transaction(run, { retry: 5 }), { message: "late" });
      assert.equal(attempts, 1);
      assert.deepEqual(await owners(), ["once"]);
    });
  });

const postgres = targets[1]!;
describe("transactions that meet on PostgreSQL", { skip: postgres.skip }, () => {
  let db: Database;
  before(async () => {
    db = await openModels(postgres.url!, { Account });
  });
  beforeEach(() => Account.objects.all().delete());
  after(() => db?.close());

  const balance = async (owner: string) => (await Account.objects.get({ owner })).balance;

  test("serializable transactions that contradict each other are told apart, and agree when run again", async () => {
    await Account.objects.bulkCreate([
      { owner: "a", balance: 10 },
      { owner: "b", balance: 10 },
    ]);
    // Either may go below zero while the sum does not: both read, then each writes.
    const withdraw = (owner: string, retry: number) => {
      let attempt = 0;
      return transaction(
        async () => {
          const sum = (await balance("a")) + (await balance("b"));
          if (attempt++ === 0) await sleep(30);
          if (sum >= 15) await Account.objects.filter({ owner }).update((row) => ({ balance: row.balance.sub(15) }));
        },
        { isolation: "serializable", retry },
      );
    };
    const results = await Promise.allSettled([withdraw("a", 0), withdraw("b", 0)]);
    const failed = results.find((result) => result.status === "rejected");
    assert.ok(failed?.reason instanceof SerializationError);
    assert.equal((failed.reason as SerializationError).code, "ORM_SERIALIZATION_FAILURE");
    assert.match((failed.reason as SerializationError).hint!, /retry: 3/);
    await Account.objects.update({ balance: 10 });
    await Promise.all([withdraw("a", 5), withdraw("b", 5)]);
    assert.equal((await balance("a")) + (await balance("b")), 5);
  });

  test("a deadlock ends one of the two, which may run again", async () => {
    await Account.objects.bulkCreate([{ owner: "a" }, { owner: "b" }]);
    let first = true;
    const both = (one: string, two: string, retry: number) =>
      transaction(
        async () => {
          await Account.objects.filter({ owner: one }).update((row) => ({ balance: row.balance.add(1) }));
          if (first) await sleep(50);
          await Account.objects.filter({ owner: two }).update((row) => ({ balance: row.balance.add(1) }));
        },
        { retry },
      );
    const results = await Promise.allSettled([both("a", "b", 0), both("b", "a", 0)]);
    const failed = results.find((result) => result.status === "rejected");
    assert.equal((failed!.reason as { code: string }).code, "ORM_DEADLOCK");
    assert.match((failed!.reason as { hint: string }).hint, /same order/);
    first = false;
    await Promise.all([both("a", "b", 5), both("b", "a", 5)]);
    assert.deepEqual([await balance("a"), await balance("b")], [3, 3]);
  });

  test("a caught error inside a transaction cannot be committed past", async () => {
    await Account.objects.create({ owner: "a" });
    const past = transaction(async () => {
      await Account.objects.create({ owner: "b" });
      await Account.objects.create({ owner: "a" }).catch(() => undefined);
    });
    await assert.rejects(past, { code: "ORM_TRANSACTION_DOOMED" });
    assert.equal(await Account.objects.count(), 1);
  });

  test("an isolation level that does not exist is refused", async () => {
    await assert.rejects(
      transaction(async () => 1, { isolation: "serializable; DROP TABLE x" as never }),
      { code: "ORM_BAD_TRANSACTION", hint: /read committed, repeatable read, serializable/ },
    );
  });

  test("values that do not fit and statements that take too long have errors of their own", async () => {
    await assert.rejects(db.query("SELECT 1/0"), { code: "ORM_BAD_DATA", name: "DataError", hint: /Validate/ });
    const slow = transaction(async () => {
      await db.execute("SET LOCAL statement_timeout = 20");
      await db.query("SELECT pg_sleep(1)");
    });
    await assert.rejects(slow, { code: "ORM_STATEMENT_TIMEOUT", hint: /statementTimeout/ });
    const row = await Account.objects.create({ owner: "locked" });
    const { promise: held, resolve: isHeld } = Promise.withResolvers<void>();
    const holder = transaction(async () => {
      await Account.objects.filter({ pk: row.pk }).update({ balance: 1 });
      isHeld();
      await sleep(50);
    });
    await held;
    await assert.rejects(db.query(`SELECT * FROM cafe_account WHERE id = ${row.pk} FOR UPDATE NOWAIT`), {
      code: "ORM_LOCK_TIMEOUT",
      hint: /lockTimeout/,
    });
    await holder;
  });
});
