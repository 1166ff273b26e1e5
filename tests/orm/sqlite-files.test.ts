import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Database, transaction } from "cortado/orm";
import { Coffee, Tag } from "./cafe-models.ts";
import { openCafe } from "./open-cafe.ts";

describe("a SQLite file", () => {
  const directory = mkdtempSync(join(tmpdir(), "cortado-orm-"));
  const file = join(directory, "cafe.sqlite3");
  let db: Database;
  before(async () => {
    db = await openCafe(`sqlite:${file}?timeout=300`);
  });
  after(async () => {
    await db.close();
    rmSync(directory, { recursive: true });
  });

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
