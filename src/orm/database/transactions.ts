import { AsyncLocalStorage } from "node:async_hooks";
import { ormErrors } from "../errors.ts";
import { FifoLock } from "./fifo-lock.ts";

/**
 * How it works
 *
 * A scope is one transaction or one savepoint in it. The scope of the running code is found through
 * AsyncLocalStorage, so queries need no transaction argument. A scope's lock is held by the savepoint
 * that is open in it: queries of the outer scope wait, so that a savepoint that is rolled back takes
 * nothing with it that is not its own.
 */
export class TransactionScope<Connection> {
  readonly connection: Connection;
  readonly parent: TransactionScope<Connection> | undefined;
  readonly depth: number;
  readonly lock = new FifoLock();
  callbacks: (() => void | Promise<void>)[] = [];
  finished = false;

  constructor(connection: Connection, parent?: TransactionScope<Connection>) {
    this.connection = connection;
    this.parent = parent;
    this.depth = parent ? parent.depth + 1 : 0;
  }
}

/** What a backend does at the borders of a transaction. */
export interface TransactionBorders<Connection> {
  /** Opens the outer transaction and gives the connection it runs on. */
  begin(): Promise<Connection>;
  commit(connection: Connection): Promise<void>;
  rollback(connection: Connection): Promise<void>;
  /** Gives the connection back, whatever happened. */
  release(connection: Connection): void;
  savepoint(connection: Connection, sql: string): Promise<void>;
}

/** The transactions of one database. */
export class Transactions<Connection> {
  readonly #current = new AsyncLocalStorage<TransactionScope<Connection>>();
  readonly #borders: TransactionBorders<Connection>;

  constructor(borders: TransactionBorders<Connection>) {
    this.#borders = borders;
  }

  /** The scope of the running code. @throws ORM_TRANSACTION_FINISHED */
  get scope(): TransactionScope<Connection> | undefined {
    const scope = this.#current.getStore();
    if (scope?.finished) throw ormErrors.ORM_TRANSACTION_FINISHED();
    return scope;
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    const outer = this.scope;
    return outer ? outer.lock.run(() => this.#runSavepoint(outer, work)) : this.#runOuter(work);
  }

  async onCommit(callback: () => void | Promise<void>): Promise<void> {
    const scope = this.scope;
    if (scope) scope.callbacks.push(callback);
    else await callback();
  }

  async #runOuter<T>(work: () => Promise<T>): Promise<T> {
    const connection = await this.#borders.begin();
    const scope = new TransactionScope(connection);
    let result: T;
    try {
      try {
        result = await this.#current.run(scope, work);
        await this.#finish(scope);
        await this.#borders.commit(connection);
      } catch (error) {
        await this.#finish(scope);
        await this.#borders.rollback(connection);
        throw error;
      }
    } finally {
      this.#borders.release(connection);
    }
    for (const callback of scope.callbacks) await this.#current.exit(callback);
    return result;
  }

  async #runSavepoint<T>(outer: TransactionScope<Connection>, work: () => Promise<T>): Promise<T> {
    const scope = new TransactionScope(outer.connection, outer);
    const name = `"cortado_${scope.depth}"`;
    await this.#borders.savepoint(outer.connection, `SAVEPOINT ${name}`);
    try {
      const result = await this.#current.run(scope, work);
      await this.#finish(scope);
      await this.#borders.savepoint(outer.connection, `RELEASE SAVEPOINT ${name}`);
      outer.callbacks.push(...scope.callbacks);
      return result;
    } catch (error) {
      await this.#finish(scope);
      await this.#borders.savepoint(outer.connection, `ROLLBACK TO SAVEPOINT ${name}`);
      await this.#borders.savepoint(outer.connection, `RELEASE SAVEPOINT ${name}`);
      throw error;
    }
  }

  /** Closes a scope to new queries, after the savepoints that are still open in it. */
  async #finish(scope: TransactionScope<Connection>): Promise<void> {
    if (scope.finished) return;
    await scope.lock.acquire();
    scope.finished = true;
    scope.lock.release();
  }
}
