import { rmSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as wait } from "node:timers/promises";
import type { Database } from "../../database/database.ts";

/** A number of our own among PostgreSQL's advisory locks. */
const lockNumber = 7_226_783_610;

/**
 * Lets one process migrate a database at a time, from the reading of the record to the last migration. On
 * PostgreSQL a connection of its own holds an advisory lock; on SQLite a transaction on a file beside the
 * database does, for the database itself must be written to. Both end with the process, whatever happens.
 * `openly` holds PostgreSQL's lock outside a transaction: a concurrent index waits for all that are open.
 */
export async function withMigrationLock<T>(db: Database, openly: boolean, work: () => Promise<T>): Promise<T> {
  if (db.dialect === "postgres") return withAdvisoryLock(db, openly, work);
  const [main] = await db.query("SELECT file FROM pragma_database_list WHERE name = 'main'");
  const file = String(main?.["file"] ?? "");
  return file === "" ? work() : withLockFile(`${file}-migrating`, work);
}

async function withAdvisoryLock<T>(db: Database, openly: boolean, work: () => Promise<T>): Promise<T> {
  const held = Promise.withResolvers<void>();
  const finished = Promise.withResolvers<void>();
  const holder = db.transaction(async () => {
    // The transaction keeps the connection; ended by hand, it keeps nobody waiting.
    if (openly) await db.script("COMMIT");
    await db.query(`SELECT pg_advisory_${openly ? "" : "xact_"}lock(${lockNumber})`);
    held.resolve();
    await finished.promise;
    if (openly) await db.script(`SELECT pg_advisory_unlock(${lockNumber}); BEGIN`);
  });
  await Promise.race([held.promise, holder]);
  try {
    return await work();
  } finally {
    finished.resolve();
    await holder;
  }
}

async function withLockFile<T>(file: string, work: () => Promise<T>): Promise<T> {
  const lock = await acquire(file);
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
    lock.close();
  }
}

/** Waits for the file's lock. Whoever held it removed the file: a lock on a file that is not there any more counts for nothing. */
async function acquire(file: string): Promise<DatabaseSync> {
  for (;;) {
    const lock = tryLock(file);
    if (lock) return lock;
    await wait(50);
  }
}

function tryLock(file: string): DatabaseSync | undefined {
  const lock = new DatabaseSync(file, { timeout: 0 });
  const opened = fileNumber(file);
  try {
    lock.exec("PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE");
    if (opened !== undefined && fileNumber(file) === opened) return lock;
  } catch (error) {
    if (!/locked|busy|disk I\/O|readonly/i.test((error as Error).message)) {
      lock.close();
      throw error;
    }
  }
  lock.close();
  return undefined;
}

function fileNumber(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.ino;
}
