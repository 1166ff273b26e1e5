import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { isConflict } from "./database-errors.ts";
import { databaseErrors } from "./errors.ts";
import { FifoLock } from "./fifo-lock.ts";
import type { CommitOptions, Savepoint, TransactionOptions } from "./transaction-options.ts";

interface CommitCallback {
  readonly run: () => void | Promise<void>;
  readonly robust: boolean;
}

/**
 * How it works
 *
 * A scope is one transaction or one savepoint in it. The scope of the running code is found through
 * AsyncLocalStorage, so queries need no transaction argument. A scope's lock is held by the savepoint
 * that is open in it: queries of the outer scope wait, so that a savepoint that is rolled back takes
 * nothing with it that is not its own.
 *
 * When the function of a scope has ended, what still runs in the scope was not awaited. It is let end,
 * and then the scope is rolled back: half of the work may have been done, and nobody would know which.
 */
export class TransactionScope<Connection> {
  readonly connection: Connection;
  readonly depth: number;
  readonly lock = new FifoLock();
  callbacks: CommitCallback[] = [];
  state: "running" | "ending" | "finished" = "running";
  /** A query began after the function had ended. */
  late = false;
  rollback = false;
  /** The error after which the transaction cannot be kept. */
  failure: unknown = undefined;

  constructor(connection: Connection, depth: number) {
    this.connection = connection;
    this.depth = depth;
  }
}

/** What a backend does at the borders of a transaction. */
export interface TransactionBorders<Connection> {
  /** Opens the outer transaction and gives the connection it runs on. */
  begin(options: TransactionOptions): Promise<Connection>;
  commit(scope: TransactionScope<Connection>): Promise<void>;
  rollback(connection: Connection): Promise<void>;
  /** Gives the connection back, whatever happened. */
  release(connection: Connection): void;
  savepoint(connection: Connection, sql: string): Promise<void>;
}

/** The transactions of one database. */
export class Transactions<Connection> {
  readonly #current = new AsyncLocalStorage<TransactionScope<Connection>>();
  readonly #borders: TransactionBorders<Connection>;
  #points = 0;

  constructor(borders: TransactionBorders<Connection>) {
    this.#borders = borders;
  }

  /** The scope of the running code. @throws ORM_TRANSACTION_FINISHED, ORM_TRANSACTION_DOOMED */
  get scope(): TransactionScope<Connection> | undefined {
    const scope = this.#current.getStore();
    if (scope !== undefined && (scope.state !== "running" || scope.failure !== undefined)) requireUsable(scope);
    return scope;
  }

  /** Whether the running code is in a scope that takes queries. */
  get isOpen(): boolean {
    const scope = this.#current.getStore();
    return scope !== undefined && scope.state !== "finished";
  }

  run<T>(work: () => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    const outer = this.scope;
    if (outer === undefined) return this.#runOuter(work, options);
    requireNestable(options);
    if (options.savepoint === false) return runJoined(outer, work);
    return outer.lock.run(() => this.#runSavepoint(outer, work));
  }

  async onCommit(run: () => void | Promise<void>, { robust = false }: CommitOptions = {}): Promise<void> {
    const callback = { run, robust };
    const scope = this.scope;
    if (scope) scope.callbacks.push(callback);
    else await runCallback(callback);
  }

  setRollback(rollback: boolean): void {
    this.#required("setRollback()").rollback = rollback;
  }

  async savepoint(): Promise<Savepoint> {
    const scope = this.#required("savepoint()");
    const name = `"cortado_point_${++this.#points}"`;
    const kept = scope.callbacks.length;
    const send = (sql: string) => scope.lock.run(() => this.#borders.savepoint(scope.connection, sql));
    const requireOwn = () => {
      if (this.#current.getStore() !== scope || scope.state === "finished")
        throw databaseErrors.ORM_BAD_TRANSACTION({
          reason: "A savepoint is used outside of the transaction that it was made in.",
          hint: "Roll it back or release it in the same function that called savepoint().",
        });
    };
    await send(`SAVEPOINT ${name}`);
    return {
      rollback: async () => {
        requireOwn();
        await send(`ROLLBACK TO SAVEPOINT ${name}`);
        scope.callbacks.length = kept;
        scope.failure = undefined;
      },
      release: async () => {
        requireOwn();
        await send(`RELEASE SAVEPOINT ${name}`);
      },
    };
  }

  /** Callbacks run after the attempts, so that what they throw runs nothing again. */
  async #runOuter<T>(work: () => Promise<T>, options: TransactionOptions): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      let done: { result: T; callbacks: readonly CommitCallback[] };
      try {
        done = await this.#attempt(work, options);
      } catch (error) {
        if (attempt >= (options.retry ?? 0) || !isConflict(error)) throw error;
        await sleep(Math.random() * Math.min(10 * 2 ** attempt, 1000));
        continue;
      }
      for (const callback of done.callbacks) await this.#current.exit(() => runCallback(callback));
      return done.result;
    }
  }

  async #attempt<T>(work: () => Promise<T>, options: TransactionOptions) {
    const connection = await this.#borders.begin(options);
    const scope = new TransactionScope(connection, 0);
    try {
      const result = await this.#current.run(scope, work);
      await finish(scope);
      requireKept(scope);
      if (scope.rollback) await this.#borders.rollback(connection);
      else await this.#borders.commit(scope);
      return { result, callbacks: scope.rollback ? [] : scope.callbacks };
    } catch (error) {
      await finish(scope);
      await this.#borders.rollback(connection);
      throw error;
    } finally {
      this.#borders.release(connection);
    }
  }

