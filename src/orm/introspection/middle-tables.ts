import type { ForeignKeyDescription, TableDescription } from "./table-description.ts";

/** A table that only joins two others: the middle of a many-to-many relation. */
export interface MiddleTable {
  readonly table: string;
  /** The table whose model has the relation: its name begins the middle table's. */
  readonly owner: string;
  /** The rest of the name: the relation's. */
  readonly column: string;
  readonly target: string;
}

/** The tables among these that join two others and hold nothing else: `shop_coffee_tags (id, coffee_id, tag_id)`. */
export function middleTables(tables: readonly TableDescription[]): MiddleTable[] {
  return tables.map(asMiddle).filter((found) => found !== undefined);
}

function asMiddle({ name, columns, foreignKeys, primaryKey, indexes }: TableDescription): MiddleTable | undefined {
  const [first, second] = foreignKeys;
  if (foreignKeys.length !== 2 || columns.length !== 3 || primaryKey.join() !== "id") return undefined;
  const both = [...first!.columns, ...second!.columns].sort().join();
  if (!indexes.some((index) => index.unique && [...index.columns].sort().join() === both)) return undefined;
  const owner = [first!, second!].filter(({ table }) => name.startsWith(`${table}_`)).sort(byLength)[0];
  if (owner === undefined) return undefined;
  const target = owner === first ? second! : first!;
  return { table: name, owner: owner.table, column: name.slice(owner.table.length + 1), target: target.table };
}

/** The longer name is the nearer one; of a table joined with itself, the first key is the owner's. */
function byLength(a: ForeignKeyDescription, b: ForeignKeyDescription): number {
  return b.table.length - a.table.length;
}
