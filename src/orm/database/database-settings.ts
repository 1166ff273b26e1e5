import { ormErrors } from "../errors.ts";

/** Settings of one database, beside its URL; each may also be given in the URL, as `?pool=20`. */
export interface DatabaseSettings {
  /** PostgreSQL: connections at most; 10. */
  pool?: number | undefined;
  /** PostgreSQL: milliseconds to wait for a connection; 30 000. */
  connectTimeout?: number | undefined;
  /** PostgreSQL: milliseconds after which a connection that nobody uses is closed; 10 000. */
  idleTimeout?: number | undefined;
  /** PostgreSQL: milliseconds after which a connection is replaced; never. */
  maxLifetime?: number | undefined;
  /** PostgreSQL: milliseconds that a statement may take; the server's own limit. */
  statementTimeout?: number | undefined;
  /** PostgreSQL: milliseconds that a statement waits for a lock; the server's own limit. */
  lockTimeout?: number | undefined;
  /** PostgreSQL: milliseconds that a transaction may do nothing; the server's own limit. */
  idleInTransactionTimeout?: number | undefined;
  /** PostgreSQL: the name that the server shows; `cortado`. */
  applicationName?: string | undefined;
  /** PostgreSQL: encrypts the connection; an object has the certificates, as in Node's `tls`. */
  ssl?: boolean | object | undefined;
  /** SQLite: milliseconds to wait for the lock of another process; 5000. */
  timeout?: number | undefined;
  /**
   * SQLite: `full` writes each commit to the disk itself, so that it outlives a loss of power too; `normal`, the
   * default, is several times faster and outlives the death of the process.
   */
  synchronous?: "normal" | "full" | undefined;
  /** Refuses writes. */
  readOnly?: boolean | undefined;
}

type Kind = "number" | "text" | "boolean" | readonly string[];
const kinds: Record<keyof DatabaseSettings, Kind> = {
  pool: "number",
  connectTimeout: "number",
  idleTimeout: "number",
  maxLifetime: "number",
  statementTimeout: "number",
  lockTimeout: "number",
  idleInTransactionTimeout: "number",
  applicationName: "text",
  ssl: "boolean",
  timeout: "number",
  synchronous: ["normal", "full"],
  readOnly: "boolean",
};

/**
 * Takes the settings out of a URL's parameters; what is given beside the URL wins.
 * @throws ORM_BAD_DATABASE_URL
 */
export function readSettings(url: string, params: URLSearchParams, given: DatabaseSettings): DatabaseSettings {
  const read: Record<string, unknown> = {};
  for (const [name, kind] of Object.entries(kinds)) {
    const text = params.get(name);
    if (text === null) continue;
    params.delete(name);
    read[name] = valueOf(text, kind);
    const wanted = typeof kind === "string" ? `a ${kind}` : kind.join(" or ");
    if (read[name] === undefined)
      throw ormErrors.ORM_BAD_DATABASE_URL({ given: url, reason: `has ${name}=${text}, which is not ${wanted}` });
  }
  return { ...read, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
}

function valueOf(text: string, kind: Kind): unknown {
  if (kind === "text") return text;
  if (typeof kind === "object") return kind.includes(text) ? text : undefined;
  if (kind === "boolean") return { true: true, false: false }[text];
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
