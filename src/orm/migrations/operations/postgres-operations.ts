import { quoteName, quoteText } from "../../names.ts";
import type { Operation, OperationContext } from "./operation.ts";

/** What an operation on the server says: on SQLite, which has no such thing, it does nothing. */
interface ServerOperation extends Pick<Operation, "kind" | "options"> {
  readonly description: string;
  readonly fragment: string;
  readonly symbol?: Operation["symbol"];
  readonly forward: string;
  readonly backward: string;
}

function serverOperation({ kind, options, description, fragment, symbol = "+", forward, backward }: ServerOperation): Operation {
  const run = async (sql: string, { editor }: OperationContext): Promise<void> => {
    if (editor.dialect === "postgres") await editor.execute(sql);
  };
  return {
    kind,
    options,
    symbol,
    describe: () => description,
    fragment,
    reversible: true,
    applyToState: () => {},
    forward: (context) => run(forward, context),
    backward: (context) => run(backward, context),
  };
}

/**
 * Installs an extension of PostgreSQL, which its server must have on disk; it needs the right to do so.
 * SQLite does nothing. `createExtension({ name: "pg_trgm" })`
 */
export function createExtension({ name }: { name: string }): Operation {
  return serverOperation({
    kind: "createExtension",
    options: { name },
    description: `Create extension ${name}`,
    fragment: `${name}_extension`,
    forward: `CREATE EXTENSION IF NOT EXISTS ${quoteName(name)}`,
    backward: `DROP EXTENSION IF EXISTS ${quoteName(name)}`,
  });
}

function named(kind: string, name: string): () => Operation {
  return () => ({ ...createExtension({ name }), kind, options: {} });
}

/** Index method `bloom`. `bloomExtension()` */
export const bloomExtension: () => Operation = named("bloomExtension", "bloom");
/** Plain types in `gin` indexes. `btreeGinExtension()` */
export const btreeGinExtension: () => Operation = named("btreeGinExtension", "btree_gin");
/** Plain types in `gist` indexes and exclusion constraints. `btreeGistExtension()` */
export const btreeGistExtension: () => Operation = named("btreeGistExtension", "btree_gist");
/** Texts that compare without regard to case. `citextExtension()` */
export const citextExtension: () => Operation = named("citextExtension", "citext");
/** Functions of cryptography. `cryptoExtension()` */
export const cryptoExtension: () => Operation = named("cryptoExtension", "pgcrypto");
/** Columns of keys and values. `hstoreExtension()` */
export const hstoreExtension: () => Operation = named("hstoreExtension", "hstore");
/** Search for texts that are alike. `trigramExtension()` */
export const trigramExtension: () => Operation = named("trigramExtension", "pg_trgm");
/** Search without regard to accents. `unaccentExtension()` */
export const unaccentExtension: () => Operation = named("unaccentExtension", "unaccent");

/** What `createCollation()` and `removeCollation()` take. */
export interface CollationOptions {
  name: string;
  /** `"und-u-ks-level2"` with `icu`, `"de_DE.utf8"` with `libc`. */
  locale: string;
  provider?: "icu" | "libc" | undefined;
  /** False lets texts be equal that are written differently (`icu`). */
  deterministic?: boolean | undefined;
}

/**
 * Makes an order of texts that fields may name as `dbCollation`. SQLite does nothing.
 *
 * ```ts
 * createCollation({ name: "any_case", provider: "icu", locale: "und-u-ks-level2", deterministic: false })
 * ```
 */
export function createCollation(options: CollationOptions): Operation {
  const { name } = options;
  return serverOperation({
    kind: "createCollation",
    options: { ...options },
    description: `Create collation ${name}`,
    fragment: `create_collation_${name}`.toLowerCase(),
    forward: createCollationSql(options),
    backward: `DROP COLLATION ${quoteName(name)}`,
  });
}

/** Removes a collation, said as it was made. `removeCollation({ name: "german", locale: "de_DE.utf8" })` */
export function removeCollation(options: CollationOptions): Operation {
  const { name } = options;
  return serverOperation({
    kind: "removeCollation",
    options: { ...options },
    symbol: "-",
    description: `Remove collation ${name}`,
    fragment: `remove_collation_${name}`.toLowerCase(),
    forward: `DROP COLLATION ${quoteName(name)}`,
    backward: createCollationSql(options),
  });
}

function createCollationSql({ name, locale, provider = "libc", deterministic = true }: CollationOptions): string {
  const parts = [`provider = ${provider}`, `locale = ${quoteText(locale)}`, ...(deterministic ? [] : ["deterministic = false"])];
  return `CREATE COLLATION ${quoteName(name)} (${parts.join(", ")})`;
}
