import { Signal } from "#kernel";

/** A connection to a database, just opened. */
export interface CreatedConnection {
  /** Where it leads, without a password. */
  readonly url: string;
  /** Runs SQL on this very connection, before anything else does. */
  execute(sql: string): Promise<void>;
}

/**
 * Sent for every connection that is opened, before it is used; the sender is the kind of database.
 *
 * ```ts
 * connectionCreated.connect(({ execute }) => execute("SET work_mem = '64MB'"), { sender: "postgres" });
 * ```
 */
export const connectionCreated = new Signal<CreatedConnection, "sqlite" | "postgres">();
