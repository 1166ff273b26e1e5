import { currentRouting } from "../../database/database.ts";
import { type InstanceState, stateOf } from "./instance-state.ts";

interface Remembering {
  readonly [stateOf]?: InstanceState;
}

/** Lets rows, and those that were loaded with them, remember the database that they are of. */
export function rememberAlias<Row>(rows: readonly Row[], alias: string): readonly Row[] {
  for (const row of rows) remember(row, alias);
  return rows;
}

function remember(row: unknown, alias: string): void {
  const state = (row as Remembering | null)?.[stateOf];
  if (state === undefined || state.alias === alias) return;
  state.alias = alias;
  for (const name in state.related) {
    const related = state.related[name];
    if (Array.isArray(related)) rememberAlias(related, alias);
    else remember(related, alias);
  }
}

/** Refuses that a row refers to one of another database; a new row becomes one of that database. @throws ORM_CROSS_DATABASE */
export function requireSameDatabase(row: object, related: object, field: string): void {
  const routing = currentRouting();
  const [own, other] = [(row as Remembering)[stateOf]!, (related as Remembering)[stateOf]!];
  if (routing === undefined || other.stored === undefined) return;
  if (own.stored !== undefined || own.alias !== undefined) routing.requireRelation(row, related, field);
  else if (other.alias !== undefined) own.alias = other.alias;
}
