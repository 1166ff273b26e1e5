import type { Database } from "../../database/database.ts";

/**
 * Keeps SQLite's foreign keys out of the way of table copies, and checks them all before a migration is
 * committed. The switch works outside transactions only; PostgreSQL needs none of this.
 */
export class ForeignKeyGuard {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async around(work: () => Promise<void>): Promise<void> {
    if (this.#db.dialect !== "sqlite") return work();
    await this.#db.script("PRAGMA foreign_keys = OFF");
    try {
      await work();
    } finally {
      await this.#db.script("PRAGMA foreign_keys = ON");
    }
  }

  /** Runs work in its transaction and refuses rows that it left without the row they refer to. */
  async checked<T>(work: () => Promise<T>, failure: (cause: unknown) => Error): Promise<T> {
    if (this.#db.dialect !== "sqlite") return work();
    const before = await this.#violations();
    const result = await work();
    const fresh = (await this.#violations()).filter((violation) => !before.includes(violation));
    if (fresh.length === 0) return result;
    throw failure(
      new Error(`${fresh.length} row${fresh.length === 1 ? "" : "s"} would refer to nothing: ${fresh.slice(0, 5).join(", ")}.`),
    );
  }

  async #violations(): Promise<string[]> {
    const rows = await this.#db.query("PRAGMA foreign_key_check");
    return rows.map((row) => `${String(row["table"])} row ${String(row["rowid"])} → ${String(row["parent"])}`);
  }
}