  async #runSavepoint<T>(outer: TransactionScope<Connection>, work: () => Promise<T>): Promise<T> {
    const scope = new TransactionScope(outer.connection, outer.depth + 1);
    const name = `"cortado_${scope.depth}"`;
    const send = (sql: string) => this.#borders.savepoint(outer.connection, sql);
    await send(`SAVEPOINT ${name}`);
    try {
      const result = await this.#current.run(scope, work);
      await finish(scope);
      requireKept(scope);
      if (scope.rollback) await send(`ROLLBACK TO SAVEPOINT ${name}`);
      await send(`RELEASE SAVEPOINT ${name}`);
      if (!scope.rollback) outer.callbacks.push(...scope.callbacks);
      return result;
    } catch (error) {
      await finish(scope);
      await send(`ROLLBACK TO SAVEPOINT ${name}`);
      await send(`RELEASE SAVEPOINT ${name}`);
      throw error;
    }
  }

  #required(use: string): TransactionScope<Connection> {
    const { scope } = this;
    if (scope === undefined)
      throw databaseErrors.ORM_BAD_TRANSACTION({ reason: `${use} is called outside of a transaction.`, hint: "Call it inside transaction(async () => { … })." }); // oxfmt-ignore
    return scope;
  }
}

/** Inside another transaction, without a savepoint: an error dooms the whole. */
async function runJoined<T>(outer: TransactionScope<unknown>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    outer.failure ??= error;
    throw error;
  }
}

/** Closes a scope to new queries, after those that were not awaited. */
async function finish(scope: TransactionScope<unknown>): Promise<void> {
  if (scope.state === "finished") return;
  scope.state = "ending";
  scope.late ||= scope.lock.isHeld;
  await runnable();
  // What begins anew each time it is waited for is not waited for for ever.
  for (let turn = 0; scope.lock.isHeld && turn < 1000; turn++) {
    await scope.lock.acquire();
    scope.lock.release();
    await runnable();
  }
  scope.state = "finished";
}

/** Waits until every promise that is settled by now has been heard. */
function runnable(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

/** @throws ORM_TRANSACTION_NOT_AWAITED, ORM_TRANSACTION_DOOMED */
function requireKept(scope: TransactionScope<unknown>): void {
  if (scope.failure !== undefined) throw databaseErrors.ORM_TRANSACTION_DOOMED({ cause: scope.failure });
  if (scope.late) throw databaseErrors.ORM_TRANSACTION_NOT_AWAITED();
}

/** @throws ORM_TRANSACTION_FINISHED, ORM_TRANSACTION_DOOMED */
function requireUsable(scope: TransactionScope<unknown>): void {
  if (scope.state === "finished") throw databaseErrors.ORM_TRANSACTION_FINISHED();
  if (scope.state === "ending") scope.late = true;
  if (scope.failure !== undefined) throw databaseErrors.ORM_TRANSACTION_DOOMED({ cause: scope.failure });
}

/** @throws ORM_BAD_TRANSACTION */
function requireNestable(options: TransactionOptions): void {
  const given = (["durable", "isolation", "readOnly"] as const).find((name) => options[name]);
  if (given !== undefined)
    throw databaseErrors.ORM_BAD_TRANSACTION({
      reason: `A transaction inside another is a savepoint of it and cannot be given ${given}.`,
      hint: `Give ${given} to the outermost transaction, or call this function outside of one.`,
    });
}

async function runCallback({ run, robust }: CommitCallback): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!robust) throw error;
    console.error("A callback of onCommit failed; the transaction is committed.", error);
  }
}
