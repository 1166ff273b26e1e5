import { stateOf } from "./instance-state.ts";
import { type AnyRow, isRow, metaOf } from "./row.ts";

/** What a row knows about itself beside its values. */
export interface RowState {
  /** Whether it is not in the database yet. */
  readonly isAdding: boolean;
  /** Whether it has a key. */
  readonly isKeySet: boolean;
  /** The database that it was read from or saved to. */
  readonly alias: string;
  /** The fields that its query left out. */
  readonly deferred: readonly string[];
}

/**
 * What a row knows about itself beside its values: whether it is stored, where, and what its query left out.
 *
 * ```ts
 * rowState(new Coffee()).isAdding; // true
 * rowState(await Coffee.objects.only("name").get({ id: 1 })).deferred; // ["price", …]
 * ```
 */
export function rowState(row: object): RowState {
  const { stored, alias } = (row as AnyRow)[stateOf];
  return {
    isAdding: stored === undefined,
    isKeySet: hasKey(row),
    alias: alias ?? "default",
    deferred: metaOf(row)
      .fields.filter(({ attname }) => Object.getOwnPropertyDescriptor(row, attname)?.get !== undefined)
      .map(({ name }) => name),
  };
}

function hasKey(row: object): boolean {
  const { parts } = metaOf(row).primaryKey;
  return parts.every(({ attname }) => (row as AnyRow)[attname] !== null && (row as AnyRow)[attname] !== undefined);
}

/**
 * A text that two rows share when they are the same row, for sets and maps: `"shop.Coffee:3"`. A proxy's row is the
 * row of the model that it stands for.
 *
 * ```ts
 * const seen = new Set<string | undefined>();
 * if (!seen.has(rowKey(coffee))) seen.add(rowKey(coffee));
 * ```
 * @returns undefined for a row without a key, which is the same as no other
 */
export function rowKey(row: object): string | undefined {
  if (!hasKey(row)) return undefined;
  const meta = metaOf(row);
  const values = meta.primaryKey.parts.map((part) => String((row as AnyRow)[part.attname]));
  return `${meta.concrete.meta.key}:${values.length === 1 ? values[0]! : JSON.stringify(values)}`;
}

/** Whether two rows are the same row. */
export function isSameRow(row: object, other: unknown): boolean {
  if (row === other) return true;
  if (!isRow(other)) return false;
  const key = rowKey(row);
  return key !== undefined && key === rowKey(other);
}
