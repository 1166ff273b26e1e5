/** How far a transaction is shielded from others. SQLite's are always serializable. */
export type Isolation = "read committed" | "repeatable read" | "serializable";

/** How a transaction runs. */
export interface TransactionOptions {
  /** How far it is shielded from others; the server's own setting by default. */
  isolation?: Isolation | undefined;
  /** Refuses to be a savepoint of another transaction: what it wrote is on disk when it ends. */
  durable?: boolean | undefined;
  /** Refuses writes. On SQLite it reads one state of the file without holding up those who write. */
  readOnly?: boolean | undefined;
  /** How often `run` is called again when the database could not serialise it or ended it in a deadlock. */
  retry?: number | undefined;
  /** False: inside another transaction it is no savepoint, and what it throws dooms the whole of it. */
  savepoint?: boolean | undefined;
}

/** How a callback of `onCommit` runs. */
export interface CommitOptions {
  /** What it throws is logged, and the callbacks after it run; otherwise it reaches who awaits the transaction. */
  robust?: boolean | undefined;
}

/** A place in a transaction that one can go back to. */
export interface Savepoint {
  /** Undoes what was done since. The savepoint stays. */
  rollback(): Promise<void>;
  /** Forgets the savepoint; what was done since stays. */
  release(): Promise<void>;
}
