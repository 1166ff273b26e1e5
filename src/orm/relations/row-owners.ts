import type { Field } from "../fields/field.ts";
import { stateOf } from "../model/rows/instance-state.ts";
import type { AnyRow } from "../model/rows/row.ts";
import { mapKey } from "./row-map.ts";

/**
 * Rows that were loaded for their owners know them: by the query that they came in, so that nothing is kept
 * for each row.
 */
const ownersOf = new WeakMap<object, Map<string, ReadonlyMap<unknown, AnyRow>>>();

/** The rows of a query belong to these, by the value of the field `name`. */
export function rememberOwners(rows: readonly AnyRow[], name: string, byKey: ReadonlyMap<unknown, AnyRow>): void {
  const peers = rows[0]?.[stateOf].peers;
  if (peers === undefined) return;
  const known = ownersOf.get(peers);
  if (known) known.set(name, byKey);
  else ownersOf.set(peers, new Map([[name, byKey]]));
}

/** The owner that a row was loaded for, if its reference still names it. */
export function knownOwner(row: AnyRow, field: Field): AnyRow | undefined {
  const { peers } = row[stateOf];
  return peers && ownersOf.get(peers)?.get(field.name)?.get(mapKey(row[field.attname]));
}
