import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { openDatabase } from "cortado/orm";
import { temporaryFolder } from "../temporary-folder.ts";

const folder = temporaryFolder();

/** A file that somebody else holds whole, as one does who brings it in order after a process that was killed. */
function heldFile(name: string): { file: string; holder: DatabaseSync } {
  const file = join(folder, name);
  const holder = new DatabaseSync(file);
  holder.exec("CREATE TABLE t (id INTEGER); BEGIN EXCLUSIVE");
  return { file, holder };
}

test("a file that another process holds for a moment is waited for when it is opened", async () => {
  const { file, holder } = heldFile("held.sqlite3");
  setTimeout(() => holder.close(), 150);
  const db = await openDatabase(`sqlite:${file}`);
  assert.equal((await db.query("SELECT count(*) AS n FROM t"))[0]!["n"], 0);
  await db.close();
});

test("it is waited for no longer than its timeout says", async () => {
  const { file, holder } = heldFile("kept.sqlite3");
  await assert.rejects(openDatabase(`sqlite:${file}?timeout=60`), /Cannot open the database .*: database is locked/);
  holder.close();
});
