import { checkPart } from "./constraints.ts";
import type { SchemaCondition, SchemaKeys } from "./schema-sql.ts";

/** PostgreSQL's kinds of indexes. SQLite has the first, and makes it of the second too; it leaves out the others. */
export type IndexMethod = "btree" | "hash" | "gin" | "gist" | "spgist" | "brin" | "bloom";

/** What `index()` takes beside its fields. */
export interface IndexOptions {
  /** The name in the database; needed beside expressions and conditions, else made of the columns. */
  readonly name?: string | undefined;
  /** Only rows for which it holds are in the index. */
  readonly condition?: SchemaCondition | undefined;
  /** Fields that the index holds beside its own, for reads that need no more (PostgreSQL). */
  readonly include?: readonly string[] | undefined;
  /** The kind of index; default "btree". */
  readonly using?: IndexMethod | undefined;
  /** PostgreSQL's operator classes, one for each field: `["varchar_pattern_ops"]`. */
  readonly opclasses?: readonly string[] | undefined;
  /** PostgreSQL's storage parameters: `{ fillfactor: 70, fastupdate: false }`. */
  readonly storage?: Readonly<Record<string, string | number | boolean>> | undefined;
  /** PostgreSQL's table space. */
  readonly dbTablespace?: string | undefined;
}

/** An index over fields or expressions. */
export interface Index extends IndexOptions {
  readonly fields: SchemaKeys;
}

/**
 * An index.
 *
 * ```ts
 * index(["roaster", "-price"])
 * index(row => lower(row.name), { name: "coffee_name_any_case" })
 * index(["price"], { name: "price_on_sale", condition: { onSale: true } })
 * index(["data"], { using: "gin", opclasses: ["jsonb_path_ops"] })
 * ```
 * @throws ORM_BAD_MODEL_OPTION where a name is needed and missing
 */
export function index(fields: SchemaKeys, options: IndexOptions = {}): Index {
  checkPart("index()", fields, options);
  return { fields, ...options };
}
