import { DatabaseSync } from "node:sqlite";
import { connectionCreated } from "../../database/connection-created.ts";
import { registerFunctions } from "./sql-functions.ts";
import { StatementCache } from "./statement-cache.ts";

/** What a connection is for: one writes, one reads what is committed, the others hold one state of the file for a while. */
export type ConnectionUse = "writer" | "reader";

/** An open file with its prepared statements. */
export class SqliteConnection {
  readonly handle: DatabaseSync;
  readonly statements: StatementCache;

  constructor(file: string, use: ConnectionUse, synchronous: "normal" | "full" = "normal") {
    this.handle = new DatabaseSync(file, { enableForeignKeyConstraints: true, timeout: 0 });
    try {
      this.#prepare(file, use, synchronous);
    } catch (error) {
      this.handle.close();
      throw error;
    }
    this.statements = new StatementCache(this.handle);
  }

  #prepare(file: string, use: ConnectionUse, synchronous: "normal" | "full"): void {
    if (file !== ":memory:")
      this.handle.exec(
        use === "reader"
          ? "PRAGMA query_only = ON"
          : `PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous === "full" ? "FULL" : "NORMAL"}`,
      );
    this.handle.exec("PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY");
    registerFunctions(this.handle);
    connectionCreated.sendNow("sqlite", { url: `sqlite:${file}`, execute: async (sql) => this.handle.exec(sql) });
  }

  close(): void {
    this.statements.clear();
    this.handle.close();
  }
}

/** How many connections wait for the next reader. */
const idleLimit = 4;

/**
 * Connections that each hold one state of a file: for what reads for longer than a statement. A statement that
 * is still being read keeps its whole connection in the past, so the connection that everybody reads by is not used for it.
 */
export class SnapshotConnections {
  readonly #file: string;
  readonly #idle: SqliteConnection[] = [];
  readonly #lent = new Set<SqliteConnection>();

  constructor(file: string) {
    this.#file = file;
  }

  take(): SqliteConnection {
    const connection = this.#idle.pop() ?? new SqliteConnection(this.#file, "reader");
    this.#lent.add(connection);
    return connection;
  }

  /** Takes a connection back; false when it is not one of these. */
  giveBack(connection: SqliteConnection): boolean {
    if (!this.#lent.delete(connection)) return false;
    if (connection.handle.isOpen && this.#idle.length < idleLimit) this.#idle.push(connection);
    else if (connection.handle.isOpen) connection.close();
    return true;
  }

  close(): void {
    for (const connection of [...this.#idle.splice(0), ...this.#lent]) connection.close();
  }
}
