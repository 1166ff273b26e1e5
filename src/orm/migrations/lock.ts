import type { Database } from "../database/database.ts";

/** A number of our own among PostgreSQL's advisory locks. */
const lockNumber = 7_226_783_610;

/**
 * Lets one process migrate a database at a time. On PostgreSQL a transaction of its own holds an advisory
 * lock from the reading of the record to the last migration; it ends with the process, whatever happens.
 * On SQLite the write lock of each migration's transaction does the same, one migration at a time.
 */
export async function withMigrationLock<T>(db: Database, work: () => Promise<T>): Promise<T> {
  if (db.dialect !== "postgres") return work();
  const held = Promise.withResolvers<void>();
  const finished = Promise.withResolvers<void>();
  const holder = db.transaction(async () => {
    await db.query(`SELECT pg_advisory_xact_lock(${lockNumber})`);
    held.resolve();
    await finished.promise;
  });
  await Promise.race([held.promise, holder]);
  try {
    return await work();
  } finally {
    finished.resolve();
    await holder;
  }
}
