import type { DatabaseSync, StatementSync } from "node:sqlite";

/** Preparing costs several times what a small statement costs to run, so statements are kept. */
const limit = 500;

/** The prepared statements of one connection; the least recently used goes first. */
export class StatementCache {
  readonly #connection: DatabaseSync;
  readonly #objects = new Map<string, StatementSync>();
  readonly #arrays = new Map<string, StatementSync>();
  #last: StatementSync | undefined;
  #lastSql = "";

  constructor(connection: DatabaseSync) {
    this.#connection = connection;
  }

  /** A statement whose rows are objects. */
  objects(sql: string): StatementSync {
    return this.#objects.get(sql) ?? this.#keep(this.#objects, sql, this.#connection.prepare(sql));
  }

  /** A statement whose rows are arrays. */
  arrays(sql: string): StatementSync {
    if (sql === this.#lastSql) return this.#last!;
    let statement = this.#arrays.get(sql);
    if (statement === undefined) {
      statement = this.#connection.prepare(sql);
      statement.setReturnArrays(true);
      this.#keep(this.#arrays, sql, statement);
    }
    this.#lastSql = sql;
    return (this.#last = statement);
  }

  clear(): void {
    this.#objects.clear();
    this.#arrays.clear();
    this.#last = undefined;
    this.#lastSql = "";
  }

  #keep(cache: Map<string, StatementSync>, sql: string, statement: StatementSync): StatementSync {
    if (cache.size >= limit) cache.delete(cache.keys().next().value!);
    cache.set(sql, statement);
    return statement;
  }
}
